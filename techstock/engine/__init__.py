"""Rules run over a corpus, and the diagnostics made from their problems."""

from techstock.engine.errors import CorpusTimeoutError, NoteChangedError, WorkerError
from techstock.engine.rule_runs import RuleRun
from techstock.engine.run_rules import RuleError, diagnose

__all__ = ["CorpusTimeoutError", "NoteChangedError", "RuleError", "RuleRun", "WorkerError", "diagnose"]
