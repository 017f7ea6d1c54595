"""Selection of fixes that can be applied together."""

from bisect import bisect_right, insort
from collections.abc import Iterable
from itertools import pairwise

from techstock.model import Fix, Span


def select_compatible_fixes(fixes: Iterable[Fix]) -> list[Fix]:
    """Return fixes of which no two edit the same or adjacent characters, safe ones first, then by position.

    A fix is taken with all its edits or not at all. Of two that conflict, the safe one is preferred, then the first in
    the text; the same edit in two fixes is no conflict. Adjacent fixes are kept apart because each was made for the
    text beside it: after the first is applied, the second is checked again. The order of `fixes` does not matter.
    """
    taken: dict[str, list[tuple[Span, str]]] = {}
    chosen = []
    for fix in sorted(fixes, key=_fix_sort_key):
        edits = _sort_distinct_edits(fix)
        if (
            edits
            and not _has_overlapping_edits(edits)
            and all(_is_free(edit, taken.get(edit[0].path, [])) for edit in edits)
        ):
            chosen.append(fix)
            for edit in edits:
                others = taken.setdefault(edit[0].path, [])
                if edit not in others[bisect_right(others, edit) - 1 : bisect_right(others, edit)]:
                    insort(others, edit)
    return chosen


def _fix_sort_key(fix: Fix) -> tuple[bool, list[tuple[str, Span, str]], str]:
    return not fix.safe, sorted((edit.place.path, edit.place, edit.text) for edit in fix.edits), fix.message


def _sort_distinct_edits(fix: Fix) -> list[tuple[Span, str]]:
    return sorted({(edit.place, edit.text) for edit in fix.edits}, key=lambda edit: (edit[0].path, edit))


def _has_overlapping_edits(edits: list[tuple[Span, str]]) -> bool:
    """Return whether edits of one fix, in order, overlap, which is a bug of the rule. Adjacent edits are allowed."""
    return any(a.path == b.path and (b.start < a.end or a == b) for (a, _), (b, _) in pairwise(edits))


def _is_free(edit: tuple[Span, str], others: list[tuple[Span, str]]) -> bool:
    """Return whether an edit equals one of `others` (of the same note, in order), or touches none of them."""
    place = edit[0]
    index = bisect_right(others, place.end, key=lambda other: other[0].start) - 1
    while index >= 0 and others[index][0].end >= place.start:
        if others[index] != edit:
            return False
        index -= 1
    return True
