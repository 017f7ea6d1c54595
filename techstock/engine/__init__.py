"""Rules run over a corpus, and the diagnostics made from their problems."""

from techstock.engine.errors import CorpusTimeoutError as CorpusTimeoutError
from techstock.engine.errors import NoteChangedError as NoteChangedError
from techstock.engine.errors import WorkerError as WorkerError
from techstock.engine.rule_runs import RuleRun as RuleRun
from techstock.engine.run_rules import RuleError as RuleError
from techstock.engine.run_rules import RuleFailures as RuleFailures
from techstock.engine.run_rules import diagnose as diagnose
