"""A table has its row of dashes.

GitHub makes a table of lines with pipes only if the second one is a row such as `|---|---|`, with one piece for each
column of the header. Otherwise the pipes are shown in one long paragraph.

```markdown bad
| 語 | 意味 |
| 待避 | 新しい要求を受けない |
```

```markdown bad
| 語 | 意味 |
|---|
| 待避 | 新しい要求を受けない |
```

```markdown bad
| 語 | 意味 |

|---|---|
| 待避 | 新しい要求を受けない |
```

```markdown bad
｜語｜意味｜
｜---｜---｜
｜待避｜新しい要求を受けない｜
```

```markdown bad
| 語 | 意味 |
---
| 待避 | 新しい要求を受けない |
```

```markdown good
| 語 | 意味 |
|---|---|
| 待避 | 新しい要求を受けない |
```
"""

import re
from collections.abc import Iterator, Sequence

from techstock.model import Block, Note, Problem

_ROW = r"\|[^|\n]*(?:\|[^|\n]*)+\|[ \t]*"
_DASHES = r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*"
_WIDE_DASHES = r"[｜|][ \t\u3000]*[:：]?[-－ー—]+[-－ー—：:｜| \t\u3000]*[｜|]"
_PIPE = r"(?<!\\)\|"


def check(note: Note) -> Iterator[Problem]:
    if "|" not in note.text and "｜" not in note.text:
        return
    for block in note.blocks:
        if block.kind == "paragraph" and block.texts:
            source = block.place.extract_from(note.text)
            problem = _check_block(note, block) if "|" in source or "｜" in source else None
        elif block.kind == "heading":
            problem = _check_heading(note, block)
        else:
            continue
        if problem:
            yield problem


def _check_block(note: Note, block: Block) -> Problem | None:
    lines = [text.extract_from(note.text).strip() for text in block.texts]
    dashes = [index for index, line in enumerate(lines) if _is_row_of_dashes(line)]
    if dashes and (dashes[0] == 0 or "|" in lines[dashes[0] - 1]):
        return _check_dashes(block, lines, dashes[0])
    wide = next((index for index, line in enumerate(lines) if re.fullmatch(_WIDE_DASHES, line)), 0)
    if wide and "｜" in lines[wide - 1]:
        return Problem(
            block.texts[wide - 1],
            "full-width `｜` makes no table",
            label="full-width",
            help="write `|` and `-` in their ordinary form",
        )
    first = _find_rows(lines)
    if first < 0 or dashes:
        return None
    return Problem(
        block.texts[first],
        "without a row of dashes below it, this is no table",
        label="the pipes are shown",
        help="put `|---|---|` below the header, with one piece for each column",
    )


def _is_row_of_dashes(line: str) -> bool:
    return "|" in line and re.fullmatch(_DASHES, line) is not None


def _check_dashes(block: Block, lines: Sequence[str], index: int) -> Problem | None:
    """Return a problem for a row of dashes that has no header above it, or another number of columns."""
    columns = count_cells(lines[index])
    if index == 0:
        if columns < 2 or len(lines) < 2 or "|" not in lines[1]:
            return None
        return Problem(
            block.texts[0],
            "no header is directly above this row of dashes",
            label="the pipes are shown",
            help="put the header on the line above it, without a blank line between them",
        )
    header = count_cells(lines[index - 1])
    pieces = "1 column" if columns == 1 else f"{columns} columns"
    if header == columns or (columns < 2 and re.fullmatch(_DASHES, lines[index - 1])):
        return None
    return Problem(
        block.texts[index],
        f"a table has as many columns as its header: {pieces} below {header}",
        label="the pipes are shown",
        help="write as many pieces of dashes as the header has columns",
    )


def _find_rows(lines: Sequence[str]) -> int:
    """Return the index of the first of the rows with which a paragraph ends; -1 for less than two."""
    first = len(lines)
    while first and re.fullmatch(_ROW, lines[first - 1]):
        first -= 1
    return first if len(lines) - first > 1 else -1


def _check_heading(note: Note, block: Block) -> Problem | None:
    """Return a problem for a row of pipes that the dashes below it make a heading."""
    if len(block.texts) != 1 or not re.fullmatch(_ROW, block.texts[0].extract_from(note.text)):
        return None
    if note.text.startswith("#", block.place.start):
        return None
    return Problem(
        block.texts[0],
        "dashes without pipes below it make a heading of this row",
        label="shown as a heading",
        help="put `|---|---|` below the header, with one piece for each column",
    )


def count_cells(row: str) -> int:
    """Return the number of cells in a row of a table, as GitHub counts them: code does not hide a pipe."""
    row = row.strip().removeprefix("|")
    pipes = len(re.findall(_PIPE, row))
    return pipes + (re.search(r"(?<!\\)\|$", row) is None)
