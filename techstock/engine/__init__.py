"""Texts become a corpus, rules read it, and their problems become diagnostics."""

from techstock.engine.diagnose import Plan, RuleError, diagnose
from techstock.engine.errors import NoteChangedError, PatienceError, WorkerError

__all__ = ["NoteChangedError", "PatienceError", "Plan", "RuleError", "WorkerError", "diagnose"]
