"""Search for pairs of entries that are copies; only candidates are compared, so that time grows with the notes."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, combinations, pairwise

from techstock.duplicates.candidates import is_template
from techstock.duplicates.context import ComparisonContext
from techstock.duplicates.entries import ComparedEntry, get_sentence_match_keys, get_term_match_keys
from techstock.duplicates.matching import DuplicatePair
from techstock.duplicates.note_pairs import Candidate, NoteComparer
from techstock.duplicates.prose import PARAGRAPH

# More copies of one thing are compared with their neighbors only. Texts that are equal need no more to be one cluster.
_MANY_TEXTS, _MANY_TERMS = 12, 40


def find_pairs(views: ComparisonContext) -> list[DuplicatePair]:
    """Return every pair with a sign but likeness, once, in the order of its units."""
    candidates: set[Candidate] = set()
    for handles, many in _HANDLES:
        candidates.update(_candidates(views, handles, many))
    comparer = NoteComparer(views)
    found = (comparer.compare_notes(*between) for between in _group_by_notes(views, candidates).items())
    return sorted(chain.from_iterable(found), key=_get_candidate)


def _group_by_notes(
    views: ComparisonContext, candidates: Iterable[Candidate]
) -> dict[tuple[int, int], list[Candidate]]:
    """Return the candidates by the notes of their units, in order."""
    found: dict[tuple[int, int], list[Candidate]] = {}
    for first, second in sorted(candidates):
        notes = views.units[first].note, views.units[second].note
        found.setdefault(notes, []).append((first, second))
    return found


def _get_candidate(pair: DuplicatePair) -> Candidate:
    return pair.first, pair.second


_Handles = Callable[[ComparedEntry], Iterable[object]]


def _candidates(views: ComparisonContext, handles: _Handles, many: int) -> Iterator[Candidate]:
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
