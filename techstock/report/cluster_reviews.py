"""The decisions that a page asks for: each cluster of copies, with whole entries and the result of the merge."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import msgspec

from techstock.engine.diagnostic_groups import list_all_parts
from techstock.merge import MergeError
from techstock.merge.candidates import MERGEABLE_RULES, find_candidate_of_finding
from techstock.merge.copy_changes import KEPT, CopySummary, summarize_copy
from techstock.merge.plan import MergePlan, plan_merge
from techstock.merge.reading import (
    GAINS_TEXT,
    dedent_kept_copy,
    find_reason_to_read,
    list_cluster_warnings,
    list_plan_warnings,
)
from techstock.model import Corpus, Diagnostic
from techstock.text.sort_key import make_collation_key

READY: Final = "ready"  # the merge changes no sentence
GAINS: Final = "gains"  # the kept copy gets what another one says
TO_READ: Final = "read"
REFUSED: Final = "refused"
WHOLE_NOTE: Final = "note"  # a note is mostly a copy of another one
KINDS: Final = (READY, GAINS, TO_READ, REFUSED, WHOLE_NOTE)
MAX_PLANNED = 1_000  # merges that are planned for one page: each takes about 15 ms


class CopyPlace(msgspec.Struct, frozen=True):
    """A place of a copy: its note, its line from 1, and the title of the heading above."""

    path: str
    line: int
    heading: str


class CopyText(msgspec.Struct, frozen=True):
    """The lines of a copy, and all places where they are written."""

    source: tuple[str, ...]
    places: tuple[CopyPlace, ...]
    kept: bool


class MergeOutcome(msgspec.Struct, frozen=True):
    """A planned merge: the lines of the kept copy after it, and what each other copy becomes.

    `kept` is empty if that copy stays as it is.
    """

    kept: tuple[str, ...]
    others: tuple[tuple[CopyPlace, str, str], ...]  # its place, the kind of the change, and the new text
    near: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]


class ClusterReview(msgspec.Struct, frozen=True):
    """A cluster of copies. `reason` is why a person must read it, or why it is not merged; empty if neither."""

    fingerprint: str
    rule: str
    kind: str
    term: str
    texts: tuple[CopyText, ...]
    outcome: MergeOutcome | None = None
    reason: str = ""

    @property
    def paths(self) -> tuple[str, ...]:
        """Return the notes that hold the copies, each once."""
        return tuple(dict.fromkeys(place.path for text in self.texts for place in text.places))

    @property
    def copies(self) -> int:
        """Return how many copies there are."""
        return sum(len(text.places) for text in self.texts)


class NotePair(msgspec.Struct, frozen=True):
    """Two notes that copy each other, or one note twice, with the clusters between them."""

    paths: tuple[str, str]
    reviews: tuple[ClusterReview, ...]


def list_reviewable(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return the findings of copies, those of a group one by one."""
    return [one for one in list_all_parts(list(found)) if one.rule == "file-copy" or one.rule in MERGEABLE_RULES]


def review_clusters(corpus: Corpus, found: Iterable[Diagnostic]) -> list[ClusterReview]:
    """Return a review for each finding of two copies, in the order of the findings."""
    reviews = []
    for one in list_reviewable(found):
        if one.rule == "file-copy":
            reviews.append(_review_note_copy(one))
        elif review := _review_cluster(corpus, one, plan=len(reviews) < MAX_PLANNED):
            reviews.append(review)
    return reviews


def _review_note_copy(one: Diagnostic) -> ClusterReview:
    spans = (one.problem.place, *(other.place for other in one.problem.related))
    places = tuple(CopyPlace(path, 1, "") for path in dict.fromkeys(span.path for span in spans))
    return ClusterReview(one.fingerprint, one.rule, WHOLE_NOTE, "", (CopyText((), places, False),), None,
                         one.problem.message)  # fmt: skip


def _review_cluster(corpus: Corpus, one: Diagnostic, *, plan: bool) -> ClusterReview | None:
    cluster = find_candidate_of_finding(corpus, one)
    if cluster is None:
        return None
    copies = [summarize_copy(corpus, copy) for copy in cluster.copies]
    texts, term = tuple(_group_equal_copies(corpus, copies, cluster.kept)), copies[cluster.kept].term
    review = ClusterReview(one.fingerprint, one.rule, TO_READ, term, texts)
    if not plan:
        return review
    try:
        planned = plan_merge(corpus, cluster)
    except MergeError as error:
        return msgspec.structs.replace(review, kind=REFUSED, reason=str(error))
    outcome = _describe_outcome(corpus, planned, copies)
    reason = find_reason_to_read(corpus, planned)
    kind = GAINS if reason == GAINS_TEXT else TO_READ if reason else READY
    return msgspec.structs.replace(review, kind=kind, outcome=outcome, reason="" if kind == GAINS else reason)


def _group_equal_copies(corpus: Corpus, copies: Sequence[CopySummary], kept: int) -> Iterator[CopyText]:
    """Yield each text once with its places, that of the kept copy first."""
    places: dict[tuple[str, ...], list[CopyPlace]] = {tuple(map(str.rstrip, copies[kept].source)): []}
    for copy in (copies[kept], *copies[:kept], *copies[kept + 1 :]):
        places.setdefault(tuple(map(str.rstrip, copy.source)), []).append(_locate_copy(corpus, copy))
    for index, (source, own) in enumerate(places.items()):
        yield CopyText(source, tuple(own), index == 0)


def _locate_copy(corpus: Corpus, copy: CopySummary) -> CopyPlace:
    note = corpus.by_path[copy.path]
    start = note.lines.starts[copy.lines[0][0]]
    index = bisect_left(note.headings, start + 1, key=lambda heading: heading.place.start) - 1
    return CopyPlace(copy.path, copy.line, note.headings[index].title if index >= 0 else "")


def _describe_outcome(corpus: Corpus, plan: MergePlan, copies: Sequence[CopySummary]) -> MergeOutcome:
    kept: tuple[str, ...] = ()
    others = []
    for change in plan.changes:
        copy = copies[change.copy]
        if change.kind != KEPT:
            others.append((_locate_copy(corpus, copy), change.kind, f"{copy.marker}{change.text}"))
        elif (after := dedent_kept_copy(copy, change)) != list(copy.source):
            kept = tuple(after)
    warnings = (*list_cluster_warnings(corpus, plan.cluster), *list_plan_warnings(plan))
    return MergeOutcome(kept, tuple(others), plan.near, warnings)


def group_by_note_pairs(reviews: Sequence[ClusterReview]) -> list[NotePair]:
    """Return the clusters by pair of notes, those with most clusters first; each cluster once.

    A cluster of several notes belongs to the pair of them that has most clusters.
    """
    counts = Counter(pair for review in reviews for pair in _list_pairs(review))
    groups: dict[tuple[str, str], list[ClusterReview]] = {}
    for review in reviews:
        pair = max(_list_pairs(review), key=lambda pair: (counts[pair], pair))
        groups.setdefault(pair, []).append(review)
    pairs = [NotePair(paths, tuple(own)) for paths, own in groups.items()]
    return sorted(pairs, key=lambda pair: (-len(pair.reviews), *map(make_collation_key, pair.paths)))


def _list_pairs(review: ClusterReview) -> list[tuple[str, str]]:
    paths = sorted(review.paths)[:8]  # more notes than that tell no pair
    if len(paths) == 1:
        return [(paths[0], paths[0])]
    return [(one, other) for index, one in enumerate(paths) for other in paths[index + 1 :]]
