"""Maps from the content of paragraphs, headings and table rows back to the source.

markdown-it-py gives inline content no positions. The parts it cuts away are known for each kind of block, so the
content can be found again exactly; `tests/test_offsets.py` compares the result with the text.
"""

from markdown_it.common import utils

from techstock.parse.source import NormalizedSource, SourceMap

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
