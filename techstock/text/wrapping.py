"""Text in rows of so many columns, in scripts with and without spaces."""

import re
from collections.abc import Iterator

from techstock.text.width import display_width

_WORD = re.compile(r"[!-~]+ *| +|[^!-~ ] *")
_CLOSING = frozenset("、。，．！？」』）】〕》〉,.!?)ーゃゅょっャュョッ")


def wrapped(text: str, columns: int, indent: str = "") -> Iterator[str]:
    """`text`, which should be escaped, in rows of at most `columns` (10 or more); all but the first behind `indent`.

    Words in Latin letters stay whole where they fit into a row; no row begins with what closes a sentence or a word.
    """
    row, taken = "", 0
    for piece in _pieces(text, columns - len(indent)):
        width = display_width(piece.rstrip(" "))
        if row.strip() and taken + width > columns:
            carried = ""
            if piece[0] in _CLOSING and len(row.rstrip(" ")) > len(indent) + 1:
                bare = row.rstrip(" ")
                carried, row = bare[-1], bare[:-1]
            yield row.rstrip(" ")
            row = f"{indent}{carried}"
            taken = display_width(row)
        row += piece
        taken += display_width(piece)
    yield row.rstrip(" ")


def _pieces(text: str, columns: int) -> Iterator[str]:
    """Words and single letters, none wider than `columns`."""
    for match in _WORD.finditer(text):
        piece = match[0]
        while display_width(piece.rstrip(" ")) > columns:
            yield piece[:columns]
            piece = piece[columns:]
        if piece:
            yield piece


def padded(text: str, columns: int) -> str:
    """`text` with spaces up to a width."""
    return text + " " * max(columns - display_width(text), 0)
