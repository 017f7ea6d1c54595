"""Each problem with the lines it is about, its places marked, related places and help."""

from collections.abc import Iterator

import msgspec

from techstock.formats._excerpt import Excerpt, excerpt
from techstock.formats._paint import HEAD, QUIET, SEVERITIES, paint
from techstock.formats._report import Report
from techstock.model import Diagnostic, Place, Problem
from techstock.text.escape import escape

_DIFFERS = "~"  # below characters that the other copy does not have


def render(report: Report) -> Iterator[str]:
    """Yield one block of lines for each diagnostic, with a blank line between blocks."""
    for index, diagnostic in enumerate(report.diagnostics):
        yield ("\n" if index else "") + "".join(f"{row.rstrip(' ')}\n" for row in _block(diagnostic, report))


class _Mark(msgspec.Struct, frozen=True):
    """A span and its display: the arrow before its path, the sign below its text, their colour, and the label.

    `differs` are the spans that get another sign.
    """

    arrow: str
    sign: str
    style: str
    place: Place
    label: str
    differs: tuple[Place, ...]


def _block(diagnostic: Diagnostic, report: Report) -> Iterator[str]:
    problem, style = diagnostic.problem, SEVERITIES[diagnostic.severity]
    marks = [_Mark("-->", "^", style, problem.place, problem.label, problem.differs)]
    marks += [_Mark(":::", "-", QUIET, other.place, other.message, problem.differs) for other in problem.related]
    gutter = max(len(str(report.positions(mark.place)[0])) for mark in marks)
    rule = paint(diagnostic.rule, style, color=report.color)
    yield f"{rule}: {paint(escape(problem.message), HEAD, color=report.color)}"
    for mark in marks:
        yield from _marked(mark, gutter, report)
    for word, text in _advice(problem):
        yield f"{' ' * gutter} {paint('=', QUIET, color=report.color)} {word}: {escape(text)}"


def _marked(mark: _Mark, gutter: int, report: Report) -> Iterator[str]:
    """Yield the rows of one span: its location, a line of text, and the marks below it."""
    place, label = mark.place, escape(mark.label)
    spot = f"{' ' * gutter}{paint(mark.arrow, QUIET, color=report.color)} {escape(report.spot(place))}"
    note = report.corpus.by_path.get(place.path)
    if note is None or not note.text:  # no note, or one that could not be read: nothing to show
        yield f"{spot}: {label}" if label else spot
        return
    differs = [other for other in mark.differs if other.path == place.path]
    shown = excerpt(note, place, report.columns - gutter - 3, label, differs)
    yield spot
    yield _row("", "", gutter, report)
    yield _row(str(report.positions(place)[0]), shown.text, gutter, report)
    yield from (_row("", row, gutter, report) for row in _marks(mark, shown, report))
    if shown.more:
        yield _row("…", f"and {shown.more:,} more line{'s' if shown.more > 1 else ''}", gutter, report)


def _row(margin: str, text: str, gutter: int, report: Report) -> str:
    return f"{paint(f'{margin:>{gutter}} |', QUIET, color=report.color)} {text}"


def _marks(mark: _Mark, shown: Excerpt, report: Report) -> Iterator[str]:
    signs = " " * shown.indent + paint(_signs(mark.sign, shown), mark.style, color=report.color)
    label = paint(shown.label, mark.style, color=report.color)
    if shown.label_indent < 0:
        yield f"{signs} {label}"
    else:
        yield signs
        yield " " * shown.label_indent + label


def _signs(sign: str, shown: Excerpt) -> str:
    signs = [sign] * shown.marks
    for start, end in shown.differing:
        signs[start:end] = _DIFFERS * (end - start)
    return "".join(signs)


def _advice(problem: Problem) -> Iterator[tuple[str, str]]:
    """Yield the help and the fix; only the fix if both have the same text."""
    fix = problem.fix
    if problem.help and not (fix and fix.message == problem.help):
        yield "help", problem.help
    if fix:
        yield "fix" if fix.safe else "fix (unsafe)", fix.message
