"""Clusters of duplicates: one for all copies of a thing, one for a copied block, and copied files before both."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec
from msgspec.structs import replace

from techstock.model import Corpus, Note, Place
from techstock.similarity.apart import DEFINITION, Apart, name, together
from techstock.similarity.copies import Copy, copies
from techstock.similarity.handles import common_labels, handles, sharing
from techstock.similarity.pairs import CONFLICT, EXACT, NEAR, REPEATED, SENTENCE, TERM, Pair, pairs
from techstock.similarity.units import Unit, units
from techstock.similarity.views import Views, Whole, amounts
from techstock.similarity.words import weight

__all__ = ["DEFINITION", "Decision", "Finding", "decide", "findings", "name", "place"]

_TOGETHER = ((EXACT, SENTENCE, TERM), (REPEATED,), (CONFLICT,))  # pairs of which kinds make one cluster
TEMPLATE = 8  # what stands in more notes than this is a template
_FULLER = 1.5  # a later copy that says so much more is the one to keep


class Finding(msgspec.Struct, frozen=True):
    """All copies of one thing: `kept` is the one to keep, `others` are the other entries in reading order.

    `whole` are the copies whose nested entries are copied as well. `kind`, `score` and `sentence` are those of the pair
    that connects the last copy to the rest. `ignored` are the rule names in the comments that suppress this pair.
    """

    kept: Unit
    others: tuple[Unit, ...]
    whole: frozenset[tuple[int, int]]
    kind: str
    score: float
    sentence: str
    ignored: tuple[Place, ...] = ()

    @property
    def members(self) -> set[tuple[int, int]]:
        """Return all copies, each by the index of its note and the index of its entry there."""
        return {(unit.note, unit.entry) for unit in (self.kept, *self.others)}


class Decision(msgspec.Struct, frozen=True):
    """Results of the duplicate rules: clusters by rule, and copied files. No pair is in two of them.

    `found` are all pairs but near ones, `stands_for` maps each member of a cluster to the copy that represents it,
    `apart` knows the suppressed pairs, `taken` are the pairs of representatives that are already in a cluster.
    """

    views: Views
    apart: Apart
    copies: tuple[Copy, ...]
    findings: dict[str, tuple[Finding, ...]]
    found: tuple[Pair, ...]
    stands_for: dict[int, int]
    taken: set[tuple[int, int]]


def decide(corpus: Corpus) -> Decision:
    """Return the results of a comparison of all entries, computed once for each corpus.

    They depend only on its notes, its scope and the labels of all notes.
    """
    if "duplicates" not in corpus.memo:
        found = units(corpus)
        whole = Whole(common_labels(corpus.around), amounts(found)) if corpus.around else None
        corpus.memo["duplicates"] = _decide(Views(corpus, found, corpus.duplicate_scope, whole))
    decision: Decision = corpus.memo["duplicates"]
    return decision


def decide_pairs(corpus: Corpus) -> Decision:
    """Return the same clusters and copies as `compare_all_entries`, from those entries only that may be part of a pair.

    Most notes have none.
    """
    if "duplicates" in corpus.memo:
        return decide(corpus)
    if "pairs" not in corpus.memo:
        every = [handles(note) for note in corpus.notes]
        whole = Whole(
            common_labels(corpus.around or corpus),
            {number: (own.count, own.weight) for number, own in enumerate(every)},
        )
        some = units(corpus, sharing(corpus, every))
        corpus.memo["pairs"] = _decide(Views(corpus, some, corpus.duplicate_scope, whole))
    decision: Decision = corpus.memo["pairs"]
    return decision


def _decide(views: Views) -> Decision:
    found = pairs(views)
    files = copies(views, found)
    copied = {copy.notes for copy in files}
    apart = Apart(views)
    left = _outermost(views, [pair for pair in found if _notes(views, pair) not in copied])
    reported: dict[str, list[Finding]] = {}
    stands_for: dict[int, int] = {}
    taken: set[tuple[int, int]] = set()
    for kinds in _TOGETHER:
        for group in _clusters(_between([pair for pair in left if pair.kind in kinds], stands_for, taken)):
            members = sorted({index for pair in group for index in (pair.first, pair.second)})
            kept = _kept(views, members)
            for index in members:
                stands_for.setdefault(index, stands_for.get(kept, kept))
            if len({views.units[index].note for index in members}) <= TEMPLATE:
                for rule, finding in _reported(views, apart, group):
                    reported.setdefault(rule, []).append(finding)
    frozen = {rule: tuple(group) for rule, group in reported.items()}
    return Decision(views, apart, files, frozen, tuple(found), stands_for, taken)


def findings(corpus: Corpus, rule: str) -> tuple[Finding, ...]:
    """Return the clusters of one rule; near pairs are only searched for when their rule asks."""
    decision = decide(corpus) if rule == NEAR else decide_pairs(corpus)
    if rule == NEAR and NEAR not in decision.findings:
        decision.findings[NEAR] = tuple(finding for _, finding in _near_findings(decision))
    return decision.findings.get(rule, ())


def _near_findings(decision: Decision) -> Iterator[tuple[str, Finding]]:
    from techstock.similarity.guards import allows
    from techstock.similarity.near import near

    views = decision.views
    stronger = {(pair.first, pair.second) for pair in decision.found}
    likely = [
        Pair(first, second, NEAR, score)
        for first, second, score in near(views)
        if (first, second) not in stronger and not allows(views, first, second)
    ]
    copied = {copy.notes for copy in decision.copies}
    blocks = [pair for pair in decision.found if pair.whole]
    left = _outermost(views, [*blocks, *(pair for pair in likely if _notes(views, pair) not in copied)])
    left = [pair for pair in left if pair.kind == NEAR]
    for group in _clusters(_between(left, dict(decision.stands_for), set(decision.taken))):
        notes = {views.units[index].note for pair in group for index in (pair.first, pair.second)}
        if len(notes) <= TEMPLATE:
            yield from _reported(views, decision.apart, group)


def _between(found: Iterable[Pair], stands_for: dict[int, int], taken: set[tuple[int, int]]) -> list[Pair]:
    """Return the pairs that connect two different things, only the first of several that connect the same two.

    `stands_for` maps an entry to the copy that represents it; `taken` are the pairs of representatives from earlier
    calls, and is updated.
    """
    between: dict[tuple[int, int], Pair] = {}
    for pair in found:
        ends = sorted((stands_for.get(pair.first, pair.first), stands_for.get(pair.second, pair.second)))
        if ends[0] == ends[1]:
            continue
        if pair.kind == REPEATED:
            between[pair.first, pair.second] = pair
        elif (ends[0], ends[1]) not in taken:
            between.setdefault((ends[0], ends[1]), pair)
    taken.update(between)
    return list(between.values())


def _rule(group: Sequence[Pair]) -> str:
    """Return the strongest rule among the pairs of a cluster, which is reported once."""
    kinds = {pair.kind for pair in group}
    return DEFINITION if kinds & {EXACT, SENTENCE} else next(iter(kinds))


def _notes(views: Views, pair: Pair) -> frozenset[int]:
    return frozenset((views.units[pair.first].note, views.units[pair.second].note))


def _outermost(views: Views, found: Sequence[Pair]) -> list[Pair]:
    """Return the pairs without those inside two blocks that are copies of each other."""
    blocks = {_ends(views, pair) for pair in found if pair.whole}
    return [pair for pair in found if not _is_inside(views, pair, blocks)]


def _ends(views: Views, pair: Pair) -> tuple[tuple[int, int], tuple[int, int]]:
    one, other = views.units[pair.first], views.units[pair.second]
    return (one.note, one.entry), (other.note, other.entry)


def _is_inside(views: Views, pair: Pair, blocks: set[tuple[tuple[int, int], tuple[int, int]]]) -> bool:
    if not blocks:
        return False
    one, other = (_around(views.corpus.notes[note], note, entry) for note, entry in _ends(views, pair))
    return any((a, b) in blocks or (b, a) in blocks for a in one for b in other)


def _around(note: Note, number: int, entry: int) -> list[tuple[int, int]]:
    """Return the entries around an entry, from the inside out, each with the index of its note."""
    found = []
    while (entry := note.entries[entry].parent) >= 0:
        found.append((number, entry))
    return found


def _clusters(found: Sequence[Pair]) -> list[list[Pair]]:
    """Return the pairs in groups; pairs that share an entry are in the same group."""
    groups: dict[int, list[Pair]] = {}
    roots = _roots(found)
    for pair in found:
        groups.setdefault(roots[pair.first], []).append(pair)
    return list(groups.values())


def _roots(found: Iterable[Pair]) -> dict[int, int]:
    """Return for each entry one that represents all entries connected with it."""
    above: dict[int, int] = {}

    def root(index: int) -> int:
        while above.setdefault(index, index) != index:
            above[index] = index = above[above[index]]
        return index

    for pair in found:
        one, other = root(pair.first), root(pair.second)
        above[max(one, other)] = min(one, other)
    return {index: root(index) for index in list(above)}


def _reported(views: Views, apart: Apart, group: Sequence[Pair]) -> Iterator[tuple[str, Finding]]:
    """Yield a cluster, or the parts into which comments split it, each with its rule.

    Each suppressed pair is an ignored cluster of its own. Templates and representatives have been decided before, for
    the cluster as a whole, so a split changes neither.
    """
    rule = _rule(group)
    silenced = {pair: by for pair in group if (by := apart.pair(pair, rule))[1]}
    for pair, (named, places) in silenced.items():
        yield named, replace(_finding(views, [pair]), ignored=places)
    for joined in _clusters([pair for pair in group if pair not in silenced] if silenced else group):
        for part in together(joined, silenced):
            yield _rule(part), _finding(views, part)


def _finding(views: Views, group: Sequence[Pair]) -> Finding:
    members = sorted({index for pair in group for index in (pair.first, pair.second)})
    kept = _kept(views, members)
    others = [index for index in members if index != kept]
    last = others[-1]
    joins = [pair for pair in group if last in (pair.first, pair.second)]
    pair = max(joins, key=lambda pair: (kept in (pair.first, pair.second), pair.score))
    return Finding(
        views.units[kept],
        tuple(views.units[index] for index in others),
        frozenset(end for pair in group if pair.whole for end in _ends(views, pair)),
        pair.kind,
        round(pair.score, 3),
        pair.shared,
    )


def _kept(views: Views, members: list[int]) -> int:
    """Return the copy to keep: the first in reading order, unless another is clearly longer."""
    sizes = {index: _size(views.units[index]) for index in members}
    fullest = max(members, key=lambda index: (sizes[index], -index))
    return fullest if sizes[fullest] >= _FULLER * sizes[members[0]] else members[0]


def _size(unit: Unit) -> float:
    return unit.weight + sum(map(weight, unit.items))


def place(corpus: Corpus, unit: Unit, whole: frozenset[tuple[int, int]]) -> Place:
    """Return the span of a copy: its own text, or the whole block if that is copied."""
    note = corpus.notes[unit.note]
    entry = note.entries[unit.entry]
    block = (unit.note, unit.entry) in whole
    return note.at(Place(entry.head.start, entry.place.end) if block else entry.head)
