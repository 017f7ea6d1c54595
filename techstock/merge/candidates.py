"""Duplicate clusters that an entry belongs to."""

from collections.abc import Collection, Iterator, Sequence

import msgspec

from techstock.duplicates import CONFLICT, DEFINITION, NEAR, REPEATED, TERM
from techstock.duplicates.clusters import DuplicateCluster, compare_candidate_entries, find_clusters
from techstock.duplicates.entries import ComparedEntry, make_natural_sort_key
from techstock.duplicates.prose import get_compared_entry, get_position, list_compared_entries
from techstock.model import Corpus, Diagnostic, Note, Span

MERGEABLE_RULES = {
    "duplicate-definition": DEFINITION,
    "duplicate-term": TERM,
    "term-repeated": REPEATED,
    "near-duplicate": NEAR,
    "term-conflict": CONFLICT,
}
"""The rules whose copies can be merged, strongest first, with their names in duplicate clusters."""


class MergeCandidate(msgspec.Struct, frozen=True):
    """A duplicate cluster to merge: its copies in reading order, its rule, and the index of the copy to keep.

    `entry` is the index of the requested copy. `whole` is that of `DuplicateCluster`.
    """

    rule: str
    copies: tuple[ComparedEntry, ...]
    kept: int
    entry: int
    whole: frozenset[tuple[int, int]]


def find_merge_candidates(corpus: Corpus, note: Note, entry: int, rules: Collection[str]) -> Iterator[MergeCandidate]:
    """Yield the clusters of an entry, or of the nearest entry around it that has any, one for each rule."""
    number = corpus.notes.index(note)
    found = [
        (rule, finding)
        for rule in MERGEABLE_RULES
        if rule in rules
        for finding in _find_unsuppressed_clusters(corpus, rule)
    ]
    while entry >= 0:
        own = [(rule, finding) for rule, finding in found if (number, entry) in finding.members]
        for rule, finding in own:
            cluster = _build_candidate(corpus, rule, finding, (number, entry))
            if len(cluster.copies) > 1:
                yield cluster
        if own:
            return
        entry = get_compared_entry(note, entry).parent


def find_nested_copies(corpus: Corpus, note: Note, entry: int, rules: Collection[str]) -> list[int]:
    """Return the entries nested in an entry that are copies of others."""
    number, place = corpus.notes.index(note), get_compared_entry(note, entry).place
    ends = {
        end
        for rule in MERGEABLE_RULES
        if rule in rules
        for finding in _find_unsuppressed_clusters(corpus, rule)
        for end in finding.members
    }
    return sorted(
        one
        for own, one in ends
        if own == number and one != entry and place.contains(get_compared_entry(note, one).place)
    )


def find_suppressing_comment(corpus: Corpus, note: Note, entry: int) -> Span | None:
    """Return the comment that suppresses the duplicates of an entry; `None` if there is none."""
    number = corpus.notes.index(note)
    for rule in MERGEABLE_RULES.values():
        for finding in find_clusters(corpus, rule) if rule != NEAR else ():
            if finding.ignored and (number, entry) in finding.members:
                return finding.ignored[0]
    return None


def find_copies_of_note(corpus: Corpus, note: Note) -> list[Note]:
    """Return the notes that are mostly a copy of this one, or that this one is mostly a copy of."""
    number = corpus.notes.index(note)
    pairs = (copy.notes for copy in compare_candidate_entries(corpus).copies)
    return [corpus.notes[other] for pair in pairs if number in pair for other in sorted(pair - {number})]


def _find_unsuppressed_clusters(corpus: Corpus, rule: str) -> Iterator[DuplicateCluster]:
    return (finding for finding in find_clusters(corpus, MERGEABLE_RULES[rule]) if not finding.ignored)


def _build_candidate(corpus: Corpus, rule: str, finding: DuplicateCluster, end: tuple[int, int]) -> MergeCandidate:
    """Return a merge candidate for a duplicate cluster; a copy nested in another copy counts as part of it."""
    every = sorted(
        (finding.kept, *finding.others),
        key=lambda unit: (
            make_natural_sort_key(corpus.notes[unit.note].path),
            get_position(corpus.notes[unit.note], unit.entry),
        ),
    )
    outer = {(unit.note, unit.entry): _find_outermost_copy(corpus, unit, every) for unit in every}
    copies = [unit for unit in every if outer[unit.note, unit.entry] is unit]
    kept, asked = copies.index(outer[finding.kept.note, finding.kept.entry]), copies.index(outer[end])
    return MergeCandidate(rule, tuple(copies), kept, asked, finding.whole)


def _find_outermost_copy(corpus: Corpus, unit: ComparedEntry, every: Sequence[ComparedEntry]) -> ComparedEntry:
    place = get_compared_entry(corpus.notes[unit.note], unit.entry).place
    around = (one for one in every if one.note == unit.note)
    return next(one for one in around if get_compared_entry(corpus.notes[one.note], one.entry).place.contains(place))


def find_innermost_entry(corpus: Corpus, place: Span) -> tuple[int, int] | None:
    """Return the note and the innermost entry, also in prose, at the beginning of a place, both by index."""
    note = corpus.by_path[place.path]
    entries = list_compared_entries(note)
    around = [index for index, entry in enumerate(entries) if entry.place.start <= place.start < entry.place.end]
    inner = max(around, key=lambda index: entries[index].place.start, default=None)
    return None if inner is None else (corpus.notes.index(note), inner)


def find_candidate_of_finding(corpus: Corpus, one: Diagnostic) -> MergeCandidate | None:
    """Return the copies of a finding of a mergeable rule; None if there is nothing to merge."""
    places = [one.problem.place, *(other.place for other in one.problem.related)]
    spots = {find_innermost_entry(corpus, place) for place in places}
    home = find_innermost_entry(corpus, one.problem.place)
    if home is None:
        return None
    some = find_merge_candidates(corpus, corpus.notes[home[0]], home[1], [one.rule])
    return max(
        some, key=lambda cluster: len(spots & {(copy.note, copy.entry) for copy in cluster.copies}), default=None
    )
