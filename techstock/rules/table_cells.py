"""No row is longer than its header.

GitHub does not show cells beyond the columns of the header. A pipe in a cell, also one in code, begins another cell;
written as `\\|` it does not.

```markdown bad
| 演算子 | 意味 |
|---|---|
| `||` | または |
```

```markdown good
| 演算子 | 意味 |
|---|---|
| `\\|\\|` | または |
```
"""

import re
from collections.abc import Iterator

from techstock.model import Note, Problem, Span

_PIPE = r"(?<!\\)\|"


def check(note: Note) -> Iterator[Problem]:
    for block in note.blocks:
        if block.kind != "table":
            continue
        first = note.lines.find_line(block.place.start)
        columns = len(_split_row(note, first))
        for line in range(first + 2, note.lines.find_line(block.place.end) + 1):
            if _has_few_pipes(note, line, columns):
                continue
            cells = _split_row(note, line)
            hidden = [cell for cell in cells[columns:] if cell.extract_from(note.text).strip()]
            if hidden:
                yield Problem(
                    Span(hidden[0].start, hidden[-1].end),
                    f"{len(cells)} cells below a header of {columns}: the rest is not shown",
                    label="not shown",
                    help="write a pipe that belongs to a cell as `\\|`, or add columns to the header",
                )


def _has_few_pipes(note: Note, line: int, columns: int) -> bool:
    """Return whether a row between pipes has no more of them than its columns need: such rows are not split."""
    row = note.text[note.lines.starts[line] : note.lines.ends[line]].lstrip(" \t>").rstrip(" \t")
    return row[:1] == "|" == row[-1:] and row.count("|") <= columns + 1


def _split_row(note: Note, line: int) -> list[Span]:
    """Return the cells of a row of a table, as GitHub splits it: code does not hide a pipe."""
    start, end = note.lines.starts[line], note.lines.ends[line]
    while start < end and note.text[start] in " \t>":
        start += 1
    while start < end and note.text[end - 1] in " \t":
        end -= 1
    at = start + note.text.startswith("|", start)
    cells = []
    for match in re.compile(_PIPE).finditer(note.text, at, end):
        cells.append(Span(at, match.start()))
        at = match.end()
    return [*cells, Span(at, end)] if at < end else cells
