"""Break text into rows of a width on a terminal, as Japanese and English are broken."""

import re
from collections.abc import Iterator

from techstock.text.width import cut, display_width

# A word of Latin letters stays whole; elsewhere any place will do, but not before what closes or lengthens.
_PIECE = r"[ ]*(?:[!-~\u00a0-\u02ff]+|[^ ])[。、，．！？）」』】〕》ー…・ぁぃぅぇぉっゃゅょァィゥェォッャュョ%％]*"


def wrapped(text: str, columns: int, rows: int = 0) -> list[str]:
    """`text` in rows of at most `columns` (2 or more); with `rows`, the last of so many ends in `…` if there is more.

    The text should be escaped. Every row holds something; empty text is one empty row.
    """
    every: list[str] = []
    for row in _rows(text, columns):
        if rows and len(every) == rows:
            every[-1] = cut(f"{every[-1]}…", columns)
            break
        every.append(row)
    return every


def _rows(text: str, columns: int) -> Iterator[str]:
    row = ""
    for match in re.finditer(_PIECE, text):
        longer = row + (match[0] if row else match[0].lstrip(" "))
        if display_width(longer) <= columns:
            row = longer
            continue
        if row:
            yield row
        row = match[0].lstrip(" ")
        while display_width(row) > columns:
            piece = cut(row, columns + 1)[:-1] or row[0]
            yield piece
            row = row[len(piece) :]
    yield row
