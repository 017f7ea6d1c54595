"""Line wrapping of Japanese and English text for a terminal."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

from techstock.text.width import display_width, measure_characters, truncate_to_width

# A word of Latin letters stays whole; elsewhere any place will do, but not behind what
# opens, nor before what closes, lengthens or joins.
_CLOSING = "。、，．！？）」』】〕》…・ーぁぃぅぇぉっゃゅょァィゥェォッャュョ\u3099\u309a%％\u200d\ufe0e\ufe0f"
_UNBREAKABLE = rf" *[（「『【〔《(]*(?:[!-~\u00a0-\u02ff]+|[^ ])[{_CLOSING}]*"


def wrap_text(text: str, columns: int, rows: int = 0, indent: str = "") -> list[str]:
    """Return `text` in rows of at most `columns` (2 or more), at most `rows` of them if that is not 0.

    The last row ends in `…` if text was left out. All rows but the first begin with `indent`, which must leave 2
    columns or more. The text should be escaped and contain no line ends. Empty text gives one empty row.
    """
    every: list[str] = []
    for row in _iter_rows(text, columns, indent):
        if rows and len(every) == rows:
            every[-1] = truncate_to_width(f"{every[-1]}…", columns)
            break
        every.append(row)
    return every


def _iter_rows(text: str, columns: int, indent: str) -> Iterator[str]:
    """Yield the rows; only the first may begin with spaces of the text."""
    before, row, width, room, is_first = "", "", 0, columns, True
    for match in re.finditer(_UNBREAKABLE, text):
        piece = match[0] if row or is_first else match[0].lstrip(" ")
        more = display_width(piece)
        while width + more > room and (row or more > room):
            if row:
                yield before + row
                row, width, piece = "", 0, piece.lstrip(" ")
            else:  # a word that is longer than a row
                fitting = max(bisect_right(list(accumulate(measure_characters(piece))), room), 1)
                yield before + piece[:fitting]
                piece = piece[fitting:]
            more = display_width(piece)
            before, room, is_first = indent, columns - len(indent), False
        row, width = row + piece, width + more
    yield before + row
