"""Spans: half-open ranges of code points in a note's text."""

import msgspec


class Span(msgspec.Struct, frozen=True, gc=False, array_like=True, order=True):
    """The range `text[start:end]` of one note's text.

    `start` and `end` count code points from 0 in the note's text exactly as decoded (a byte order mark and `\\r`
    count), `start <= end`. `path` is the note's path below the root. It is empty on facts, which are a pure function
    of the note's bytes and know no path, and then means "in this very note". `Note.add_path_to` fills it in.
    """

    start: int
    end: int
    path: str = ""

    def extract_from(self, text: str) -> str:
        """Return the part of `text` in this range."""
        return text[self.start : self.end]

    def contains(self, other: "Span") -> bool:
        """Return whether `other` lies inside this span (both in the same note)."""
        return self.start <= other.start and other.end <= self.end
