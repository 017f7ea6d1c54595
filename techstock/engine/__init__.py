"""Rules run over a corpus, and the diagnostics made from their problems."""

from techstock.engine.diagnose import Plan, RuleError, diagnose
from techstock.engine.errors import NoteChangedError, PatienceError, WorkerError

__all__ = ["NoteChangedError", "PatienceError", "Plan", "RuleError", "WorkerError", "diagnose"]
