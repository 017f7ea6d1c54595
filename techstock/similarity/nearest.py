"""The entries most similar to a given entry, for people who ask why it is not reported."""

from collections.abc import Collection

import msgspec

from techstock.similarity.pairs import compute_overlap
from techstock.similarity.units import ComparedEntry
from techstock.similarity.views import ComparisonContext
from techstock.similarity.words import compute_weight

_MIN_LIKENESS = 0.35  # half of both shares together; less is chance
_MIN_CONTAINED_WEIGHT = 12  # shorter text stands in many others by chance


class NearestEntry(msgspec.Struct, frozen=True):
    """An entry, by index; `jaccard` and `contained` are the overlap of definitions, 0 to 1 (see `compute_overlap`)."""

    index: int
    jaccard: float
    contained: float


def find_nearest_entries(
    views: ComparisonContext, unit: int, joined: Collection[int], count: int
) -> list[NearestEntry]:
    """Return the entries most similar to `unit`, the most similar first: all of `joined`, then others up to `count`.

    If nothing is similar, the nearest one is returned. Of entries nested in each other only one is returned; entries
    nested in `unit` or around it are left out.
    """
    own = views.units[unit]
    found = [
        NearestEntry(index, *shares)
        for index, other in enumerate(views.units)
        if index != unit and ((shares := compute_overlap(own, other)) != (0.0, 0.0) or index in joined)
    ]
    found.sort(key=lambda near: _make_sort_key(views, own, near, near.index in joined))
    chosen: list[NearestEntry] = []
    for near in found:
        if near.index not in joined and (
            len(chosen) >= count or (chosen and _compute_likeness(views, own, near) < _MIN_LIKENESS)
        ):
            break
        others = [own, *(views.units[one.index] for one in chosen)]
        if near.index in joined or not any(views.is_nested(views.units[near.index], other) for other in others):
            chosen.append(near)
    return chosen


def _make_sort_key(
    views: ComparisonContext, own: ComparedEntry, near: NearestEntry, joined: bool
) -> tuple[bool, float, int, int]:
    """Return a sort key: joined entries first, then by likeness; of blocks that are equally similar the inner one."""
    return not joined, -_compute_likeness(views, own, near), -views.units[near.index].depth, near.index


def _compute_likeness(views: ComparisonContext, own: ComparedEntry, near: NearestEntry) -> float:
    other = views.units[near.index]
    if {own.key, own.short} & {other.key, other.short} - {""}:  # the first that who asks has in mind
        return (near.jaccard + near.contained) / 2
    size = min(compute_weight("".join((unit.body, *unit.items))) for unit in (own, other))
    return (near.jaccard + (near.contained if size >= _MIN_CONTAINED_WEIGHT else 0)) / 2
