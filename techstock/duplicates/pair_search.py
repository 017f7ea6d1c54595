"""Search for pairs of entries that are copies; only candidates are compared, so that time grows with the notes."""

from collections.abc import Callable, Iterable, Iterator
from itertools import combinations, pairwise

from techstock.duplicates.candidates import is_template
from techstock.duplicates.context import ComparisonContext
from techstock.duplicates.copied_runs import find_runs
from techstock.duplicates.entries import ComparedEntry, get_sentence_match_keys, get_term_match_keys
from techstock.duplicates.matching import DuplicatePair, judge_pair
from techstock.duplicates.prose import PARAGRAPH

# More copies of one thing are compared with their neighbors only. Texts that are equal need no more to be one cluster.
_MANY_TEXTS, _MANY_TERMS = 12, 40


def find_pairs(views: ComparisonContext) -> list[DuplicatePair]:
    """Return every pair with a sign but likeness, once, in the order of its units."""
    candidates: set[tuple[int, int]] = set()
    for handles, many in _HANDLES:
        candidates.update(_candidates(views, handles, many))
    views.runs = find_runs(views, candidates)
    judged = (judge_pair(views, *candidate) for candidate in sorted(candidates))
    return [found for found in judged if isinstance(found, DuplicatePair)]


_Handles = Callable[[ComparedEntry], Iterable[object]]


def _candidates(views: ComparisonContext, handles: _Handles, many: int) -> Iterator[tuple[int, int]]:
    """Pairs of units in one scope that have a handle in common; neighbors only where more than `many` have it."""
    groups: dict[tuple[object, object], list[int]] = {}
    for index, unit in enumerate(views.units):
        for handle in () if views.is_untranslated_copy(index) else handles(unit):
            if unit.form == PARAGRAPH and is_template(views.corpus, handle):
                continue
            groups.setdefault((views.get_scope_key(unit), handle), []).append(index)
    for members in groups.values():
        if len(members) > 1:
            yield from combinations(members, 2) if len(members) <= many else pairwise(members)


def _texts(unit: ComparedEntry) -> Iterable[object]:
    return (unit.own if unit.body else (unit.own, unit.items),)


def _lists(unit: ComparedEntry) -> Iterable[object]:
    return ((unit.note, unit.list, unit.name),) if unit.name else ()


_HANDLES: tuple[tuple[_Handles, int], ...] = (
    (_texts, _MANY_TEXTS),
    (get_sentence_match_keys, _MANY_TEXTS),
    (_lists, _MANY_TERMS),
    (get_term_match_keys, _MANY_TERMS),
)
