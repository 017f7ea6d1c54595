"""Runs of neighboring entries that are copied together: in them, an entry is no coincidence, however short it is."""

from collections.abc import Iterable

from techstock.duplicates.context import ComparisonContext, Spot
from techstock.duplicates.entries import ComparedEntry
from techstock.duplicates.entry_kinds import FIELD, FRAME, JOURNAL, QUOTE, SOURCE, STEP
from techstock.duplicates.matching import get_entry_kind, have_same_content, is_label_among
from techstock.duplicates.normalize import compute_weight

_LEAST = 3  # entries, with one that differs between two of them at most
_LEAST_CONTRASTED = 5  # below two headings of one section, or two entries of one list, which say like things alike
_REACH = 3  # entries from one of a run to the next
_APART = 2 * _REACH  # so that the last list item of a note has no paragraph beside it
_SAYS = 100  # weight of all texts of a run
_SAYS_IN_SECTION = 60  # where both places are below one heading
_EXCLUDED = frozenset({FIELD, FRAME, SOURCE, QUOTE, JOURNAL})

_Key = tuple[int, int]  # two units, by index, the first before the second


def find_runs(views: ComparisonContext, candidates: Iterable[_Key]) -> dict[tuple[Spot, Spot], int]:
    """Return the pairs of entries, of those candidates that are part of a run, each with the number of its run."""
    runs: list[list[_Key]] = []
    for pairs in _group_by_notes(views, candidates).values():
        if len(pairs) >= _LEAST:
            some = [pair for chain in _find_chains(views, pairs) for pair in chain]
            some = sorted({pair for pair in some if _may_be_of_run(views, pair)})
            runs += (chain for chain in _find_chains(views, some) if _says_enough(views, chain))
    return {
        (_locate_entry(views, first), _locate_entry(views, second)): number
        for number, run in enumerate(runs)
        for first, second in run
    }


def _locate_entry(views: ComparisonContext, index: int) -> Spot:
    return views.units[index].note, views.units[index].entry


def _group_by_notes(views: ComparisonContext, candidates: Iterable[_Key]) -> dict[tuple[int, int], list[_Key]]:
    """Return the candidates by the notes of their units, in order."""
    found: dict[tuple[int, int], list[_Key]] = {}
    for first, second in sorted(candidates):
        notes = views.units[first].note, views.units[second].note
        found.setdefault(notes, []).append((first, second))
    return found


def _find_chains(views: ComparisonContext, pairs: list[_Key]) -> list[list[_Key]]:
    """Return the chains of pairs whose entries follow each other in both places, each with enough of them."""
    entries = {
        pair: (views.get_position(views.units[pair[0]]), views.get_position(views.units[pair[1]])) for pair in pairs
    }
    alike = {pair: (_number(views.units[pair[0]]), _number(views.units[pair[1]])) for pair in pairs}
    orders = [(spots, {spot: pair for pair, spot in spots.items()}) for spots in (entries, alike)]
    length: dict[_Key, int] = {}
    before: dict[_Key, _Key | None] = {}
    steps = [(one, other) for one in range(1, _REACH + 1) for other in range(1, _REACH + 1)]
    for pair in pairs:
        earlier = [
            at[spot]
            for spots, at in orders
            for one, other in steps
            if (spot := (spots[pair][0] - one, spots[pair][1] - other)) in at
        ]
        best = max((one for one in earlier if one in length), key=length.__getitem__, default=None)
        length[pair] = 1 + (length[best] if best else 0)
        before[pair] = best
    ends = sorted(pairs, key=lambda pair: -length[pair])
    taken: set[_Key] = set()
    found = []
    for end in ends:
        chain: list[_Key] = []
        step: _Key | None = end
        while step is not None and step not in taken:
            chain.append(step)
            taken.add(step)
            step = before[step]
        if len(chain) >= _LEAST and not _overlaps(views, entries, chain):
            found.append(chain[::-1])
    return found


def _number(unit: ComparedEntry) -> int:
    """Return the number of a unit among the list items of its note, or apart from these among its entries in prose."""
    return unit.entry + _APART if unit.form else unit.entry


def _overlaps(views: ComparisonContext, entries: dict[_Key, tuple[int, int]], chain: list[_Key]) -> bool:
    """Return whether the two places of a chain of one note run into each other."""
    first, last = chain[-1], chain[0]
    return views.units[first[0]].note == views.units[first[1]].note and entries[last][0] >= entries[first][1]


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


def _are_most(views: ComparisonContext, chain: list[_Key]) -> bool:
    """Return whether a chain is most of two lists, at the same places: steps are copied with their procedure."""
    lists = [views.corpus.notes[unit.note].siblings[unit.list] for unit in map(views.units.__getitem__, chain[0])]
    one, other = (list_.index(views.units[index].entry) for list_, index in zip(lists, chain[0], strict=True))
    return one == other and all(3 * len(chain) >= 2 * len(list_) for list_ in lists)


def _says_enough(views: ComparisonContext, chain: list[_Key]) -> bool:
    owns = {views.units[first].own for first, _ in chain}
    a, b = (views.units[index] for index in chain[0])
    if any(_are_contrasted(views, *pair) for pair in chain) and len(chain) < _LEAST_CONTRASTED:
        return False
    if any(views.units[first].kind == STEP for first, _ in chain) and not _are_most(views, chain):
        return False
    if sum(not is_label_among(views, views.units[first]) for first, _ in chain) < _LEAST:
        return False
    least = _SAYS_IN_SECTION if (a.note, a.section) == (b.note, b.section) else _SAYS
    return len(owns) >= _LEAST and sum(map(compute_weight, owns)) >= least
