"""Clusters of duplicates: one for all copies of a thing, one for a copied block, and copied files before both."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec
from msgspec.structs import replace

from techstock.duplicates import CONFLICT, DEFINITION, EXACT, NEAR, REPEATED, SENTENCE, TERM
from techstock.duplicates.candidates import find_candidate_entries
from techstock.duplicates.context import ComparisonContext
from techstock.duplicates.copied_files import CopiedNotePair, find_copies
from techstock.duplicates.entries import ComparedEntry, collect_compared_entries
from techstock.duplicates.kept_results import begin_comparison
from techstock.duplicates.matching import DuplicatePair
from techstock.duplicates.pair_search import find_nested_pairs, find_pairs, get_pair_ends
from techstock.duplicates.pair_suppressions import PairSuppressions, get_display_name, split_at_suppressed_pairs
from techstock.duplicates.prose import get_compared_entry
from techstock.model import MIN_GROUPED, Corpus, Span

__all__ = [
    "DuplicateCluster",
    "DuplicateResults",
    "compare_all_entries",
    "find_clusters",
    "get_copy_span",
    "get_display_name",
]

_CLUSTERED_KINDS = ((EXACT, SENTENCE, TERM), (REPEATED,), (CONFLICT,))  # pairs of which kinds make one cluster
MAX_CLUSTER_NOTES = 8  # one text, or nearly one, that is in more notes than this is a template
_MIN_FULLER_RATIO = 1.5  # a later copy that says so much more is the one to keep


class DuplicateCluster(msgspec.Struct, frozen=True):
    """All copies of one thing: `kept` is the one to keep, `others` are the other entries in reading order.

    `whole` are the copies whose nested entries are copied as well. `kind`, `score` and `sentence` are those of the pair
    that connects the last copy to the rest. `keeps_first` tells whether `kept` is the first of all in reading order;
    else it is the fuller copy. `ignored` are the rule names in the comments that suppress this pair.
    """

    kept: ComparedEntry
    others: tuple[ComparedEntry, ...]
    whole: frozenset[tuple[int, int]]
    kind: str
    score: float
    sentence: str
    ignored: tuple[Span, ...] = ()
    keeps_first: bool = True

    @property
    def members(self) -> set[tuple[int, int]]:
        """Return all copies, each by the index of its note and the index of its entry there."""
        return {(unit.note, unit.entry) for unit in (self.kept, *self.others)}


class EditionPair(msgspec.Struct, frozen=True):
    """Two editions of one note, by index, with all clusters that they share, each with its rule."""

    first: int
    later: int
    findings: tuple[tuple[str, DuplicateCluster], ...]


class DuplicateResults(msgspec.Struct, frozen=True):
    """Results of the duplicate rules: clusters by rule, and copied files. No pair is in two of them.

    `editions` tells which of the clusters two editions of a note share.

    `found` are all pairs but near ones, `stands_for` maps each member of a cluster to the copy that represents it,
    `apart` knows the suppressed pairs, `taken` are the pairs of representatives that are already in a cluster.
    """

    views: ComparisonContext
    apart: PairSuppressions
    copies: tuple[CopiedNotePair, ...]
    editions: tuple[EditionPair, ...]
    findings: dict[str, tuple[DuplicateCluster, ...]]
    found: tuple[DuplicatePair, ...]
    stands_for: dict[int, int]
    taken: set[tuple[int, int]]


def compare_all_entries(corpus: Corpus) -> DuplicateResults:
    """Return the results of a comparison of all entries, computed once for each corpus.

    They depend only on its notes, its scope and the labels of all notes.
    """
    if "duplicates" not in corpus.memo:
        found = collect_compared_entries(corpus)
        corpus.memo["duplicates"] = _build_results(ComparisonContext(corpus, found, corpus.duplicate_scope))
    decision: DuplicateResults = corpus.memo["duplicates"]
    return decision


def compare_candidate_entries(corpus: Corpus) -> DuplicateResults:
    """Return the same clusters and copies as `compare_all_entries`, from those entries only that may be part of a pair.

    Most notes have none.
    """
    if "duplicates" in corpus.memo:
        return compare_all_entries(corpus)
    if "pairs" not in corpus.memo:
        some = collect_compared_entries(corpus, find_candidate_entries(corpus))
        corpus.memo["pairs"] = _build_results(ComparisonContext(corpus, some, corpus.duplicate_scope))
    decision: DuplicateResults = corpus.memo["pairs"]
    return decision


def _build_results(views: ComparisonContext) -> DuplicateResults:
    begin_comparison(views.corpus)
    found = find_pairs(views)
    files = find_copies(views)
    copied = {copy.notes for copy in files}
    apart = PairSuppressions(views)
    every = [
        pair
        for pair in found
        if (pair.first, pair.second) not in views.nested and _get_note_indexes(views, pair) not in copied
    ]
    left = [pair for pair in every if not _is_between_editions(views, pair)]
    reported: dict[str, list[DuplicateCluster]] = {}
    stands_for: dict[int, int] = {}
    taken: set[tuple[int, int]] = set()
    for kinds in _CLUSTERED_KINDS:
        for group in _group_connected_pairs(
            _drop_redundant_pairs([pair for pair in left if pair.kind in kinds], stands_for, taken)
        ):
            members = sorted({index for pair in group for index in (pair.first, pair.second)})
            kept = _choose_copy_to_keep(views, members)
            for index in members:
                stands_for.setdefault(index, stands_for.get(kept, kept))
            if count_template_notes(views, group) <= MAX_CLUSTER_NOTES:
                for rule, finding in _split_into_clusters(views, apart, group):
                    reported.setdefault(rule, []).append(finding)
    shared = [pair for pair in every if _is_between_editions(views, pair)]
    editions = _find_editions(views, apart, _drop_redundant_pairs(shared, stands_for, taken))
    for rule, finding in (one for pair in editions for one in pair.findings):
        reported.setdefault(rule, []).append(finding)
    frozen = {rule: tuple(group) for rule, group in reported.items()}
    return DuplicateResults(views, apart, files, editions, frozen, tuple(found), stands_for, taken)


def count_template_notes(views: ComparisonContext, group: Iterable[DuplicatePair]) -> int:
    """Return in how many notes the most frequent text, or shared sentence, of a cluster is."""
    notes: dict[object, set[int]] = {}
    for pair in group:
        for unit in (views.units[pair.first], views.units[pair.second]):
            notes.setdefault(unit.own if unit.body else (unit.own, unit.items), set()).add(unit.note)
            if pair.shared:
                notes.setdefault(("sentence", pair.shared), set()).add(unit.note)
    return max(map(len, notes.values()))


def _is_between_editions(views: ComparisonContext, pair: DuplicatePair) -> bool:
    return views.are_editions(views.units[pair.first].note, views.units[pair.second].note)


def _find_editions(
    views: ComparisonContext, apart: PairSuppressions, shared: Sequence[DuplicatePair]
) -> tuple[EditionPair, ...]:
    """Return the editions that share enough to be told, each with the clusters between them.

    A cluster does not depend on others: whatever becomes of these, it stays what it is.
    """
    found: dict[tuple[int, int], list[tuple[str, DuplicateCluster]]] = {}
    for group in _group_connected_pairs(shared):
        for rule, finding in _split_into_clusters(views, apart, group):
            first, later = sorted((finding.kept.note, finding.others[-1].note), key=views.get_reading_position)
            found.setdefault((first, later), []).append((rule, finding))
    return tuple(
        EditionPair(first, later, tuple(some)) for (first, later), some in found.items() if len(some) >= MIN_GROUPED
    )


def find_clusters(corpus: Corpus, rule: str) -> tuple[DuplicateCluster, ...]:
    """Return the clusters of one rule; near pairs are only searched for when their rule asks."""
    decision = compare_all_entries(corpus) if rule == NEAR else compare_candidate_entries(corpus)
    if rule == NEAR and NEAR not in decision.findings:
        decision.findings[NEAR] = tuple(finding for _, finding in _find_near_clusters(decision))
    return decision.findings.get(rule, ())


def _find_near_clusters(decision: DuplicateResults) -> Iterator[tuple[str, DuplicateCluster]]:
    from techstock.duplicates.near_rules import judge_near
    from techstock.duplicates.near_search import find_near_pairs

    views = decision.views
    stronger = {(pair.first, pair.second) for pair in decision.found}
    judged = (judge_near(views, *alike) for alike in find_near_pairs(views) if alike[:2] not in stronger)
    likely = [found for found in judged if isinstance(found, DuplicatePair)]
    copied = {copy.notes for copy in decision.copies}
    blocks = [pair for pair in decision.found if pair.whole]
    likely = [pair for pair in likely if _get_note_indexes(views, pair) not in copied]
    nested = find_nested_pairs(views, (*blocks, *likely))
    left = [pair for pair in likely if (pair.first, pair.second) not in nested]
    for group in _group_connected_pairs(_drop_redundant_pairs(left, dict(decision.stands_for), set(decision.taken))):
        notes = {views.units[index].note for pair in group for index in (pair.first, pair.second)}
        if len(notes) <= MAX_CLUSTER_NOTES:
            yield from _split_into_clusters(views, decision.apart, group)


def _drop_redundant_pairs(
    found: Iterable[DuplicatePair], stands_for: dict[int, int], taken: set[tuple[int, int]]
) -> list[DuplicatePair]:
    """Return the pairs that connect two different things, only the first of several that connect the same two.

    `stands_for` maps an entry to the copy that represents it; `taken` are the pairs of representatives from earlier
    calls, and is updated.
    """
    between: dict[tuple[int, int], DuplicatePair] = {}
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


def _choose_rule(group: Sequence[DuplicatePair]) -> str:
    """Return the strongest rule among the pairs of a cluster, which is reported once."""
    kinds = {pair.kind for pair in group}
    return DEFINITION if kinds & {EXACT, SENTENCE} else next(iter(kinds))


def _get_note_indexes(views: ComparisonContext, pair: DuplicatePair) -> frozenset[int]:
    return frozenset((views.units[pair.first].note, views.units[pair.second].note))


def _group_connected_pairs(found: Sequence[DuplicatePair]) -> list[list[DuplicatePair]]:
    """Return the pairs in groups; pairs that share an entry are in the same group."""
    groups: dict[int, list[DuplicatePair]] = {}
    roots = _find_roots(found)
    for pair in found:
        groups.setdefault(roots[pair.first], []).append(pair)
    return list(groups.values())


def _find_roots(found: Iterable[DuplicatePair]) -> dict[int, int]:
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


def _split_into_clusters(
    views: ComparisonContext, apart: PairSuppressions, group: Sequence[DuplicatePair]
) -> Iterator[tuple[str, DuplicateCluster]]:
    """Yield a cluster, or the parts into which comments split it, each with its rule.

    Each suppressed pair is an ignored cluster of its own. Templates and representatives have been decided before, for
    the cluster as a whole, so a split changes neither.
    """
    rule = _choose_rule(group)
    silenced = {pair: by for pair in group if (by := apart.find_for_pair(pair, rule))[1]}
    for pair, (named, places) in silenced.items():
        yield named, replace(_build_cluster(views, [pair]), ignored=places)
    for joined in _group_connected_pairs([pair for pair in group if pair not in silenced] if silenced else group):
        for part in split_at_suppressed_pairs(joined, silenced):
            yield _choose_rule(part), _build_cluster(views, part)


def _build_cluster(views: ComparisonContext, group: Sequence[DuplicatePair]) -> DuplicateCluster:
    members = sorted({index for pair in group for index in (pair.first, pair.second)})
    kept = _choose_copy_to_keep(views, members)
    others = [index for index in members if index != kept]
    last = others[-1]
    joins = [pair for pair in group if last in (pair.first, pair.second)]
    pair = max(joins, key=lambda pair: (kept in (pair.first, pair.second), pair.score))
    return DuplicateCluster(
        views.units[kept],
        tuple(views.units[index] for index in others),
        frozenset(end for pair in group if pair.whole for end in get_pair_ends(views, pair)),
        pair.kind,
        round(pair.score, 3),
        pair.shared,
        keeps_first=kept == members[0],
    )


def _choose_copy_to_keep(views: ComparisonContext, members: list[int]) -> int:
    """Return the copy to keep: the first in reading order, unless another is clearly longer."""
    sizes = {index: _compute_total_weight(views.units[index]) for index in members}
    fullest = max(members, key=lambda index: (sizes[index], -index))
    return fullest if sizes[fullest] >= _MIN_FULLER_RATIO * sizes[members[0]] else members[0]


def _compute_total_weight(unit: ComparedEntry) -> float:
    return unit.weight + unit.nested


def get_copy_span(corpus: Corpus, unit: ComparedEntry, whole: frozenset[tuple[int, int]]) -> Span:
    """Return the span of a copy: its own text, or the whole block if that is copied."""
    note = corpus.notes[unit.note]
    entry = get_compared_entry(note, unit.entry)
    block = (unit.note, unit.entry) in whole
    return note.add_path_to(Span(entry.head.start, entry.place.end) if block else entry.head)
