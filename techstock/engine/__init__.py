"""Rules run over a corpus, and the diagnostics made from their problems."""

from techstock.engine.diagnose import RuleError, RuleRun, diagnose
from techstock.engine.errors import CorpusTimeoutError, NoteChangedError, WorkerError

__all__ = ["CorpusTimeoutError", "NoteChangedError", "RuleError", "RuleRun", "WorkerError", "diagnose"]
