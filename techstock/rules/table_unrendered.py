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

```markdown good
| 語 | 意味 |
|---|---|
| 待避 | 新しい要求を受けない |
```
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from techstock.model import Block, Note, Problem

_ROW = r"\|[^|\n]*(?:\|[^|\n]*)+\|[ \t]*"
_DASHES = r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*"
_PIPE = r"(?<!\\)\|"


def check(note: Note) -> Iterator[Problem]:
    for block in note.blocks:
        if block.kind == "paragraph" and len(block.texts) > 1 and (problem := _check_block(note, block)):
            yield problem


def _check_block(note: Note, block: Block) -> Problem | None:
    lines = [text.extract_from(note.text).strip() for text in block.texts]
    for index, (line, below) in enumerate(pairwise(lines)):
        if re.fullmatch(_DASHES, below) and "|" in below and "|" in line and not re.fullmatch(_DASHES, line):
            header, dashes = count_cells(line), count_cells(below)
            if header != dashes and line.startswith("|"):
                return Problem(
                    block.texts[index + 1],
                    f"{dashes} columns below a header of {header} make no table",
                    label="the pipes are shown",
                    help="write as many pieces of dashes as the header has columns",
                )
            return None
    is_table = [re.fullmatch(_ROW, line) is not None and "|" in line[1:-1] for line in lines]
    if all(is_table) and not any(re.fullmatch(_DASHES, line) for line in lines):
        return Problem(
            block.texts[0],
            "without a row of dashes below it, this is no table",
            label="the pipes are shown",
            help="put `|---|---|` below the header, with one piece for each column",
        )
    return None


def count_cells(row: str) -> int:
    """Return the number of cells in a row of a table, as GitHub counts them: code does not hide a pipe."""
    row = row.strip().removeprefix("|")
    pipes = len(re.findall(_PIPE, row))
    return pipes + (re.search(r"(?<!\\)\|$", row) is None)
