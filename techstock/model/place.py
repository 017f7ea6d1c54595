"""Where something stands: a half-open range of code points in a note's text."""

import msgspec


class Place(msgspec.Struct, frozen=True, gc=False, array_like=True, order=True):
    """`text[start:end]` of one note.

    `start` and `end` count code points from 0 in the note's text exactly as decoded (a byte order mark and `\\r`
    count), `start <= end`. `path` is the note's path below the root; it is empty on facts, which are a pure function
    of the note's bytes and know no name, and means "in this very note". `Note.at` fills it in.
    """

    start: int
    end: int
    path: str = ""

    def of(self, text: str) -> str:
        """The text that stands here."""
        return text[self.start : self.end]

    def holds(self, other: "Place") -> bool:
        """Whether `other` lies inside this place (both in the same note)."""
        return self.start <= other.start and other.end <= self.end
