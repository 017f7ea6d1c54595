"""Excerpt of a note: the line of a span, cut to the width of a terminal, and the position of the marks below it."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate

import msgspec

from techstock.model import Note, Span
from techstock.text.escape import compile_unsafe_pattern, escape_character, is_shown_as_is
from techstock.text.terminal_width import display_width, measure_characters, truncate_to_width

_TAB_SPACES = "    "


class Excerpt(msgspec.Struct, frozen=True):
    """A line as displayed; all numbers but `more` are columns.

    `marks` signs are displayed below it after `indent`, then `label`: right after them if `label_indent` is -1, else in
    a row of its own. `more` is the number of further lines that the span covers. `differing` are half-open ranges of
    columns among the marks, counted from the first of them.
    """

    text: str
    indent: int
    marks: int
    label: str
    label_indent: int
    more: int
    differing: tuple[tuple[int, int], ...] = ()


class _LineWindow(msgspec.Struct, frozen=True):
    """A part of a line as displayed: each code point, its columns, and the columns before each one and at the end.

    `start` and `end` are the indexes of the marked part, `left` is the offset of the first code point in the note.
    `opens` and `closes` tell whether the line begins and ends here.
    """

    shown: list[str]
    columns: list[int]
    edges: list[int]
    start: int
    end: int
    left: int
    opens: bool
    closes: bool

    @property
    def before(self) -> int:
        """Return the columns before the marked part."""
        return self.edges[self.start]

    @property
    def marks(self) -> int:
        """Return the columns of the marked part, at least 1: a span between two characters is marked too."""
        return max(self.edges[self.end] - self.before, 1)


def make_excerpt(note: Note, place: Span, room: int, label: str = "", differs: Iterable[Span] = ()) -> Excerpt:
    """Return the line on which `place` starts, with marks; no row is wider than `room` (at least 20).

    `label` is escaped already. `differs` are spans in the note that get another mark within the displayed part of
    `place`. Text far from the span is not read: a line may have a million characters.
    """
    lines = note.lines
    line = lines.find_line(place.start)
    cells = _make_window(note.text, place, (lines.starts[line], lines.ends[line]), room)
    behind = display_width(label) + 1 if label else 0
    text, indent, marks = _fit_whole_line(cells, room) or _cut_line(cells, room, behind)
    more = lines.find_line(max(place.end - 1, place.start)) - line
    differing = tuple(_find_differing_columns(cells, marks, differs))
    if indent + marks + behind <= room:
        return Excerpt(text, indent, marks, label, -1, more, differing)
    label = truncate_to_width(label, room)
    return Excerpt(text, indent, marks, label, min(indent, room - display_width(label)), more, differing)


def _make_window(text: str, place: Span, line: tuple[int, int], room: int) -> _LineWindow:
    """Return the part of a line (given by its offsets) that may be displayed in `room` columns with `place`."""
    first, last = line
    start = min(max(place.start, first), last)
    left, right = max(first, start - room), min(last, start + room)
    shown, columns = _escape_and_measure(text[left:right])
    head = start - left
    while 0 < head < len(columns) and not columns[head]:  # inside of what is seen as one character
        head -= 1
    end = min(max(place.end, start), right) - left
    edges = [0, *accumulate(columns)]
    return _LineWindow(shown, columns, edges, head, end, left, left == first, right == last)


def _find_differing_columns(cells: _LineWindow, marks: int, differs: Iterable[Span]) -> Iterator[tuple[int, int]]:
    """Yield the columns of these spans among the `marks`; the mark below the `…` of a cut span is never included."""
    limit = marks if marks >= cells.marks else marks - 1
    for place in differs:
        first, last = (min(max(offset - cells.left, cells.start), cells.end) for offset in (place.start, place.end))
        start, end = (min(cells.edges[index] - cells.before, limit) for index in (first, last))
        if start < end:
            yield start, end


def _escape_and_measure(text: str) -> tuple[list[str], list[int]]:
    """Return the displayed text of each code point, and its columns."""
    if is_shown_as_is(text):
        return list(text), measure_characters(text)
    shown, columns, at = list(text), list[int](), 0
    for match in compile_unsafe_pattern().finditer(text):
        columns += measure_characters(text[at : match.start()])
        written = _TAB_SPACES if match[0] == "\t" else escape_character(match[0])
        shown[match.start()] = written
        columns.append(len(written))
        at = match.end()
    return shown, columns + measure_characters(text[at:])


def _fit_whole_line(cells: _LineWindow, room: int) -> tuple[str, int, int] | None:
    """Return the whole line, with indent and marks; `None` if it does not fit."""
    if cells.opens and cells.closes and max(cells.edges[-1], cells.before + cells.marks) <= room:
        return "".join(cells.shown), cells.before, cells.marks
    return None


def _cut_line(cells: _LineWindow, room: int, behind: int) -> tuple[str, int, int]:
    """Return the part of the line that fits; the start of the marked part and the label `behind` it come first."""
    edges, start = cells.edges, cells.start
    indent = cells.before if cells.opens and cells.before <= room // 4 else 1  # a short start of the line stays
    marks = min(cells.marks, room - 1 - indent)
    spare = behind if marks + behind <= room - 1 - indent else 0
    lead = min(room - marks - spare, max((room - marks) // 2, indent, room - (edges[-1] - cells.before)))
    first, dots = 0, ""
    if not cells.opens or cells.before > lead:
        first, dots = bisect_left(edges, cells.before + 1 - lead), "…"
        while first < start and not cells.columns[first]:
            first += 1
    indent = cells.before - edges[first] + len(dots)
    limit = edges[first] + room - len(dots)
    if cells.closes and edges[-1] <= limit:
        return dots + "".join(cells.shown[first:]), indent, cells.marks
    last = bisect_right(edges, limit - 1) - 1
    text = f"{dots}{''.join(cells.shown[first:last])}…"
    return text, indent, cells.marks if cells.end <= last else edges[last] - cells.before + 1
