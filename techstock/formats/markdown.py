"""A summary in Markdown, for the page of a workflow run."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from techstock.formats._report import PEOPLE, Report, group_by_rule, rank_by_severity
from techstock.formats._summary import format_fixable_count, format_run_summary
from techstock.model import LEVELS, Diagnostic, Note
from techstock.text.escape import escape

AUDIENCE = PEOPLE

_MAX_CLUSTERS = 10
_MAX_PLACES = 5  # of one cluster
_MAX_PROBLEMS = 200
_MAX_TEXT_LENGTH = (
    300  # code points of one text; with 200 rows of a few texts each, far below the 1 MiB that GitHub takes
)


def render(report: Report) -> Iterator[str]:
    """Yield the summary, problems by rule, the largest clusters of copies, and a table of the worst problems."""
    summary = format_run_summary(report.diagnostics, report.corpus, unfinished=report.unfinished)
    yield f"## techstock\n\n{summary[0].upper()}{summary[1:]}.\n\n"
    yield from format_table(("notes", "sections", "entries", "images"), [_count_contents(report.corpus.notes)])
    if report.diagnostics or report.before:
        yield "\n### By rule\n\n"
        yield from _format_rule_table(report)
    clusters = [found for found in rank_by_severity(report.diagnostics) if len(found.problem.related) > 1]
    clusters.sort(key=lambda found: -len(found.problem.related))
    if clusters:
        yield "\n### What stands in most places\n\n"
        yield from format_table(
            ("places", "rule", "where"), [_format_cluster(found, report) for found in clusters[:_MAX_CLUSTERS]]
        )
    if report.diagnostics:
        yield "\n### Problems\n\n"
        worst = rank_by_severity(report.diagnostics)
        yield from format_table(
            ("level", "place", "rule", "problem"), [_format_problem(found, report) for found in worst[:_MAX_PROBLEMS]]
        )
        if len(worst) > _MAX_PROBLEMS:
            yield f"\n{len(worst) - _MAX_PROBLEMS:,} more are not listed.\n"


def _count_contents(notes: Sequence[Note]) -> tuple[str, ...]:
    return (f"{len(notes):,}", *(f"{sum(note.counts[kind] for note in notes):,}" for kind in range(3)))


def _format_rule_table(report: Report) -> Iterator[str]:
    groups, before = group_by_rule(report.diagnostics), report.before or Counter()
    names = sorted({*groups, *before}, key=lambda name: (-len(groups.get(name, ())), name))
    rows = []
    for name in names:
        group = groups.get(name, [])
        level = min((found.severity for found in group), key=LEVELS.index, default="")
        change = () if report.before is None else (f"{len(group) - before[name]:+,}".replace("+0", "0"),)
        rows.append((format_code(name), level, f"{len(group):,}", format_fixable_count(group), *change))
    yield from format_table(
        ("rule", "level", "problems", "of these", *(() if report.before is None else ("change",))), rows
    )


def _format_cluster(found: Diagnostic, report: Report) -> tuple[str, ...]:
    places = [found.problem.place, *(other.place for other in found.problem.related)]
    listed = ", ".join(format_code(report.format_location(place)) for place in places[:_MAX_PLACES])
    more = f" and {len(places) - _MAX_PLACES:,} more" if len(places) > _MAX_PLACES else ""
    return f"{len(places):,}", format_code(found.rule), f"{listed}{more}"


def _format_problem(found: Diagnostic, report: Report) -> tuple[str, ...]:
    problem = found.problem
    return (
        found.severity,
        format_code(report.format_location(problem.place)),
        format_code(found.rule),
        format_code(problem.message),
    )


def format_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the rows of a GitHub Markdown table; cells may contain markup."""
    yield f"| {' | '.join(head)} |\n|{' --- |' * len(head)}\n"
    for row in rows:
        yield f"| {' | '.join(row)} |\n"


def format_code(text: str) -> str:
    """Return untrusted text as inline code, in which nothing is markup, a mention or a link.

    Its fence is longer than any inside.
    """
    shown = escape(text[:_MAX_TEXT_LENGTH])
    shown = (shown if len(shown) < _MAX_TEXT_LENGTH else f"{shown[: _MAX_TEXT_LENGTH - 1]}…").replace("|", "\\|")
    fence = "`" * (max(map(len, re.findall("`+", shown)), default=0) + 1)
    return f"{fence} {shown} {fence}" if "`" in shown or shown != shown.strip() else f"{fence}{shown}{fence}"
