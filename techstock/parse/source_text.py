"""The text as the Markdown parser reads it, and the way back to the offsets of the note."""

import re
from bisect import bisect_right
from collections.abc import Callable
from itertools import accumulate

from techstock.model import LineIndex, Span

TRIMMED_CHARACTERS = (
    "\t\n\x0b\x0c\r \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""White space that is no part of the text of a paragraph, a heading or a cell when it stands around it."""
_TRIMMED = frozenset(TRIMMED_CHARACTERS)
_FRONT_MATTER = re.compile(r"---[ \t]*\n(?:.*\n)*?(?:---|\.\.\.)[ \t]*(?=\n|\Z)")


class NormalizedSource:
    """A note's text with `\\n` line ends, no byte order mark and no NUL, as CommonMark wants it.

    `text` is the text for the parser; `to_span` turns a range of it into a span of the note.
    """

    __slots__ = ("_lines", "_starts", "text", "to_span")

    def __init__(self, original: str) -> None:
        if "\r" not in original and not original.startswith("\ufeff"):
            self.text = original.replace("\0", "\ufffd")
            self.to_span: Callable[[int, int], Span] = Span
            return
        self._lines = LineIndex(original)
        pairs = zip(self._lines.starts, self._lines.ends, strict=True)
        pieces = [original[start:end] for start, end in pairs]
        self.text = "\n".join(pieces).replace("\0", "\ufffd")
        self._starts = [0, *accumulate(len(piece) + 1 for piece in pieces[:-1])]
        self.to_span = self._to_span

    def _to_span(self, start: int, end: int) -> Span:
        """Return the span of `text[start:end]`; its end stays on the line of its last character."""
        first = self._to_offset(start)
        return Span(first, self._to_offset(end - 1) + 1 if end > start else first)

    def _to_offset(self, position: int) -> int:
        line = bisect_right(self._starts, position) - 1
        return self._lines.starts[line] + position - self._starts[line]


def find_front_matter(text: str) -> int:
    """Return the end of the front matter at the start of `text`, 0 if it has none."""
    match = _FRONT_MATTER.match(text) if text.startswith("---") else None
    return match.end() if match else 0


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the range of `text[start:end]` without white space around it."""
    if start < end and (text[start] in _TRIMMED or text[end - 1] in _TRIMMED):
        piece = text[start:end]
        end -= len(piece) - len(piece.rstrip(TRIMMED_CHARACTERS))
        start = min(start + len(piece) - len(piece.lstrip(TRIMMED_CHARACTERS)), end)
    return start, end
