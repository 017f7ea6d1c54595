"""A summary in Markdown, for the page of a workflow run."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from techstock.formats._ranking import ranked
from techstock.formats._report import Report
from techstock.formats._summary import fixable, summary
from techstock.model import LEVELS, Diagnostic, Note
from techstock.text.escape import escape

_CLUSTERS = 10
_PLACES = 5  # of one cluster
_PROBLEMS = 200
_LONGEST = 300  # code points of one text; with 200 rows of a few texts each, far below the 1 MiB that GitHub takes


def render(report: Report) -> Iterator[str]:
    """Yield the summary, problems by rule, the largest clusters of copies, and a table of the worst problems."""
    yield f"## techstock\n\n{_sentence(summary(report.diagnostics, report.corpus))}\n\n"
    yield from table(("notes", "sections", "entries", "images"), [_sizes(report.corpus.notes)])
    if report.diagnostics or report.before:
        yield "\n### By rule\n\n"
        yield from _rules(report)
    clusters = [found for found in ranked(report.diagnostics) if len(found.problem.related) > 1]
    clusters.sort(key=lambda found: -len(found.problem.related))
    if clusters:
        yield "\n### What stands in most places\n\n"
        yield from table(("places", "rule", "where"), [_cluster(found, report) for found in clusters[:_CLUSTERS]])
    if report.diagnostics:
        yield "\n### Problems\n\n"
        worst = ranked(report.diagnostics)
        yield from table(
            ("level", "place", "rule", "problem"), [_problem(found, report) for found in worst[:_PROBLEMS]]
        )
        if len(worst) > _PROBLEMS:
            yield f"\n{len(worst) - _PROBLEMS:,} more are not listed.\n"


def _sizes(notes: Sequence[Note]) -> tuple[str, ...]:
    return (
        f"{len(notes):,}",
        f"{sum(len(note.sections) for note in notes):,}",
        f"{sum(len(note.entries) for note in notes):,}",
        f"{sum(len(note.images) for note in notes):,}",
    )


def _rules(report: Report) -> Iterator[str]:
    groups: dict[str, list[Diagnostic]] = {}
    for found in report.diagnostics:
        groups.setdefault(found.rule, []).append(found)
    before = report.before or Counter()
    names = sorted({*groups, *before}, key=lambda name: (-len(groups.get(name, ())), name))
    rows = []
    for name in names:
        group = groups.get(name, [])
        level = min((found.severity for found in group), key=LEVELS.index, default="")
        change = () if report.before is None else (f"{len(group) - before[name]:+,}".replace("+0", "0"),)
        rows.append((code(name), level, f"{len(group):,}", fixable(group), *change))
    yield from table(("rule", "level", "problems", "of these", *(() if report.before is None else ("change",))), rows)


def _cluster(found: Diagnostic, report: Report) -> tuple[str, ...]:
    places = [found.problem.place, *(other.place for other in found.problem.related)]
    listed = ", ".join(code(report.spot(place)) for place in places[:_PLACES])
    more = f" and {len(places) - _PLACES:,} more" if len(places) > _PLACES else ""
    return f"{len(places):,}", code(found.rule), f"{listed}{more}"


def _problem(found: Diagnostic, report: Report) -> tuple[str, ...]:
    problem = found.problem
    return found.severity, code(report.spot(problem.place)), code(found.rule), code(problem.message)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the rows of a GitHub Markdown table; cells may contain markup."""
    yield f"| {' | '.join(head)} |\n|{' --- |' * len(head)}\n"
    for row in rows:
        yield f"| {' | '.join(row)} |\n"


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def code(text: str) -> str:
    """Return untrusted text as inline code, in which nothing is markup, a mention or a link.

    Its fence is longer than any inside.
    """
    shown = escape(text[:_LONGEST])
    shown = (shown if len(shown) < _LONGEST else f"{shown[: _LONGEST - 1]}…").replace("|", "\\|")
    fence = "`" * (max(map(len, re.findall("`+", shown)), default=0) + 1)
    return f"{fence} {shown} {fence}" if "`" in shown or shown != shown.strip() else f"{fence}{shown}{fence}"
