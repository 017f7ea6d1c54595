"""The filter of reported problems: by scope, baseline and changed lines."""

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from techstock.cli.known import BaselineFile, find_baseline
from techstock.cli.task import Session
from techstock.engine import RuleRun, diagnose
from techstock.engine.diagnose import ResultCache, is_in_scope
from techstock.engine.ignoring import select_conclusive_rules
from techstock.engine.patience import limit_corpus_time
from techstock.model import Corpus, Diagnostic
from techstock.text.counts import format_count


class ReportFilter:
    """Finds the problems of a corpus to report, and records which were left out of the last check.

    `known` holds cached results of rules. Raise `UsageError` for a baseline that cannot be read.
    """

    def __init__(self, work: Session, plans: Sequence[RuleRun], options: Namespace, cwd: Path) -> None:
        self._work = work
        self._plans = plans
        self._since: str | None = options.since
        known = None if options.no_baseline else find_baseline(options, work.config, work.project.root, cwd)
        self._baseline: BaselineFile | None = known
        self._entries = known.read() if known else []
        self._said: list[str] = []
        self._last: tuple[Corpus, list[Diagnostic]] | None = None
        self.known: ResultCache | None = None

    def check(self, corpus: Corpus) -> list[Diagnostic]:
        """Return the diagnostics of the corpus to report.

        Raise `RuleError`, `CorpusTimeoutError` or `ProjectError`.
        """
        if self._last is None or self._last[0] is not corpus:  # what is to be fixed has been checked before
            with limit_corpus_time(corpus.notes, self._work.config.seconds):
                self._last = corpus, self._find_problems(corpus)
        return self._last[1]

    def get_notices(self) -> tuple[str, ...]:
        """Return the notices about the last check."""
        return tuple(self._said)

    def _find_problems(self, corpus: Corpus) -> list[Diagnostic]:
        self._said = []
        known = self._baseline
        found = (
            self._filter_by_baseline(known, corpus)
            if known
            else diagnose(corpus, self._plans, self._work.scope, self.known)
        )
        return found if self._since is None else self._filter_by_changes(self._since, found, corpus)

    def _filter_by_baseline(self, known: BaselineFile, corpus: Corpus) -> list[Diagnostic]:
        """Return the problems in scope that the baseline does not hold.

        All notes are checked first: the known problems of one note cannot be told from that note alone.
        """
        from techstock.engine.baseline import compare_with_baseline

        scope = self._work.scope
        result = compare_with_baseline(
            self._entries, diagnose(corpus, self._plans, known=self.known), select_conclusive_rules(self._plans, corpus)
        )
        hidden = sum(is_in_scope(one.problem, scope) for one in result.known)
        if hidden:
            self._said.append(f"{format_count(hidden, 'problem')} not reported: known from `{known.name}`")
        if gone := sum(result.gone.values()):
            cure = f"`techstock baseline --prune{known.option}`"
            self._said.append(
                f"{format_count(gone, 'problem')} in `{known.name}` no longer there: {cure} takes out such"
            )
        return [one for one in result.new if is_in_scope(one.problem, scope)]

    def _filter_by_changes(self, ref: str, found: list[Diagnostic], corpus: Corpus) -> list[Diagnostic]:
        from techstock.engine.since import ChangedFilter
        from techstock.project.changes import find_changes_since

        changes = find_changes_since(self._work.project, ref, corpus.notes)
        lines = sum(end - start for ranges in changes.lines.values() for start, end in ranges)
        where = (
            f"{format_count(lines, 'line')} in {format_count(len(changes.lines), 'note')}"
            if lines
            else "no line of a note"
        )
        self._said.append(f"changed since `{ref}`: {where}; the rest is not reported")
        return ChangedFilter(changes, corpus).filter_diagnostics(found)
