"""Clusters as problems; those of one copied run of entries, a passage that was pasted twice, are one problem."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from techstock.duplicates import DEFINITION, NEAR, TERM
from techstock.duplicates.candidates import find_candidate_entries
from techstock.duplicates.entries import ComparedEntry
from techstock.duplicates.term_keys import strip_term_markup
from techstock.model import Corpus, Problem, RelatedSpan, Span

if TYPE_CHECKING:
    from techstock.duplicates.clusters import DuplicateCluster, DuplicateResults

_MIN_CLUSTERS = 3  # of a passage; fewer are reported one by one


def build_duplicate_problems(corpus: Corpus, rule: str, *, message: str, label: str, help: str) -> Iterator[Problem]:  # noqa: A002 (the field's name)
    """Yield a problem for each cluster of a rule, at the last copy; the copy to keep is the first related location.

    In `message`, `{term}` is the term of the copy, `{name}` the same with a word before it, `{other}` names the other
    copy, `{times}` is the number of copies.
    """
    if rule != NEAR and not find_candidate_entries(corpus):
        return
    # Late: most notes need none.
    from techstock.duplicates.clusters import compare_candidate_entries, find_clusters, get_copy_span
    from techstock.duplicates.normalize import make_readable
    from techstock.duplicates.pair_suppressions import get_display_name

    passages = find_passages(compare_candidate_entries(corpus)) if rule in (DEFINITION, TERM) else []
    together = {id(finding) for passage in passages for finding in passage.findings}
    yield from (_passage_problem(corpus, passage) for passage in passages if passage.kind == rule)
    for finding in find_clusters(corpus, rule):
        if id(finding) in together:
            continue
        *rest, last = finding.others
        related = [RelatedSpan(get_copy_span(corpus, finding.kept, finding.whole), "first written here")]
        related += [RelatedSpan(get_copy_span(corpus, unit, finding.whole), "also here") for unit in rest]
        mine, theirs = (
            strip_term_markup(get_display_name(corpus, last)),
            strip_term_markup(get_display_name(corpus, finding.kept)),
        )
        more = f" ({len(finding.others) + 1} copies in all)" if rest and "{other}" in message else ""
        words = {
            "name": f" of `{mine}`" if mine else "",
            "other": f"one under `{theirs}`" if theirs and theirs != mine else "another",
            "term": f"`{mine}`",
            "times": f"{len(finding.others) + 1} times" if rest else "twice",
        }
        data = {"kind": finding.kind, "score": finding.score, "sentence": make_readable(finding.sentence)}
        mine_at, kept_at = get_copy_span(corpus, last, finding.whole), related[0].place
        yield Problem(
            mine_at,
            message.format(**words) + more,
            label=label,
            related=tuple(related),
            help=help,
            data={key: value for key, value in data.items() if value != ""},
            differs=_find_differing_spans(corpus, mine_at, kept_at) if finding.kind == NEAR else (),
            ignored=finding.ignored,
        )


def _passage_problem(corpus: Corpus, passage: "Passage") -> Problem:
    first, again, *rest = passage.list_places(corpus)
    scores = [finding.score for finding in passage.findings]
    return Problem(
        again,
        f"this passage of {len(scores)} entries repeats another",
        label="repeated from here on",
        related=(
            RelatedSpan(first, "the same entries here"),
            *(RelatedSpan(place, "one of them also here") for place in rest),
        ),
        help="keep one of the two passages and link to it",
        data={"kind": "passage", "entries": len(scores), "score": round(sum(scores) / len(scores), 3)},
    )


def _find_differing_spans(corpus: Corpus, one: Span, other: Span) -> tuple[Span, ...]:
    """Return the spans of the characters that differ between two places."""
    from techstock.duplicates.near_rules import diff_characters  # late: few pairs differ

    texts = [place.extract_from(corpus.by_path[place.path].text) for place in (one, other)]
    mine, theirs = diff_characters(*texts)
    found = [Span(one.start + start, one.start + end, one.path) for start, end in mine]
    return (*found, *(Span(other.start + start, other.start + end, other.path) for start, end in theirs))


class Passage(msgspec.Struct, frozen=True):
    """The clusters of one copied run, in order, and the kind of cluster whose rule reports it."""

    findings: tuple["DuplicateCluster", ...]
    kind: str

    def list_places(self, corpus: Corpus) -> list[Span]:
        """Return the place of the first copy, that of the second, and other places of single entries."""
        from techstock.duplicates.clusters import get_copy_span

        spans: list[list[Span]] = [[], []]
        rest = []
        for finding in self.findings:
            ends = sorted((finding.kept, finding.others[-1]), key=_get_position)
            for span, unit in zip(spans, ends, strict=True):
                span.append(get_copy_span(corpus, unit, finding.whole))
            rest += [get_copy_span(corpus, unit, finding.whole) for unit in finding.others[:-1]]
        return [*map(_join_spans, spans), *sorted(rest, key=lambda place: (place.path, place.start))]


def find_passages(decision: "DuplicateResults") -> list[Passage]:
    """Return the passages among the findings of a decision, without those that comments ignore."""
    if (known := decision.views.corpus.memo.get("passages")) is not None:
        found: list[Passage] = known
        return found
    runs: dict[int, list[tuple[DuplicateCluster, str]]] = {}
    for kind in (DEFINITION, TERM):
        for finding in decision.findings.get(kind, ()):
            one, other = finding.kept, finding.others[-1]
            ends = (one.note, one.entry), (other.note, other.entry)
            run = decision.views.runs.get(ends, decision.views.runs.get((ends[1], ends[0])))
            if run is not None and not finding.ignored:
                runs.setdefault(run, []).append((finding, kind))
    found = [
        Passage(
            tuple(sorted((one for one, _ in some), key=lambda one: one.others[-1].entry)), min(kind for _, kind in some)
        )
        for some in runs.values()
        if len(some) >= _MIN_CLUSTERS
    ]
    decision.views.corpus.memo["passages"] = found
    return found


def _get_position(unit: ComparedEntry) -> tuple[int, int]:
    return unit.note, unit.entry


def _join_spans(places: list[Span]) -> Span:
    return Span(min(place.start for place in places), max(place.end for place in places), places[0].path)
