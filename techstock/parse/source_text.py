"""The text as the parser reads it, the way back to offsets of the note, and where the text of lines begins."""

import re
from bisect import bisect_right
from collections.abc import Callable
from itertools import accumulate

from techstock.model import LineIndex, Span
from techstock.text.lazy_patterns import compile_lazily

TRIMMED_CHARACTERS = (
    "\t\n\x0b\x0c\r \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""White space that is no part of the text of a paragraph, a heading or a cell when it stands around it."""
_TRIMMED = frozenset(TRIMMED_CHARACTERS)
_INDENT = re.compile(r"[ \t]*")
_MARKER = re.compile(r"[-+*]|\d{1,9}[.)]")
_TAB_WIDTH = 4
_QUOTE = -1
_FRONT_MATTER = compile_lazily(r"---[ \t]*\n(?:.*\n)*?(?:---|\.\.\.)[ \t]*(?=\n|\Z)")


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


class ContainerStack:
    """The open quotes and entries, in the order of their nesting; columns count from 0."""

    __slots__ = ("_containers", "_text", "_widths", "quotes")

    def __init__(self, text: str) -> None:
        self.quotes = 0
        self._text = text
        self._containers: list[int] = []  # the position of an entry's marker
        self._widths: list[tuple[int, int]] = []  # see `_measure`; measured when first needed

    def open_quote(self) -> None:
        """Open a block quote."""
        self.quotes += 1
        self._containers.append(_QUOTE)

    def open_entry(self, marker: int) -> None:
        """Open an entry, whose marker is at that position."""
        self._containers.append(marker)

    def close(self) -> None:
        """Close the innermost container."""
        self.quotes -= self._containers.pop() == _QUOTE
        del self._widths[len(self._containers) :]

    def skip_prefix(self, line: int) -> int:
        """Return the position of the text of a line, which begins at position `line` and continues a paragraph."""
        if not self.quotes:
            return _skip(self._text, line)
        while len(self._widths) < len(self._containers):
            self._widths.append(self._measure(self._containers[len(self._widths)]))
        return _skip(self._text, self._walk(line)[0])

    def _measure(self, marker: int) -> tuple[int, int]:
        """Return the indentation of an entry's content within its container, and its column; zeros for a quote."""
        if marker == _QUOTE:
            return 0, 0
        line = self._text.rfind("\n", 0, marker) + 1
        match = _MARKER.match(self._text, marker)
        behind = match.end() if match else marker
        content = _skip(self._text, behind)
        column = self._column(line, behind)
        gap = self._column(line, content) - column
        if gap > _TAB_WIDTH or self._text[content : content + 1] in ("", "\n"):
            gap = 1
        return column + gap - self._walk(line)[1], column + gap

    def _walk(self, line: int) -> tuple[int, int]:
        """Return position and column behind the marks of those containers that continue on a line."""
        at, column = line, 0
        for marker, (width, content) in zip(self._containers, self._widths, strict=False):
            end = _skip(self._text, at)
            if marker >= line:  # it opens on this line
                match = _MARKER.match(self._text, marker)
                at, column = match.end() if match else marker, content
            elif marker != _QUOTE:
                if self._column(line, end) < column + width:
                    break
                column += width
            elif self._column(line, end) < column + _TAB_WIDTH and self._text.startswith(">", end):
                at = end + 1
                column = self._column(line, at) + (self._text[at : at + 1] in (" ", "\t"))
            else:
                break
        return at, column

    def _column(self, line: int, position: int) -> int:
        return len(self._text[line:position].expandtabs(_TAB_WIDTH))


def _skip(text: str, at: int) -> int:
    match = _INDENT.match(text, at)
    return match.end() if match else at
