"""Width of text on a terminal, in columns: ideographs and kana take two, combining characters none."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from itertools import accumulate

# First, last and width of characters that most notes are made of; the rest is left to wcwidth, which takes longer to
# import than a small lint takes. Where a character joins the one before it, or is always escaped, the width is 0.
_COMMON_WIDTHS = (
    (0x20, 0x7E, 1),
    (0x3041, 0x3096, 2),  # kana
    (0x309B, 0x30FF, 2),
    (0x4E00, 0x9FFF, 2),  # ideographs
    (0x3000, 0x3029, 2),  # 、。「」
    (0x3030, 0x303E, 2),
    (0xFF01, 0xFF60, 2),  # full-width letters and signs
    (0xFFE0, 0xFFE6, 2),
    (0x2F00, 0x2FD5, 2),  # radicals
    (0xFF61, 0xFF9D, 1),  # half-width kana
    (0xAC00, 0xD7A3, 2),  # Hangul
    (0x3400, 0x4DBF, 2),
    (0x2E80, 0x2E99, 2),
    (0x2E9B, 0x2EF3, 2),
    (0xFE10, 0xFE19, 2),  # signs of vertical text
    (0xA0, 0xAC, 1),
    (0xAE, 0x2FF, 1),
    (0x370, 0x377, 1),
    (0x391, 0x3A1, 1),
    (0x3A3, 0x482, 1),
    (0x2010, 0x2027, 1),
    (0x2030, 0x205E, 1),
    (0x2190, 0x2319, 1),
    (0x2460, 0x25FC, 1),
    (0x1D400, 0x1D454, 1),  # letters of formulas
    (0x1D456, 0x1D49C, 1),
    (0x1D6A8, 0x1D7CB, 1),
    (0x3099, 0x309A, 0),  # voiced marks of decomposed kana
    (0x00, 0x1F, 0),
    (0x7F, 0x9F, 0),
    (0xAD, 0xAD, 0),
    (0x200B, 0x200F, 0),
    (0x2028, 0x202E, 0),
    (0x2060, 0x206F, 0),
    (0xD800, 0xDFFF, 0),
    (0xFEFF, 0xFEFF, 0),
)


def display_width(text: str) -> int:
    """Return the number of columns that `text` takes; escape it first, since control characters count as 0."""
    if text.isascii() and text.isprintable():
        return len(text)
    return sum(measure_characters(text))


def pad_to_width(text: str, columns: int) -> str:
    """Return `text` padded with spaces on the right to a width of `columns`."""
    return text + " " * max(columns - display_width(text), 0)


def truncate_to_width(text: str, columns: int) -> str:
    """Return `text` if it fits into `columns` (at least 1), else as much of its start as fits, followed by `…`."""
    if display_width(text) <= columns:
        return text
    edges = list(accumulate(measure_characters(text)))
    return f"{text[: bisect_right(edges, columns - 1)]}…"


def wrap_words(text: str, columns: int) -> Iterator[str]:
    """Yield `text` in rows of at most `columns`, broken at spaces; a longer word gets a row of its own."""
    row = ""
    for word in text.split(" "):
        longer = f"{row} {word}" if row else word
        if row and display_width(longer) > columns:
            yield row
            row = word
        else:
            row = longer
    yield row


def measure_characters(text: str) -> list[int]:
    """Return the width of each code point in columns; 0 for one that joins the code point before it."""
    found = [_find_common_width(character) for character in text]
    if -1 in found:
        _measure_uncommon(text, found)
    return found


@cache
def _find_common_width(character: str) -> int:
    """Return the width of a common character, -1 for any other."""
    code = ord(character)
    return next((width for first, last, width in _COMMON_WIDTHS if first <= code <= last), -1)


def _measure_uncommon(text: str, found: list[int]) -> None:
    """Replace each -1 in `found` by a width, measured with the characters before it, which it may join or widen."""
    from wcwidth import wcswidth, wcwidth

    start = -1
    for index, width in enumerate(found):
        if width > 0:
            start = index
        elif width < 0:
            alone = max(wcwidth(text[index]), 0)
            joined = wcswidth(text[start : index + 1]) if start >= 0 else -1
            if joined > 0 and (alone == 0 or joined == found[start]):
                found[start], found[index] = joined, 0
            else:
                found[index], start = alone, index


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
