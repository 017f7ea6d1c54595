"""Files that are copies of others: most of the smaller file is in the larger one."""

from collections.abc import Sequence

import msgspec

from techstock.duplicates.context import ComparisonContext
from techstock.duplicates.pair_rules import EXACT, SENTENCE, DuplicatePair

_MIN_COPIED_SHARE = 0.6  # of the text of the smaller file's entries
_MIN_ENTRIES = 5  # entries; fewer make no file


class CopiedNotePair(msgspec.Struct, frozen=True):
    """Two notes, by index; `share` is the part of `smaller` that is also in `larger`, 0 to 1."""

    smaller: int
    larger: int
    share: float

    @property
    def notes(self) -> frozenset[int]:
        return frozenset((self.smaller, self.larger))


def find_copied_notes(views: ComparisonContext, found: Sequence[DuplicatePair]) -> tuple[CopiedNotePair, ...]:
    """Return the pairs of notes whose smaller one is mostly a copy; of two with equal size, the later is the copy."""
    shared: dict[tuple[int, int], set[int]] = {}
    for pair in found:
        one, other = views.units[pair.first].note, views.units[pair.second].note
        if one != other and pair.kind in (EXACT, SENTENCE):
            index = pair.first if views.amounts[one][1] < views.amounts[other][1] else pair.second
            smaller = views.units[index].note
            shared.setdefault((smaller, one + other - smaller), set()).add(index)
    shares = {
        both: sum(views.units[index].weight for index in indexes) / views.amounts[both[0]][1]
        for both, indexes in shared.items()
    }
    return tuple(
        CopiedNotePair(smaller, larger, share)
        for (smaller, larger), share in shares.items()
        if views.amounts[smaller][0] >= _MIN_ENTRIES and share >= _MIN_COPIED_SHARE
    )
