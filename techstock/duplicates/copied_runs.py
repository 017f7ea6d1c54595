"""Runs of neighboring entries that are copied together: in them, an entry is no coincidence, however short it is.

A link that a merge left in the place of a copy is part of a run as the copy was, so what a run is does not depend on
how many of its entries are merged.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

import msgspec

from techstock.duplicates.context import ComparisonContext
from techstock.duplicates.entries import ComparedEntry, build_compared_entries
from techstock.duplicates.entry_kinds import FIELD, FRAME, JOURNAL, QUOTE, SOURCE, STEP
from techstock.duplicates.kept_results import find_or_compute, make_key
from techstock.duplicates.matching import get_entry_kind, have_same_content, is_label_among
from techstock.duplicates.normalize import compute_weight
from techstock.duplicates.prose import get_position
from techstock.duplicates.term_keys import normalize_term
from techstock.links.anchors import get_anchors
from techstock.links.file_index import get_file_index
from techstock.links.resolver import resolve_link
from techstock.model import Corpus, Link, Note, compute_once

_ARROWS = ("→", "⇒")
_LEAST = 3  # entries, with one that differs between two of them at most
_LEAST_CONTRASTED = 5  # below two headings of one section, or two entries of one list, which say like things alike
_REACH = 3  # entries from one of a run to the next
_APART = 2 * _REACH  # so that the last list item of a note has no paragraph beside it
_SAYS = 100  # weight of all texts of a run
_SAYS_IN_SECTION = 60  # where both places are below one heading
_EXCLUDED = frozenset({FIELD, FRAME, SOURCE, QUOTE, JOURNAL})

_Key = tuple[int, int]  # two units, by index, the first before the second
_Ends = tuple[int, int]  # an entry of one note and one of the other, by index


class ReplacedCopy(msgspec.Struct, frozen=True):
    """An entry with a link behind an arrow, and the entries of `note` one of which says what it said; all by index."""

    entry: int
    note: int
    targets: Sequence[int]


def find_replaced_copies(corpus: Corpus, note: Note, numbers: Mapping[str, int]) -> Sequence[ReplacedCopy]:
    """Return the entries of a note in which an arrow leads to others, in order.

    `numbers` are the indexes of the notes that count, by path.
    """
    found: list[ReplacedCopy] = []
    for link in _iter_arrow_links(note):
        index = get_file_index(corpus.around or corpus)
        there = resolve_link(index, note, link)
        path = index.notes[there.path].path if there.path in index.notes else ""
        if path in numbers:
            other = corpus.notes[numbers[path]]
            targets = _list_target_entries(other, there.fragment, note.entries[link.entry].name)
            found.append(ReplacedCopy(link.entry, numbers[path], targets))
    return found


def _iter_arrow_links(note: Note) -> Iterator[Link]:
    """Yield the links behind an arrow in the first paragraphs of entries."""
    for link in note.links:
        if link.entry >= 0 and link.kind not in ("bare", "html"):
            lead = note.text[note.entries[link.entry].head.start : link.place.start]
            if lead.rstrip(" \t\u3000").endswith(_ARROWS):
                yield link


def _list_target_entries(note: Note, fragment: str, name: str) -> Sequence[int]:
    """Return the entries directly below a heading, all of a note without a fragment; those of this name if any are."""
    inside = range(len(note.entries))
    if fragment:
        anchors = get_anchors(note)
        wanted = (anchors.find_heading(fragment) or fragment).casefold().removeprefix("user-content-")
        at = next((at for at, anchor in enumerate(anchors.headings) if anchor.casefold() == wanted), -1)
        if at < 0:
            return ()
        ends = [*(heading.place.start for heading in note.headings), len(note.text)]
        first, last = (
            bisect_left(note.entries, end, key=lambda entry: entry.place.start) for end in (ends[at], ends[at + 1])
        )
        inside = range(first, last)
    term = normalize_term(name)
    return [index for index in inside if term and normalize_term(note.entries[index].name) == term] or inside


class _Spots(NamedTuple):
    """Two entries in the two orders in which others may follow: by position in their notes, and list items apart."""

    position: _Ends
    number: _Ends


class _RunPair(msgspec.Struct, frozen=True):
    """Two entries that may follow others of a run: two units, or a link and what it leads to (then without `key`).

    `ends` are the entries behind which the next of the run may follow: a link also stands for all that was nested in
    its copy. `says` are the entries that count.
    """

    spots: _Spots
    says: tuple[ComparedEntry, ...]
    key: _Key | None = None
    ends: tuple[_Spots, ...] = ()


_Chain = list[_RunPair]
_Links = tuple[Sequence[ReplacedCopy], Sequence[ReplacedCopy]]  # in each of two notes


def find_note_runs(
    views: ComparisonContext, notes: tuple[int, int], keys: Sequence[_Key], replaced: "ReplacedCopies"
) -> dict[_Key, int]:
    """Return the candidates between two notes that are part of a run, each with the number of its run from 0."""
    links = replaced.list_of_note(notes[0]), replaced.list_of_note(notes[1])
    if len(keys) + len(links[0]) + len(links[1]) < _LEAST:
        return {}
    pairs = [_make_pair(views, key) for key in keys]
    some = {pair.key: pair for chain in _find_chains(views.corpus, pairs, notes, links) for pair in chain if pair.key}
    left = [pair for pair in some.values() if pair.key and _may_be_of_run(views, pair.key)]
    runs = [chain for chain in _find_chains(views.corpus, left, notes, links) if _says_enough(views, chain)]
    return {pair.key: number for number, run in enumerate(runs) for pair in run if pair.key}


def _get_position(pair: _RunPair) -> _Ends:
    return pair.spots.position


def _make_pair(views: ComparisonContext, key: _Key) -> _RunPair:
    """Return the pair of two units. The fuller one counts: a merge leaves that, or more."""
    a, b = views.units[key[0]], views.units[key[1]]
    spots = _Spots((views.get_position(a), views.get_position(b)), (_number(a), _number(b)))
    return _RunPair(spots, (max(a, b, key=lambda unit: unit.weight),), key, (spots,))


def _number(unit: ComparedEntry) -> int:
    """Return the number of a unit among the list items of its note, or apart from these among its entries in prose."""
    return unit.entry + _APART if unit.form else unit.entry


class ReplacedCopies:
    """Lookup of the links that merges left, for each note read once; notes without pairs are not read."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._numbers = {note.path: number for number, note in enumerate(corpus.notes)}
        self._found: dict[int, Sequence[ReplacedCopy]] = {}

    def list_of_note(self, number: int) -> Sequence[ReplacedCopy]:
        """Return the links in a note, given by index."""
        if number not in self._found:
            has_some = self._has_arrow_links(number)
            note = self._corpus.notes[number]
            self._found[number] = find_replaced_copies(self._corpus, note, self._numbers) if has_some else ()
        return self._found[number]

    def _has_arrow_links(self, number: int) -> bool:
        """Return whether a note has links behind arrows; most have none, and need not be read to tell."""
        note = self._corpus.notes[number]
        if not self._corpus.kept:
            return any(True for _ in _iter_arrow_links(note))
        key = make_key("arrows", self._corpus, (number,))
        return find_or_compute(self._corpus, key, lambda: any(True for _ in _iter_arrow_links(note)), bool)


def _find_replaced_pairs(
    corpus: Corpus, pairs: Sequence[_RunPair], notes: tuple[int, int], links: _Links
) -> Iterator[_RunPair]:
    """Yield the links that are near pairs, or near links that are, each with what it may stand for in the other note.

    That is an entry to which it leads, or a link that leads where it does: of three copies, two became links.
    """
    if not (links[0] or links[1]):
        return
    spots = {pair.spots.number for pair in pairs}
    for side, direction in product((0, 1), (1, -1)):
        twins = {copy.entry: copy for copy in links[1 - side]}
        found: dict[int, set[int]] = {}
        for spot in spots:
            found.setdefault(spot[side], set()).add(spot[1 - side])
        for copy in links[side][::direction]:
            own = found.setdefault(copy.entry, set())
            for other in sorted(_list_next(copy.entry, found, direction) - own):
                block, says = _find_replaced_text(corpus, notes[1 - side], copy, other, twins.get(other))
                ends = tuple((copy.entry, end) if side == 0 else (end, copy.entry) for end in block)
                if says and (notes[0] != notes[1] or ends[0][0] < ends[0][1]):
                    own.update(block)
                    spots.update(ends)
                    both = tuple(_Spots(_locate_ends(corpus, notes, end), end) for end in ends)
                    yield _RunPair(both[0], says, None, both)


def _locate_ends(corpus: Corpus, notes: tuple[int, int], ends: _Ends) -> _Ends:
    """Return the positions of two list items in their notes."""
    return get_position(corpus.notes[notes[0]], ends[0]), get_position(corpus.notes[notes[1]], ends[1])


def _list_next(entry: int, found: Mapping[int, Iterable[int]], direction: int) -> set[int]:
    """Return the entries that follow, in this direction, those that are known to be a pair before this entry."""
    return {
        other + direction * further
        for step in range(1, _REACH + 1)
        for other in found.get(entry - direction * step, ())
        for further in range(1, _REACH + 1)
    }


def _find_replaced_text(
    corpus: Corpus, there: int, copy: ReplacedCopy, other: int, twin: ReplacedCopy | None
) -> tuple[range, tuple[ComparedEntry, ...]]:
    """Return the entries of a note that a link stands for if it is a pair with one of them, and what they say."""
    if copy.note == there and other in copy.targets:
        block = _list_block(corpus.notes[there], other)
        return block, _list_texts(corpus.notes[there], block)
    both = [target for target in copy.targets if target in twin.targets] if twin and twin.note == copy.note else []
    note = corpus.notes[copy.note]
    said = (_list_texts(note, _list_block(note, target)) for target in both)
    return range(other, other + 1), max(said, key=lambda says: sum(unit.weight for unit in says), default=())


def _list_texts(note: Note, block: range) -> tuple[ComparedEntry, ...]:
    return tuple(unit for unit in compute_once(note, _get_compared_entries) if unit.entry in block)


def _get_compared_entries(note: Note) -> Sequence[ComparedEntry]:
    return note.get_or_compute("units", build_compared_entries)


_STEPS = tuple(product(range(1, _REACH + 1), repeat=2))


def _list_block(note: Note, index: int) -> range:
    """Return an entry with all that is nested in it."""
    end = index + 1
    while end < len(note.entries) and note.entries[end].place.start < note.entries[index].place.end:
        end += 1
    return range(index, end)


def _find_chains(corpus: Corpus, units: Sequence[_RunPair], notes: tuple[int, int], links: _Links) -> list[_Chain]:
    """Return the chains of pairs whose entries follow each other in both places, each with enough of them."""
    pairs = sorted([*units, *_find_replaced_pairs(corpus, units, notes, links)], key=_get_position)
    at: tuple[dict[_Ends, int], dict[_Ends, int]] = {}, {}
    length: list[tuple[int, int]] = []  # units first: of all that a link may stand for, what leaves most of them counts
    before: list[int] = []
    for number, pair in enumerate(pairs):
        earlier = [
            found_at[spot]
            for found_at, (first, second) in zip(at, pair.spots, strict=True)
            for one, other in _STEPS
            if (spot := (first - one, second - other)) in found_at
        ]
        best = max(earlier, key=length.__getitem__, default=-1)
        units_before, entries_before = length[best] if best >= 0 else (0, 0)
        length.append((units_before + bool(pair.key), entries_before + len(pair.says)))
        before.append(best)
        for end in pair.ends:
            for found_at, spot in zip(at, end, strict=True):
                if spot not in found_at or length[found_at[spot]] < length[number]:
                    found_at[spot] = number
    taken: set[int] = set()
    found = []
    for last in sorted(range(len(pairs)), key=length.__getitem__, reverse=True):
        chain: _Chain = []
        step = last
        while step >= 0 and step not in taken:
            chain.append(pairs[step])
            taken.add(step)
            step = before[step]
        if _count_entries(chain) >= _LEAST and not _overlaps(notes, chain):
            found.append(chain[::-1])
    return found


def _count_entries(chain: _Chain) -> int:
    return sum(len(pair.says) for pair in chain)


def _overlaps(notes: tuple[int, int], chain: _Chain) -> bool:
    """Return whether the two places of a chain of one note, given from its end, run into each other."""
    return notes[0] == notes[1] and chain[0].ends[-1].position[0] >= chain[-1].spots.position[1]


def _may_be_of_run(views: ComparisonContext, pair: _Key) -> bool:
    a, b = views.units[pair[0]], views.units[pair[1]]
    if views.are_publications(a.note, b.note) or views.are_project_files(a, b) or views.are_in_one_note(a, b):
        return False
    is_one_section = (a.note, a.section) == (b.note, b.section)
    if is_one_section and a.own != b.own:
        return False
    kinds = {get_entry_kind(views, a), get_entry_kind(views, b)}
    if a.note != b.note and (views.is_framed(a) or views.is_framed(b)):
        return False
    if kinds & _EXCLUDED or (STEP in kinds and not is_one_section):
        return False
    return have_same_content(a, b)


def _are_contrasted(views: ComparisonContext, first: int, second: int) -> bool:
    a, b = views.units[first], views.units[second]
    return views.are_below_siblings(a, b) or views.is_cousin(a, b)


def _are_most(views: ComparisonContext, key: _Key, count: int) -> bool:
    """Return whether so many are most of two lists, at the same places: steps are copied with their procedure."""
    lists = [views.corpus.notes[unit.note].siblings[unit.list] for unit in map(views.units.__getitem__, key)]
    one, other = (list_.index(views.units[index].entry) for list_, index in zip(lists, key, strict=True))
    return one == other and all(3 * count >= 2 * len(list_) for list_ in lists)


def _says_enough(views: ComparisonContext, chain: _Chain) -> bool:
    keys = [pair.key for pair in chain if pair.key]
    if not keys:
        return False
    says = [unit for pair in chain for unit in pair.says]
    owns = {unit.own for unit in says}
    a, b = (views.units[index] for index in keys[0])
    if any(_are_contrasted(views, *key) for key in keys) and len(says) < _LEAST_CONTRASTED:
        return False
    if any(views.units[first].kind == STEP for first, _ in keys) and not _are_most(views, keys[0], len(says)):
        return False
    if sum(not is_label_among(views, unit) for unit in says) < _LEAST:
        return False
    least = _SAYS_IN_SECTION if (a.note, a.section) == (b.note, b.section) else _SAYS
    return len(owns) >= _LEAST and sum(map(compute_weight, owns)) >= least
