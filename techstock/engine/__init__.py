"""Rules run over a corpus, and the diagnostics made from their problems."""

from techstock.engine.errors import CorpusTimeoutError, NoteChangedError, WorkerError
from techstock.engine.rule_runs import RuleRun
from techstock.engine.run_rules import RuleError, RuleFailures, diagnose

__all__ = [
    "CorpusTimeoutError",
    "NoteChangedError",
    "RuleError",
    "RuleFailures",
    "RuleRun",
    "WorkerError",
    "diagnose",
]
