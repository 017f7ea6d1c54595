"""The first screen: what kinds of problems there are, an example of each, and what to do next.

It is shown in place of more problems than two screens hold, to a person who has named none of them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from techstock.formats import full
from techstock.formats._arrangement import find_example, find_worst_level, format_levels, rank_rules
from techstock.formats._excerpt import make_excerpt
from techstock.formats._report import HEADING_STYLE, MUTED_STYLE, SEVERITY_STYLES, Report, put_differing_first
from techstock.model import LEVELS, Diagnostic
from techstock.text.escape import escape
from techstock.text.phrases import format_count
from techstock.text.terminal_width import display_width, truncate_to_width, wrap_text, wrap_words

MAX_ROWS = 76
"""Rows of two screens of 40, but for a prompt and a notice."""

_Example = Callable[[str, Sequence[Diagnostic], Report], list[str]]


def fits_two_screens(report: Report, end: Sequence[str]) -> bool:
    """Return whether all problems in the format `full` fit on two screens, with the rows at the end."""
    rows = (row for block in full.render(report) for row in block.splitlines())
    room = max(MAX_ROWS - len(end), 0)
    return len(list(islice(rows, room + 1))) <= room


def format_first_screen(report: Report, summary: str, end: Sequence[str]) -> Iterator[str]:
    """Yield the summary, the problems by rule with an example of each, and the rows at the end; at most `MAX_ROWS`."""
    rows = wrap_text(f"{summary}; one example of each kind:", report.columns)
    rows += ["", *_format_kinds(report, MAX_ROWS - len(rows) - len(end) - 2), "", *end]
    return (f"{row}\n" for row in rows)


def _format_kinds(report: Report, room: int) -> Iterator[str]:
    """Yield at most `room` rows about the kinds of problems, the worst first, in as much detail as fits."""
    groups = rank_rules(put_differing_first(report.diagnostics))
    detailed: list[_Example] = [_format_spaced_example, _format_example]
    for make in detailed:
        found = [make(rule, diagnostics, report) for rule, diagnostics in groups]
        if sum(map(len, found)) <= room:
            yield from _join_rows(found)
            return
    shorter: list[_Example] = [_format_message, _format_name]
    for index, make in enumerate(shorter):
        short = [make(rule, diagnostics, report) for rule, diagnostics in groups]
        if sum(map(len, short)) <= room or index + 1 == len(shorter):
            break
    spare = room - sum(map(len, short))
    for position, (rule, diagnostics) in enumerate(groups):  # the first ones in full, while that leaves all the rest
        longer = _format_example(rule, diagnostics, report)
        if len(longer) - len(short[position]) > spare:
            break
        spare -= len(longer) - len(short[position])
        short[position] = longer
    rows = list(_join_rows(short))
    if len(rows) <= room:
        yield from rows
        return
    yield from rows[: room - 1]
    yield f"and {format_count(len(rows) - room + 1, 'more kind')}"


def _join_rows(examples: Iterable[Sequence[str]]) -> Iterator[str]:
    rows = [row for example in examples for row in example]
    yield from rows[:-1] if rows and not rows[-1] else rows


def _format_spaced_example(rule: str, diagnostics: Sequence[Diagnostic], report: Report) -> list[str]:
    return [*_format_example(rule, diagnostics, report), ""]


def _format_example(rule: str, diagnostics: Sequence[Diagnostic], report: Report) -> list[str]:
    """Return the name of a kind, and the message and the line of its first problem."""
    example = find_example(diagnostics)
    problem = example.diagnostic.problem
    rows = _format_message(rule, diagnostics, report)
    if example.cause:
        return [*rows, *(f"  {row}" for row in wrap_words(escape(example.cause.help), report.columns - 2))]
    note = report.corpus.by_path.get(problem.place.path)
    if note is None or not note.text:
        return rows
    shown = make_excerpt(note, problem.place, report.columns - 4, escape(problem.label))
    edge = report.colorize("  |", MUTED_STYLE)
    if problem.related:  # a copy says more than marks below one
        other = problem.related[0]
        spot = f"  ::: {escape(report.format_location(other.place))}: {escape(other.message)}"
        return [*rows, f"{edge} {shown.text}".rstrip(), truncate_to_width(spot, report.columns)]
    signs = report.colorize("^" * shown.marks, SEVERITY_STYLES[example.diagnostic.severity])
    label = f" {shown.label}" if shown.label_indent < 0 else ""
    return [*rows, f"{edge} {shown.text}".rstrip(), f"{edge} {' ' * shown.indent}{signs}{label}".rstrip()]


def _format_message(rule: str, diagnostics: Sequence[Diagnostic], report: Report) -> list[str]:
    example = find_example(diagnostics)
    shown = report.to_shown_text(example.diagnostic.problem, example.message)
    message = truncate_to_width(escape(shown), report.columns - 2)
    return [*_format_name(rule, diagnostics, report), f"  {report.colorize(message, HEADING_STYLE)}"]


def _format_name(rule: str, diagnostics: Sequence[Diagnostic], report: Report) -> list[str]:
    """Return the rule, how many problems it has found, and where the first is; a path is never cut."""
    name = report.colorize(rule, SEVERITY_STYLES[LEVELS[find_worst_level(diagnostics)]])
    such = ", such as" if len(diagnostics) > 1 else ", at"
    spot = escape(report.format_location(find_example(diagnostics).diagnostic.problem.place))
    counts = format_levels(diagnostics)
    if display_width(f"{rule}: {counts}{such} {spot}") > report.columns:
        return [f"{name}: {counts}{such}", f"  {spot}"]
    return [f"{name}: {counts}{such} {spot}"]
