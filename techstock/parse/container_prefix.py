"""The marks of quotes and the indentation of entries at the start of a line that continues a block."""

import re

_INDENT = re.compile(r"[ \t]*")
_MARKER = re.compile(r"[-+*]|\d{1,9}[.)]")
_TAB_WIDTH = 4
_QUOTE = -1


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
