"""The text as the Markdown parser reads it, and maps back to the note's own offsets.

markdown-it-py gives inline content no positions. The parts it cuts away are known for each kind of block, so the
content of paragraphs, headings and table rows can be found again exactly; `tests/parse/test_offsets.py` compares the
result with the text.
"""

from bisect import bisect_right

from markdown_it.common import utils

from techstock.model import LineIndex, Span


class NormalizedSource:
    """A note's text with `\\n` line ends, no byte order mark and no NUL, as CommonMark wants it.

    `text` is the text for the parser; `to_offset` turns a position in it into an offset of the note's text.
    """

    __slots__ = ("_same", "lines", "original", "starts", "text")

    def __init__(self, original: str) -> None:
        self.original = original
        self.lines = LineIndex(original)
        self._same = "\r" not in original and self.lines.starts[0] == 0
        if self._same:
            self.text = original.replace("\0", "\ufffd")
            self.starts = self.lines.starts
            return
        pairs = zip(self.lines.starts, self.lines.ends, strict=True)
        pieces = [original[start:end] for start, end in pairs]
        self.text = "\n".join(pieces).replace("\0", "\ufffd")
        self.starts = [0]
        for piece in pieces[:-1]:
            self.starts.append(self.starts[-1] + len(piece) + 1)

    def to_offset(self, position: int) -> int:
        """Return the offset in the note of a position in `text`."""
        if self._same:
            return position
        line = bisect_right(self.starts, position) - 1
        return self.lines.starts[line] + position - self.starts[line]

    def to_span(self, start: int, end: int) -> Span:
        """Return the span of `text[start:end]` in the note; its end stays on the line of its last character."""
        if self._same:
            return Span(start, end)
        first = self.to_offset(start)
        return Span(first, self.to_offset(end - 1) + 1 if end > start else first)

    def get_line(self, index: int) -> str:
        """Return line `index` of `text`, without its end."""
        return self.text[self.starts[index] : self.get_line_end(index)]

    def get_line_end(self, index: int) -> int:
        """Return the position in `text` at which line `index` ends."""
        last = index + 1 >= len(self.starts)
        return len(self.text) if last else self.starts[index + 1] - 1


class SourceMap:
    """A map from the content of an inline block to the source, made of runs that were copied unchanged.

    The parser cuts indentation, quote marks and the backslash of `\\|` out of the content; between two cuts positions
    in content and source differ by a constant.
    """

    __slots__ = ("_contents", "_shift", "_sources", "content")

    def __init__(self, content: str, runs: list[tuple[int, int]]) -> None:
        self.content = content
        self._contents = [run[0] for run in runs]
        self._sources = [run[1] for run in runs]
        self._shift = runs[0][1] if len(runs) == 1 and not runs[0][0] else -1  # most content is one run

    def map_start(self, position: int) -> int:
        """Return the position in the source of a position in the content."""
        if self._shift >= 0:
            return self._shift + position
        run = bisect_right(self._contents, position) - 1
        return self._sources[run] + position - self._contents[run]

    def map_end(self, position: int) -> int:
        """Return the position in the source after the character before `position`."""
        return self.map_start(position - 1) + 1 if position else self.map_start(0)

    def narrow_to(self, start: int, content: str) -> "SourceMap":
        """Return the map of `content`, a part of this content that begins at position `start`."""
        runs = [(0, self.map_start(start))]
        runs += [(at - start, source) for at, source in zip(self._contents, self._sources, strict=True) if at > start]
        return SourceMap(content, runs)


TRIMMED_CHARACTERS: str | None = getattr(utils, "MD_TRIM_CHARS", None)  # before 4.3 it trimmed what Python calls space


def map_lines(source: NormalizedSource, content: str, first: int, last: int) -> SourceMap:
    """Map the content of lines `first` to `last` (exclusive): each is the tail of its source line, quote marks cut."""
    if "\n" not in content and last == first + 1:
        body = content.lstrip(" \t")
        start = source.text.rfind(body, source.starts[first], source.get_line_end(first))
        if start >= 0:
            return SourceMap(content, [(0, start - (len(content) - len(body)))])
    runs: list[tuple[int, int]] = []
    at, index = 0, first
    for line in content.split("\n"):
        body = line.lstrip(" \t")
        column = source.get_line(index).rfind(body)
        while column < 0 and index + 1 < last:  # a line of form feeds at the start was trimmed away
            index += 1
            column = source.get_line(index).rfind(body)
        start = source.starts[index] + max(column, 0)
        runs.append((at, start - (len(line) - len(body))))
        at += len(line) + 1
        index = min(index + 1, last - 1)
    return SourceMap(content, runs)


def map_heading(source: NormalizedSource, content: str, marker: int, level: int) -> SourceMap:
    """Map the content of a `#` heading whose first `#` is at `marker`."""
    start = source.text.find(content, marker + level)
    return SourceMap(content, [(0, max(start, marker + level))])


def map_table_row(source: NormalizedSource, start: int, end: int) -> list[SourceMap]:
    """Map each cell of the table row `text[start:end]`, not yet trimmed, `\\|` read as `|`."""
    text = source.text[start:end]
    first = start + len(text) - len(text.lstrip(TRIMMED_CHARACTERS))
    last = start + len(text.rstrip(TRIMMED_CHARACTERS))
    cells = _cut(source.text, first, max(first, last))
    if cells and cells[0][0] == cells[0][1]:
        cells.pop(0)
    if cells and cells[-1][0] == cells[-1][1]:
        cells.pop()
    return [_cell(source.text, *cell) for cell in cells]


def map_table_cell(cell: SourceMap, content: str) -> SourceMap | None:
    """Map the trimmed content of a cell; return None where the cell does not hold it."""
    at = cell.content.find(content)
    return cell.narrow_to(at, content) if at >= 0 else None


def _cut(text: str, start: int, end: int) -> list[tuple[int, int, list[int]]]:
    """Return start, end and the positions of backslashes before a pipe, for each cell, as markdown-it splits them."""
    cells: list[tuple[int, int, list[int]]] = []
    first, escapes = start, list[int]()
    at = text.find("|", start, end)
    while at >= 0:
        if at > start and text[at - 1] == "\\":
            escapes.append(at - 1)
        else:
            cells.append((first, at, escapes))
            first, escapes = at + 1, []
        at = text.find("|", at + 1, end)
    return [*cells, (first, end, escapes)]


def _cell(text: str, start: int, end: int, escapes: list[int]) -> SourceMap:
    runs, content, at = [(0, start)], "", start
    for escape in escapes:
        content += text[at:escape]
        at = escape + 1
        runs.append((len(content), at))
    return SourceMap(content + text[at:end], runs)
