"""Problems in the groups and the order in which people read them; equal slips and those of one cause printed as one."""

from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from techstock.formats._report import Report, group_by_rule
from techstock.formats._shared_causes import (
    CauseKey,
    CauseSummary,
    choose_causes,
    format_notes_of_cause,
    summarize_cause,
)
from techstock.model import LEVELS, Diagnostic
from techstock.text.phrases import format_count

NOTE, RULE = "note", "rule"
"""Values of `Report.group_by`."""


class PrintedProblem(msgspec.Struct, frozen=True):
    """A problem to print, and those that are printed with it: the equal slips in the same note, or all of one cause."""

    diagnostic: Diagnostic
    alike: tuple[Diagnostic, ...] = ()
    cause: CauseSummary | None = None

    @property
    def message(self) -> str:
        """Return the message for all of them."""
        return self.cause.message if self.cause else self.diagnostic.problem.message


class PrintedGroup(msgspec.Struct, frozen=True):
    """Problems below one heading: a rule or the path of a file; empty without `Report.group_by`."""

    heading: str
    problems: tuple[PrintedProblem, ...]


_Order = Callable[[Sequence[Diagnostic]], Sequence[Diagnostic]]


def arrange_problems(report: Report, order: _Order = list, *, folds: bool) -> Iterator[PrintedGroup]:
    """Yield the problems of a report in its groups, at most `report.most`; with `folds`, equal slips as one."""
    left = report.most or len(report.diagnostics)
    for heading, diagnostics in _group_diagnostics(order(report.diagnostics), report.group_by):
        printed = fold_problems(diagnostics) if folds else map(PrintedProblem, diagnostics)
        if problems := tuple(printed)[:left]:
            left -= len(problems)
            yield PrintedGroup(heading, problems)


def _group_diagnostics(diagnostics: Sequence[Diagnostic], group_by: str) -> Iterable[tuple[str, Sequence[Diagnostic]]]:
    if group_by == RULE:
        return rank_rules(diagnostics)
    if group_by != NOTE:
        return [("", diagnostics)]
    groups: dict[str, list[Diagnostic]] = {}
    for diagnostic in diagnostics:
        groups.setdefault(diagnostic.problem.place.path, []).append(diagnostic)
    return groups.items()


def rank_rules(diagnostics: Sequence[Diagnostic]) -> list[tuple[str, list[Diagnostic]]]:
    """Return each rule with its problems: by severity, then those with the most problems first, then by name."""
    groups = group_by_rule(diagnostics).items()
    return sorted(groups, key=lambda group: (find_worst_level(group[1]), -len(group[1]), group[0]))


def find_worst_level(diagnostics: Iterable[Diagnostic]) -> int:
    """Return the index in `LEVELS` of the highest severity."""
    return min(LEVELS.index(diagnostic.severity) for diagnostic in diagnostics)


def fold_problems(diagnostics: Sequence[Diagnostic]) -> Iterator[PrintedProblem]:
    """Yield the problems, each where the first of its equals, or of its cause, is."""
    groups: dict[tuple[CauseKey | None, object], list[Diagnostic]] = {}
    for index, (diagnostic, cause) in enumerate(zip(diagnostics, choose_causes(diagnostics), strict=True)):
        key = (cause, None) if cause else (None, _make_slip_key(diagnostic) or index)
        groups.setdefault(key, []).append(diagnostic)
    for (cause, _), (first, *rest) in groups.items():
        yield PrintedProblem(first, tuple(rest), summarize_cause([first, *rest], cause) if cause else None)


def find_example(diagnostics: Sequence[Diagnostic]) -> PrintedProblem:
    """Return the problem that is shown for all of a rule: the first of the most frequent cause, or the first of all."""
    shared = [one for one in fold_problems(diagnostics) if one.cause] if any(choose_causes(diagnostics)) else []
    return max(shared, key=lambda one: len(one.alike)) if shared else PrintedProblem(diagnostics[0])


def _make_slip_key(diagnostic: Diagnostic) -> object:
    """Return what equal slips of one note share; None for a problem that is printed for itself.

    A fix says what is wrong in general (`replace radicals by ideographs`), where messages name single characters.
    """
    problem = diagnostic.problem
    if problem.related or diagnostic.parts:
        return None
    said = (problem.fix.message, problem.fix.safe) if problem.fix else (problem.message, problem.help)
    return (problem.place.path, diagnostic.rule, diagnostic.severity, problem.label, said)


def format_alike(printed: PrintedProblem, report: Report) -> str:
    """Return how many problems are printed with one, and on which lines or in which notes; empty if there are none."""
    if printed.cause:
        return format_notes_of_cause([printed.diagnostic, *printed.alike], report)
    if not printed.alike:
        return ""
    lines = sorted({report.locate_span(one.problem.place)[0] for one in printed.alike})
    word = "line" if len(lines) == 1 else "lines"
    return f"{len(printed.alike):,} more like this in the same note, {word} {', '.join(_join_runs(lines))}"


def _join_runs(lines: Sequence[int]) -> Iterator[str]:
    """Yield sorted line numbers as texts, three and more that follow each other as `4-6`."""
    start = 0
    for index, line in enumerate(lines):
        if index + 1 < len(lines) and lines[index + 1] == line + 1:
            continue
        run = lines[start : index + 1]
        yield from [f"{run[0]}-{run[-1]}"] if len(run) > 2 else map(str, run)
        start = index + 1


_COUNTED = (("error", "errors"), ("warning", "warnings"), ("info", "info"))


def format_levels(diagnostics: Iterable[Diagnostic]) -> str:
    """Return how many problems there are by severity: `2 errors, 1 warning`."""
    levels = [diagnostic.severity for diagnostic in diagnostics]
    return ", ".join(format_count(count, *words) for words in _COUNTED if (count := levels.count(words[0])))
