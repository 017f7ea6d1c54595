"""Search for pairs of entries that are copies; only candidates are compared, so that time grows with the notes.

The result for two notes depends on little else, and is kept for later. What else it depends on is part of its key: the
labels that are learned from all notes, the entries that are candidates, and what the links that merges left in the two
notes lead to.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, combinations, pairwise

import msgspec
from msgspec.structs import replace

from techstock.duplicates.candidates import is_template
from techstock.duplicates.context import ComparisonContext, Spot
from techstock.duplicates.copied_runs import ReplacedCopies, find_note_runs
from techstock.duplicates.entries import ComparedEntry, get_sentence_match_keys, get_term_match_keys
from techstock.duplicates.kept_results import find_result, get_note_key, keep_result, make_key
from techstock.duplicates.matching import DuplicatePair, judge_pair
from techstock.duplicates.prose import PARAGRAPH, get_compared_entry
from techstock.model import Note

Candidate = tuple[int, int]
"""Two units that may be a pair, by index, the first before the second."""


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


class ComparedNotes(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The result of a comparison of two notes, or of one with itself, for a sequence of candidates.

    `pairs` are the pairs that were found, each behind the position of its candidate; `nested` are the positions of
    those inside two blocks that are copies of each other. `runs` are the positions of the candidates that are part of a
    copied run, each with the number of that run. `are_editions`: the notes are two editions of one text.
    """

    pairs: tuple[tuple[int, DuplicatePair], ...] = ()
    nested: tuple[int, ...] = ()
    runs: tuple[tuple[int, int], ...] = ()
    are_editions: bool = False


class NoteComparer:
    """Compares notes, or finds what an earlier run found, and tells the views which entries are in copied runs."""

    def __init__(self, views: ComparisonContext) -> None:
        self._views, self._corpus = views, views.corpus
        self._replaced = ReplacedCopies(views.corpus)
        self._learned = make_key("learned", views.corpus, (), views.list_learned()) if views.corpus.kept else b""
        self._count = 0  # of runs

    def compare_notes(self, notes: tuple[int, int], candidates: Sequence[Candidate]) -> Iterator[DuplicatePair]:
        """Yield the pairs of two notes, given by index, among all candidates between them."""
        found = self._find_result(notes, candidates)
        self._add_runs((candidates[number], run) for number, run in found.runs)
        self._count += 1 + max((run for _, run in found.runs), default=-1)
        self._views.nested.update(candidates[number] for number in found.nested)
        if found.pairs:
            self._views.editions[notes] = found.are_editions
        for number, pair in found.pairs:
            first, second = candidates[number]
            yield replace(pair, first=first, second=second)

    def _find_result(self, notes: tuple[int, int], candidates: Sequence[Candidate]) -> ComparedNotes:
        if not self._corpus.kept:
            return self._compare(notes, candidates)
        key = self._make_key(notes, candidates)
        found = find_result(self._corpus, key, ComparedNotes)
        if found is None or not _has_valid_numbers(found, len(candidates)):
            found = self._compare(notes, candidates)
            keep_result(self._corpus, key, found)
        return found

    def _make_key(self, notes: tuple[int, int], candidates: Sequence[Candidate]) -> bytes:
        units = self._views.units
        entries = array("Q", [units[index].entry for candidate in candidates for index in candidate])
        links = [
            (copy.entry, get_note_key(self._corpus, copy.note), tuple(copy.targets))
            for note in notes
            for copy in self._replaced.list_of_note(note)
        ]
        return make_key("notes", self._corpus, notes, self._learned, entries.tobytes(), links)

    def _compare(self, notes: tuple[int, int], candidates: Sequence[Candidate]) -> ComparedNotes:
        runs = find_note_runs(self._views, notes, candidates, self._replaced)
        self._add_runs(runs.items())
        pairs = {
            candidate: pair
            for candidate in candidates
            if isinstance(pair := judge_pair(self._views, *candidate), DuplicatePair)
        }
        nested = find_nested_pairs(self._views, pairs.values())
        numbers = {candidate: number for number, candidate in enumerate(candidates)}
        return ComparedNotes(
            tuple((numbers[candidate], pair) for candidate, pair in pairs.items()),
            tuple(numbers[candidate] for candidate in pairs if candidate in nested),
            tuple((numbers[candidate], run) for candidate, run in runs.items()),
            bool(pairs) and self._views.are_editions(*notes),
        )

    def _add_runs(self, runs: Iterable[tuple[Candidate, int]]) -> None:
        self._views.runs.update(
            ((_locate_unit(self._views, first), _locate_unit(self._views, second)), self._count + run)
            for (first, second), run in runs
        )


def _has_valid_numbers(found: ComparedNotes, count: int) -> bool:
    """Return whether a result can be one for so many candidates: whoever writes the file can write anything."""
    numbers = (*(number for number, _ in (*found.pairs, *found.runs)), *found.nested)
    return all(0 <= number < count for number in numbers)


def find_nested_pairs(views: ComparisonContext, found: Iterable[DuplicatePair]) -> set[Candidate]:
    """Return the pairs inside two blocks that are copies of each other."""
    pairs = list(found)
    blocks = {get_pair_ends(views, pair) for pair in pairs if pair.whole}
    return {(pair.first, pair.second) for pair in pairs if blocks and _is_inside_copied_block(views, pair, blocks)}


def get_pair_ends(views: ComparisonContext, pair: DuplicatePair) -> tuple[Spot, Spot]:
    """Return the entries of a pair, each by the index of its note and its own."""
    return _locate_unit(views, pair.first), _locate_unit(views, pair.second)


def _locate_unit(views: ComparisonContext, index: int) -> Spot:
    unit = views.units[index]
    return unit.note, unit.entry


def _is_inside_copied_block(views: ComparisonContext, pair: DuplicatePair, blocks: set[tuple[Spot, Spot]]) -> bool:
    one, other = (_list_ancestors(views.corpus.notes[note], note, entry) for note, entry in get_pair_ends(views, pair))
    return any((a, b) in blocks or (b, a) in blocks for a in one for b in other)


def _list_ancestors(note: Note, number: int, entry: int) -> list[Spot]:
    """Return the entries around an entry, from the inside out, each with the index of its note."""
    found = []
    while (entry := get_compared_entry(note, entry).parent) >= 0:
        found.append((number, entry))
    return found
