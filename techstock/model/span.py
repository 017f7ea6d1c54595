"""Spans: half-open ranges of code points in a note's text, and the lines of a text.

Lines end at `\\r\\n`, `\\n` or `\\r` and nowhere else. `str.splitlines` also splits at form feeds, U+0085, U+2028 and
more, which Markdown and editors do not: one of these characters would move every line number below it.
"""

import re
from bisect import bisect_right
from itertools import accumulate

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


_LINE_END = re.compile(r"\r\n?|\n")
_BOM = "\ufeff"


class LineIndex:
    """The line table of one text; line indexes count from 0, offsets are code points.

    A byte order mark belongs to no line: the first line starts after it.
    """

    __slots__ = ("ends", "starts")

    def __init__(self, text: str) -> None:
        first = 1 if text.startswith(_BOM) else 0
        if "\r" in text:
            self.starts, self.ends = [first], []
            for match in _LINE_END.finditer(text):
                self.ends.append(match.start())
                self.starts.append(match.end())
            self.ends.append(max(len(text), self.starts[-1]))
        else:
            lengths = map(len, text.split("\n"))
            self.starts = list(accumulate(map((1).__add__, lengths), initial=0))
            self.ends = list(map((-1).__add__, self.starts[1:]))  # without the line's end characters
            del self.starts[-1]
            self.starts[0] = first

    def __len__(self) -> int:
        return len(self.starts)

    def find_line(self, offset: int) -> int:
        """Return the index of the line that holds `offset`; a line's end characters belong to it."""
        return max(bisect_right(self.starts, offset) - 1, 0)

    def find_start(self, offset: int) -> int:
        """Return the offset at which the line that holds `offset` begins."""
        return self.starts[self.find_line(offset)]

    def find_end(self, offset: int) -> int:
        """Return the offset at which the line that holds `offset` ends, without its end characters."""
        return self.ends[self.find_line(offset)]

    def find_position(self, offset: int) -> tuple[int, int]:
        """Return line and column of `offset`, from 1, in code points; `\\r` and a byte order mark do not count."""
        index = self.find_line(offset)
        return index + 1, max(min(offset, self.ends[index]) - self.starts[index], 0) + 1
