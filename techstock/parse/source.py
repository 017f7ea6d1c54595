"""The text as the Markdown parser reads it, and maps back to the note's own offsets."""

from bisect import bisect_right

from techstock.model import LineIndex, Span


class NormalizedSource:
    """A note's text with `\\n` line ends, no byte order mark and no NUL, as CommonMark wants it.

    `text` is the text for the parser; `to_offset` turns a position in it into an offset of the note's text.
    """

    __slots__ = ("_same", "lines", "original", "starts", "text")

    def __init__(self, original: str) -> None:
        self.original = original
        self.lines = LineIndex(original)
        self._same = "\r" not in original and self.lines.starts[0] == 0
        if self._same:
            self.text = original.replace("\0", "\ufffd")
            self.starts = self.lines.starts
            return
        pairs = zip(self.lines.starts, self.lines.ends, strict=True)
        pieces = [original[start:end] for start, end in pairs]
        self.text = "\n".join(pieces).replace("\0", "\ufffd")
        self.starts = [0]
        for piece in pieces[:-1]:
            self.starts.append(self.starts[-1] + len(piece) + 1)

    def to_offset(self, position: int) -> int:
        """Return the offset in the note of a position in `text`."""
        if self._same:
            return position
        line = bisect_right(self.starts, position) - 1
        return self.lines.starts[line] + position - self.starts[line]

    def to_span(self, start: int, end: int) -> Span:
        """Return the span of `text[start:end]` in the note; its end stays on the line of its last character."""
        if self._same:
            return Span(start, end)
        first = self.to_offset(start)
        return Span(first, self.to_offset(end - 1) + 1 if end > start else first)

    def get_line(self, index: int) -> str:
        """Return line `index` of `text`, without its end."""
        return self.text[self.starts[index] : self.get_line_end(index)]

    def get_line_end(self, index: int) -> int:
        """Return the position in `text` at which line `index` ends."""
        last = index + 1 >= len(self.starts)
        return len(self.text) if last else self.starts[index + 1] - 1


class SourceMap:
    """A map from the content of an inline block to the source, made of runs that were copied unchanged.

    The parser cuts indentation, quote marks and the backslash of `\\|` out of the content; between two cuts positions
    in content and source differ by a constant.
    """

    __slots__ = ("_contents", "_shift", "_sources", "content")

    def __init__(self, content: str, runs: list[tuple[int, int]]) -> None:
        self.content = content
        self._contents = [run[0] for run in runs]
        self._sources = [run[1] for run in runs]
        self._shift = runs[0][1] if len(runs) == 1 and not runs[0][0] else -1  # most content is one run

    def map_start(self, position: int) -> int:
        """Return the position in the source of a position in the content."""
        if self._shift >= 0:
            return self._shift + position
        run = bisect_right(self._contents, position) - 1
        return self._sources[run] + position - self._contents[run]

    def map_end(self, position: int) -> int:
        """Return the position in the source after the character before `position`."""
        return self.map_start(position - 1) + 1 if position else self.map_start(0)

    def narrow_to(self, start: int, content: str) -> "SourceMap":
        """Return the map of `content`, a part of this content that begins at position `start`."""
        runs = [(0, self.map_start(start))]
        runs += [(at - start, source) for at, source in zip(self._contents, self._sources, strict=True) if at > start]
        return SourceMap(content, runs)
