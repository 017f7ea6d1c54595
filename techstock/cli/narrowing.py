"""The filter of reported problems: by scope, baseline and changed lines."""

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from techstock.cli.known import Baseline, baseline
from techstock.cli.task import Task
from techstock.engine import Plan, diagnose
from techstock.engine.diagnose import Known, touches
from techstock.engine.ignoring import judged
from techstock.engine.patience import together
from techstock.model import Corpus, Diagnostic
from techstock.text.counts import counted


class Narrowing:
    """Finds the problems of a corpus to report, and records which were left out of the last check.

    `known` holds cached results of rules. Raise `UsageError` for a baseline that cannot be read.
    """

    def __init__(self, work: Task, plans: Sequence[Plan], options: Namespace, cwd: Path) -> None:
        self._work = work
        self._plans = plans
        self._since: str | None = options.since
        known = None if options.no_baseline else baseline(options, work.config, work.project.root, cwd)
        self._baseline: Baseline | None = known
        self._entries = known.read() if known else []
        self._said: list[str] = []
        self._last: tuple[Corpus, list[Diagnostic]] | None = None
        self.known: Known | None = None

    def check(self, corpus: Corpus) -> list[Diagnostic]:
        """Return the diagnostics of the corpus to report.

        Raise `RuleError`, `CorpusTimeoutError` or `ProjectError`.
        """
        if self._last is None or self._last[0] is not corpus:  # what is to be fixed has been checked before
            with together(corpus.notes, self._work.config.seconds):
                self._last = corpus, self._checked(corpus)
        return self._last[1]

    def notices(self) -> tuple[str, ...]:
        """Return the notices about the last check."""
        return tuple(self._said)

    def _checked(self, corpus: Corpus) -> list[Diagnostic]:
        self._said = []
        known = self._baseline
        found = self._new(known, corpus) if known else diagnose(corpus, self._plans, self._work.scope, self.known)
        return found if self._since is None else self._changed(self._since, found, corpus)

    def _new(self, known: Baseline, corpus: Corpus) -> list[Diagnostic]:
        """Return the problems in scope that the baseline does not hold.

        All notes are checked first: the known problems of one note cannot be told from that note alone.
        """
        from techstock.engine.baseline import compare

        scope = self._work.scope
        result = compare(self._entries, diagnose(corpus, self._plans, known=self.known), judged(self._plans, corpus))
        hidden = sum(touches(one.problem, scope) for one in result.known)
        if hidden:
            self._said.append(f"{counted(hidden, 'problem')} not reported: known from `{known.name}`")
        if gone := sum(result.gone.values()):
            cure = f"`techstock baseline --prune{known.option}`"
            self._said.append(f"{counted(gone, 'problem')} in `{known.name}` no longer there: {cure} takes out such")
        return [one for one in result.new if touches(one.problem, scope)]

    def _changed(self, ref: str, found: list[Diagnostic], corpus: Corpus) -> list[Diagnostic]:
        from techstock.engine.since import Since
        from techstock.project.changes import changes_since

        changes = changes_since(self._work.project, ref, corpus.notes)
        lines = sum(end - start for ranges in changes.lines.values() for start, end in ranges)
        where = f"{counted(lines, 'line')} in {counted(len(changes.lines), 'note')}" if lines else "no line of a note"
        self._said.append(f"changed since `{ref}`: {where}; the rest is not reported")
        return Since(changes, corpus).touching(found)
