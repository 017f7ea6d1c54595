"""Each problem with the lines it is about, its places marked, related places and help."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from techstock.formats._report import (
    HEADING_STYLE,
    MUTED_STYLE,
    PEOPLE,
    SEVERITY_STYLES,
    Report,
    put_differing_first,
)
from techstock.model import Problem, Span
from techstock.text.escape import escape

AUDIENCE = PEOPLE

if TYPE_CHECKING:
    from techstock.formats._arrangement import PrintedGroup, PrintedProblem
    from techstock.formats._excerpt import Excerpt

_DIFFERENCE_SIGN = "~"  # below characters that the other copy does not have


def render(report: Report) -> Iterator[str]:
    """Yield one block of lines for each problem, with a blank line between blocks; equal slips of a note are one."""
    if not report.diagnostics:
        return
    from techstock.formats._arrangement import arrange_problems  # late: most runs find nothing to show

    first = True
    for group in arrange_problems(report, put_differing_first, folds=True):
        if group.heading:
            yield ("" if first else "\n") + _format_heading(group, report)
            first = False
        for one in group.problems:
            rows = (f"{row.rstrip(' ')}\n" for row in _format_problem(one, report))
            yield ("" if first else "\n") + "".join(rows)
            first = False


def _format_heading(group: "PrintedGroup", report: Report) -> str:
    from techstock.formats._arrangement import RULE, format_levels

    heading = group.heading if report.group_by == RULE else escape(report.to_shown_path(group.heading))
    every = [found for one in group.problems for found in (one.diagnostic, *one.alike)]
    return report.colorize(f"# {heading}: {format_levels(every)}", HEADING_STYLE) + "\n"


class _MarkedSpan(msgspec.Struct, frozen=True):
    """A span and its display: the arrow before its path, the sign below its text, their colour, and the label.

    `differs` are the spans that get another sign.
    """

    arrow: str
    sign: str
    style: str
    place: Span
    label: str
    differs: tuple[Span, ...]


def _format_problem(one: "PrintedProblem", report: Report) -> Iterator[str]:
    diagnostic = one.diagnostic
    problem, style = diagnostic.problem, SEVERITY_STYLES[diagnostic.severity]
    marks = [_MarkedSpan("-->", "^", style, problem.place, problem.label, problem.differs)]
    marks += [
        _MarkedSpan(":::", "-", MUTED_STYLE, other.place, other.message, problem.differs) for other in problem.related
    ]
    gutter = max(len(str(report.locate_span(mark.place)[0])) for mark in marks)
    rule = report.colorize(diagnostic.rule, style)
    yield f"{rule}: {report.colorize(escape(report.to_shown_text(problem, one.message)), HEADING_STYLE)}"
    for mark in marks:
        yield from _format_marked_span(mark, gutter, report)
    if one.alike:
        yield from _format_alike_rows(one, gutter, report)
    if one.cause:
        yield from _format_wrapped(f"help: {escape(one.cause.help)}", gutter, report)
        return
    for word, text in _list_advice(problem):
        said = escape(report.to_shown_text(problem, text))
        yield f"{' ' * gutter} {report.colorize('=', MUTED_STYLE)} {word}: {said}"


def _format_alike_rows(one: "PrintedProblem", gutter: int, report: Report) -> Iterator[str]:
    """Yield rows about the problems that are printed with one."""
    from techstock.formats._arrangement import format_alike

    where = format_alike(one, report)
    yield from _format_wrapped(f"in {where}" if one.cause else where, gutter, report)


def _format_wrapped(text: str, gutter: int, report: Report) -> Iterator[str]:
    from techstock.text.terminal_width import wrap_words

    sign = "="
    for row in wrap_words(text, report.columns - gutter - 3):
        yield f"{' ' * gutter} {report.colorize(sign, MUTED_STYLE)} {row}"
        sign = " "


def _format_marked_span(mark: _MarkedSpan, gutter: int, report: Report) -> Iterator[str]:
    """Yield the rows of one span: its location, a line of text, and the marks below it."""
    place, label = mark.place, escape(mark.label)
    spot = f"{' ' * gutter}{report.colorize(mark.arrow, MUTED_STYLE)} {escape(report.format_location(place))}"
    note = report.corpus.by_path.get(place.path)
    if note is None or not note.text:  # no note, or one that could not be read: nothing to show
        yield f"{spot}: {label}" if label else spot
        return
    differs = [other for other in mark.differs if other.path == place.path]
    from techstock.formats._excerpt import make_excerpt  # late: most runs find nothing to show

    shown = make_excerpt(note, place, report.columns - gutter - 3, label, differs)
    yield spot
    yield _format_row("", "", gutter, report)
    yield _format_row(str(report.locate_span(place)[0]), shown.text, gutter, report)
    yield from (_format_row("", row, gutter, report) for row in _format_marks(mark, shown, report))
    if shown.more:
        yield _format_row("…", f"and {shown.more:,} more line{'s' if shown.more > 1 else ''}", gutter, report)


def _format_row(margin: str, text: str, gutter: int, report: Report) -> str:
    return f"{report.colorize(f'{margin:>{gutter}} |', MUTED_STYLE)} {text}"


def _format_marks(mark: _MarkedSpan, shown: "Excerpt", report: Report) -> Iterator[str]:
    signs = " " * shown.indent + report.colorize(_draw_signs(mark.sign, shown), mark.style)
    label = report.colorize(shown.label, mark.style)
    if shown.label_indent < 0:
        yield f"{signs} {label}"
    else:
        yield signs
        yield " " * shown.label_indent + label


def _draw_signs(sign: str, shown: "Excerpt") -> str:
    signs = [sign] * shown.marks
    for start, end in shown.differing:
        signs[start:end] = _DIFFERENCE_SIGN * (end - start)
    return "".join(signs)


def _list_advice(problem: Problem) -> Iterator[tuple[str, str]]:
    """Yield the help and the fix; only the fix if both have the same text."""
    fix = problem.fix
    if problem.help and not (fix and fix.message == problem.help):
        yield "help", problem.help
    if fix:
        yield "fix" if fix.safe else "fix (unsafe)", fix.message
