"""Positions as the protocol counts them, in UTF-8, UTF-16 or UTF-32, and offsets in code points."""

from collections.abc import Sequence
from typing import Final

import msgspec

from techstock.model import LineIndex, Span
from techstock.server.framing import Json

UTF8: Final = "utf-8"
UTF16: Final = "utf-16"
UTF32: Final = "utf-32"
ENCODINGS: Final = (UTF8, UTF16, UTF32)
BOM: Final = "\ufeff"


class Position(msgspec.Struct, frozen=True):
    """A line and a column from 0; the column is in units of the encoding that was agreed on."""

    line: int
    character: int


class Range(msgspec.Struct, frozen=True):
    """Two positions; the second is behind the last character."""

    start: Position
    end: Position


def choose_encoding(offered: Sequence[str]) -> str:
    """Return the first encoding of a client's list that is known; UTF-16 if there is none, as the protocol says."""
    return next((name for name in offered if name in ENCODINGS), UTF16)


def count_units(text: str, encoding: str) -> int:
    """Return the length of a text in units of an encoding."""
    if encoding == UTF32 or text.isascii():
        return len(text)
    if encoding == UTF8:
        return len(text.encode("utf-8", "surrogatepass"))
    return len(text) + sum(character > "\uffff" for character in text)


class TextPositions:
    """The positions of one text. With `bom_counts`, the client counts a byte order mark as a character."""

    def __init__(self, text: str, lines: LineIndex, encoding: str, *, bom_counts: bool = False) -> None:
        self._text, self._lines, self._encoding = text, lines, encoding
        self._extra = count_units(BOM, encoding) if bom_counts and text.startswith(BOM) else 0

    def to_position(self, offset: int) -> Json:
        """Return the position of an offset; that of a line end is the end of the line."""
        line = self._lines.find_line(offset)
        start = self._lines.starts[line]
        units = count_units(self._text[start : max(min(offset, self._lines.ends[line]), start)], self._encoding)
        return {"line": line, "character": units + (self._extra if line == 0 else 0)}

    def to_range(self, place: Span) -> Json:
        """Return the range of a span."""
        return {"start": self.to_position(place.start), "end": self.to_position(place.end)}

    def to_offset(self, position: Position) -> int:
        """Return the offset of a position; one behind the end of its line or of the text is that end."""
        if position.line >= len(self._lines):
            return len(self._text)
        start, end = self._lines.starts[position.line], self._lines.ends[position.line]
        units = position.character - (self._extra if position.line == 0 else 0)
        line = self._text[start:end]
        if self._encoding == UTF32 or line.isascii():
            return start + max(min(units, end - start), 0)
        for index, character in enumerate(line):
            units -= count_units(character, self._encoding)
            if units < 0:
                return start + index
        return end

    def to_span(self, place: Range, path: str = "") -> Span:
        """Return the span of a range, in order."""
        start, end = self.to_offset(place.start), self.to_offset(place.end)
        return Span(min(start, end), max(start, end), path)
