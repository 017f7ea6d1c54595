"""Explanation of a pair of entries, and the entries that are most similar to one."""

from collections.abc import Collection, Iterable, Iterator

import msgspec

from techstock.duplicates import CONFLICT, EXACT, NEAR, REPEATED, RULES, SENTENCE, TERM
from techstock.duplicates.clusters import (
    MAX_CLUSTER_NOTES,
    DuplicateCluster,
    DuplicateResults,
    count_template_notes,
    find_clusters,
)
from techstock.duplicates.context import ComparisonContext
from techstock.duplicates.entries import ComparedEntry
from techstock.duplicates.matching import DuplicatePair, Rejection, compute_overlap, judge_pair
from techstock.duplicates.near_rules import judge_near
from techstock.duplicates.normalize import compute_weight
from techstock.duplicates.problems import EDITION, PASSAGE, SHARED, find_passages
from techstock.model import Span

_MATCH_REASONS = {
    EXACT: "the same text",
    SENTENCE: "a whole sentence in common",
    TERM: "the same term, with definitions that overlap",
    REPEATED: "the same term twice in one list",
    CONFLICT: "the same term, with definitions that do not overlap",
    NEAR: "nearly the same text",
}
_GROUPED = {
    PASSAGE: "part of a passage of {} entries that is in both places",
    EDITION: "one of {} entries that are in both editions of the note",
    SHARED: "one of {} entries that are in both notes",
}
_SCOPES = {"file": "notes", "directory": "folders"}


class PairExplanation(msgspec.Struct, frozen=True):
    """The rule that reports a pair (empty: none does), and the reasons, in clauses."""

    rule: str
    why: tuple[str, ...]


def explain_pair(decision: DuplicateResults, first: int, second: int) -> PairExplanation:
    """Return what became of two units, by index. Near pairs are searched for only if these two are one."""
    views, scope = decision.views, decision.views.corpus.duplicate_scope
    asked, other = views.units[first], views.units[second]
    first, second = min(first, second), max(first, second)
    a, b = views.units[first], views.units[second]
    if views.get_scope_key(a) != views.get_scope_key(b):
        rejection = Rejection("scope", detail=f"{_SCOPES[scope]}, and `duplicate-scope` is `{scope}`")
        return PairExplanation("", (str(rejection),))
    if views.is_untranslated_copy(first) or views.is_untranslated_copy(second):
        return PairExplanation("", (str(Rejection("untranslated")),))
    judged = judge_pair(views, first, second)
    clauses: tuple[str, ...] = () if isinstance(judged, DuplicatePair) else (str(judged),)
    if isinstance(judged, Rejection) and a.own != b.own:
        near = judge_near(views, first, second)
        if isinstance(near, DuplicatePair):
            find_clusters(views.corpus, NEAR)  # the decision holds them from now on
            judged = near
        else:
            clauses += (str(near),)
    sign = _MATCH_REASONS[judged.kind] if isinstance(judged, DuplicatePair) else ""
    if sign and (copied := _explain_file_copy(decision, a, b, sign)):
        return copied
    if reported := _explain_cluster(decision, a, b, (sign, *clauses) if sign else ("both are copies of a third",)):
        return reported
    if block := _find_reported_block(decision, asked, other):
        return PairExplanation(block[0], (f"part of a block that is in both places, here from line {block[1]} on",))
    if isinstance(judged, DuplicatePair):
        clauses = (sign, str(_explain_unreported(views, decision.found, judged)))
    return PairExplanation("", clauses)


def _explain_file_copy(
    decision: DuplicateResults, a: ComparedEntry, b: ComparedEntry, sign: str
) -> PairExplanation | None:
    """Return the explanation of two entries in files that are copies of each other; None for other files."""
    for copy in decision.copies:
        if copy.notes == {a.note, b.note}:
            if by := decision.apart.find_for_notes(copy.smaller, copy.larger):
                return PairExplanation("", (sign, _describe_comment(decision.views, by[0])))
            return PairExplanation("file-copy", (sign, f"{copy.share:.0%} of one note is in the other"))
    return None


def _explain_cluster(
    decision: DuplicateResults, a: ComparedEntry, b: ComparedEntry, why: tuple[str, ...]
) -> PairExplanation | None:
    """Return the explanation by a cluster that contains both entries, or by the comment that suppresses it."""
    both = {(a.note, a.entry), (b.note, b.entry)}
    for passage in find_passages(decision):
        for kind, finding in passage.findings:
            if both <= finding.members:
                said = _GROUPED[passage.form].format(len(passage.findings))
                return PairExplanation(RULES[kind], (*why, said))
    for rule, finding in _iter_clusters(decision):
        if both <= finding.members:
            by = finding.ignored
            return (
                PairExplanation("", (why[0], _describe_comment(decision.views, by[0])))
                if by
                else PairExplanation(rule, why)
            )
    return None


def _describe_comment(views: ComparisonContext, by: Span) -> str:
    line, _ = views.corpus.by_path[by.path].lines.find_position(by.start)
    return f"ignored by a comment on line {line} of `{by.path}`"


def _find_reported_block(decision: DuplicateResults, a: ComparedEntry, b: ComparedEntry) -> tuple[str, int] | None:
    """Return the rule that reports two blocks around these entries, and the first line of the first block."""
    note = decision.views.corpus.notes[a.note]
    one, other = (set(_iter_ancestors(decision.views, unit)) for unit in (a, b))
    for rule, finding in _iter_clusters(decision):
        blocks = finding.members & finding.whole
        if one & blocks and other & blocks:
            _, entry = max(one & blocks)
            return rule, note.lines.find_position(note.entries[entry].place.start)[0]
    return None


def _iter_clusters(decision: DuplicateResults) -> Iterator[tuple[str, DuplicateCluster]]:
    for kind, group in decision.findings.items():
        for finding in group:
            yield RULES[kind], finding


def _iter_ancestors(views: ComparisonContext, unit: ComparedEntry) -> Iterator[tuple[int, int]]:
    """Yield the entries around an entry, each with the index of its note."""
    parent = unit.parent
    while parent >= 0:
        yield unit.note, parent
        parent = views.corpus.notes[unit.note].entries[parent].parent


def _explain_unreported(
    views: ComparisonContext, found: Iterable[DuplicatePair], pair: DuplicatePair
) -> Rejection | str:
    """Return why a pair is in no finding."""
    if pair not in found and pair.kind != NEAR:
        return Rejection("often")
    if views.are_editions(views.units[pair.first].note, views.units[pair.second].note):
        return Rejection("editions")
    connected = _find_connected(found, pair.first)
    joined = [one for one in found if one.first in connected]
    notes = len({views.units[index].note for index in connected}) if pair.kind == NEAR else 0
    times = notes or count_template_notes(views, joined or [pair])
    return Rejection("template", times) if times > MAX_CLUSTER_NOTES else "reported with another copy of it"


def _find_connected(found: Iterable[DuplicatePair], unit: int) -> set[int]:
    """Return the entries that pairs connect with `unit`, directly or through others."""
    beside: dict[int, list[int]] = {}
    for pair in found:
        beside.setdefault(pair.first, []).append(pair.second)
        beside.setdefault(pair.second, []).append(pair.first)
    joined, new = {unit}, [unit]
    while new:
        fresh = set(beside.get(new.pop(), ())) - joined
        joined |= fresh
        new += fresh
    return joined


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
    if views.is_same_term(own, other):  # the first that who asks has in mind
        return (near.jaccard + near.contained) / 2
    size = min(compute_weight("".join((unit.body, *unit.items))) for unit in (own, other))
    return (near.jaccard + (near.contained if size >= _MIN_CONTAINED_WEIGHT else 0)) / 2
