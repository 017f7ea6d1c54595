"""Marks on the characters of a text that another one does not have: by line first, then within lines that are alike."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from techstock.duplicates.near_rules import diff_characters
from techstock.report.markup import Markup, join_markup, make_element

_MAX_LINES = 400
_MAX_LENGTH = 2_000  # code points of a line, as in `diff_characters`
_MAX_MARKED_SHARE = 0.6  # of a line; where more differs, it is another line


class MarkedText(NamedTuple):
    """A text with its marks; `compared` is false if it, or a part of it, is too long to be compared."""

    content: Markup
    compared: bool


def mark_differences(source: Sequence[str], other: Sequence[str], tag: str = "mark") -> MarkedText:
    """Return the lines of a text as one, with an element around what the other text does not have."""
    if max(len(source), len(other)) > _MAX_LINES:
        return MarkedText(join_markup(source, "\n"), compared=False)
    lines, compared = list[Markup](), True
    for kind, start, end, other_start, other_end in SequenceMatcher(None, source, other, autojunk=False).get_opcodes():
        if kind == "equal":
            lines += map(join_markup, source[start:end])
            continue
        for index, line in enumerate(source[start:end]):
            at = other_start + index
            marked = _mark_line(line, other[at] if at < other_end else "", tag)
            compared = compared and marked.compared
            lines.append(marked.content)
    return MarkedText(join_markup(lines, "\n"), compared)


def _mark_line(line: str, other: str, tag: str) -> MarkedText:
    if max(len(line), len(other)) > _MAX_LENGTH:
        return MarkedText(join_markup(line), compared=False)
    ranges, _ = diff_characters(line, other)
    if sum(end - start for start, end in ranges) > len(line) * _MAX_MARKED_SHARE:
        ranges = [(len(line) - len(line.lstrip()), len(line))]
    return MarkedText(Markup("".join(_iter_pieces(line, ranges, tag))), compared=True)


def _iter_pieces(line: str, ranges: Sequence[tuple[int, int]], tag: str) -> Iterator[Markup]:
    at = 0
    for start, end in ranges:
        yield join_markup(line[at:start])
        if start < end:
            yield make_element(tag, line[start:end])
        at = end
    yield join_markup(line[at:])
