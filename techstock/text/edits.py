"""A text after its edits."""

from bisect import bisect_right
from collections.abc import Iterable

from techstock.model import Edit, LineIndex, Span


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text after these edits of it, none of which overlap; the same edit twice counts once.

    Each `\\n` that an edit brings becomes the end of the line that the edit begins on, or of the one before if it is
    the last: a note keeps its line ends. Raises `ValueError` for edits that overlap or reach beyond the text.
    """
    pieces, at = [], 0
    for place, new in adapt_line_endings(text, edits):
        if not at <= place.start <= place.end <= len(text):
            raise ValueError(f"an edit at {place.start}-{place.end} overlaps another one, or leaves the text")
        pieces += [text[at : place.start], new]
        at = place.end
    return "".join([*pieces, text[at:]])


def adapt_line_endings(text: str, edits: Iterable[Edit]) -> list[tuple[Span, str]]:
    """The edits, each once and in their order, with the line ends that the text has where they stand."""
    distinct = sorted({(Span(edit.place.start, edit.place.end), edit.text) for edit in edits})
    if "\r" not in text or not any("\n" in new for _, new in distinct):
        return distinct
    lines = LineIndex(text)
    return [(place, new.replace("\n", _line_ending_at(text, lines, place.start))) for place, new in distinct]


def _line_ending_at(text: str, lines: LineIndex, offset: int) -> str:
    index = lines.find_line(offset)
    if index + 1 >= len(lines):
        index -= 1
    return text[lines.ends[index] : lines.starts[index + 1]] if index >= 0 else "\n"


class OffsetShift:
    """The positions of a text's characters after edits of it."""

    def __init__(self, text: str, edits: Iterable[Edit]) -> None:
        self.changes = adapt_line_endings(text, edits)
        self._ends = [place.end for place, _ in self.changes]
        self._grown = [0]
        for place, new in self.changes:
            self._grown.append(self._grown[-1] + len(new) - (place.end - place.start))

    def move_offset(self, at: int) -> int:
        """Return the position of a character after the edits; of one that is replaced, that of what replaces it."""
        index = bisect_right(self._ends, at)
        if index < len(self.changes) and self.changes[index][0].start < at:
            return self.changes[index][0].start + self._grown[index]
        return at + self._grown[index]
