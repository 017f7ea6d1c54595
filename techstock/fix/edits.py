"""Which fixes go together, and what a text is after its edits."""

from bisect import bisect_right, insort
from collections.abc import Iterable
from itertools import pairwise

from techstock.model import Edit, Fix, Lines, Place


def compatible(fixes: Iterable[Fix]) -> list[Fix]:
    """Fixes of which no two edit the same characters, nor characters side by side; in the order of their places.

    All edits of a fix are taken, or none. Of two in conflict the safe one goes before, then the first in the text; the
    same edit in two fixes is no conflict. Neighbours are kept apart because each fix was judged by what stands beside
    it: once the one is applied, the other is judged anew. The order in which the fixes are given does not matter.
    """
    taken: dict[str, list[tuple[Place, str]]] = {}
    chosen = []
    for fix in sorted(fixes, key=_order):
        edits = _distinct(fix)
        if edits and not _overlap(edits) and all(_is_free(edit, taken.get(edit[0].path, [])) for edit in edits):
            chosen.append(fix)
            for edit in edits:
                others = taken.setdefault(edit[0].path, [])
                if edit not in others[bisect_right(others, edit) - 1 : bisect_right(others, edit)]:
                    insort(others, edit)
    return chosen


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text after these edits of it, none of which overlap; the same edit twice counts once.

    Each `\\n` that an edit brings becomes the end of the line that the edit begins on, or of the one before if it is
    the last: a note keeps its line ends. Raises `ValueError` for edits that overlap or reach beyond the text.
    """
    pieces, at = [], 0
    for place, new in localised(text, edits):
        if not at <= place.start <= place.end <= len(text):
            raise ValueError(f"an edit at {place.start}-{place.end} overlaps another one, or leaves the text")
        pieces += [text[at : place.start], new]
        at = place.end
    return "".join([*pieces, text[at:]])


def localised(text: str, edits: Iterable[Edit]) -> list[tuple[Place, str]]:
    """The edits, each once and in their order, with the line ends that the text has where they stand."""
    distinct = sorted({(Place(edit.place.start, edit.place.end), edit.text) for edit in edits})
    if "\r" not in text or not any("\n" in new for _, new in distinct):
        return distinct
    lines = Lines(text)
    return [(place, new.replace("\n", _ending(text, lines, place.start))) for place, new in distinct]


def _ending(text: str, lines: Lines, offset: int) -> str:
    index = lines.index(offset)
    if index + 1 >= len(lines):
        index -= 1
    return text[lines.ends[index] : lines.starts[index + 1]] if index >= 0 else "\n"


def _order(fix: Fix) -> tuple[bool, list[tuple[str, Place, str]], str]:
    return not fix.safe, sorted((edit.place.path, edit.place, edit.text) for edit in fix.edits), fix.message


def _distinct(fix: Fix) -> list[tuple[Place, str]]:
    return sorted({(edit.place, edit.text) for edit in fix.edits}, key=lambda edit: (edit[0].path, edit))


def _overlap(edits: list[tuple[Place, str]]) -> bool:
    """Whether edits of one fix, in order, overlap: a defect of the rule. Side by side they are one change."""
    return any(a.path == b.path and (b.start < a.end or a == b) for (a, _), (b, _) in pairwise(edits))


def _is_free(edit: tuple[Place, str], others: list[tuple[Place, str]]) -> bool:
    """Whether an edit is the same as one of `others` (of the same note, in order), or touches none."""
    place = edit[0]
    index = bisect_right(others, place.end, key=lambda other: other[0].start) - 1
    while index >= 0 and others[index][0].end >= place.start:
        if others[index] != edit:
            return False
        index -= 1
    return True
