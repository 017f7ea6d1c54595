"""Clusters as problems; those of one copied run of entries, a passage that was pasted twice, are one problem."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from techstock.duplicates import CONFLICT, DEFINITION, NEAR, RULES, TERM
from techstock.duplicates.candidates import find_candidate_entries
from techstock.duplicates.prose import PARAGRAPH
from techstock.duplicates.term_keys import strip_term_markup
from techstock.model import MIN_GROUPED, Corpus, Problem, ProblemGroup, ProblemPart, RelatedSpan, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from techstock.duplicates.clusters import DuplicateCluster, DuplicateResults, EditionPair


class _Wording(NamedTuple):
    """The texts of a finding. In `message`, `{term}` is the term of the copy, `{name}` the same with a word before it,
    `{other}` names the other copy, `{times}` is the number of copies.
    """

    message: str
    label: str
    help: str


_WORDINGS: Final = {
    DEFINITION: _Wording("this {what}{name} repeats {other}", "repeated here", "keep one of them and link to it"),
    TERM: _Wording(
        "{term} is defined {times}, in much the same words",
        "defined again here",
        "merge the two definitions, or link to one of them",
    ),
    NEAR: _Wording(
        "this definition{name} nearly repeats {other}", "nearly the same", "keep one of them and link to it"
    ),
    CONFLICT: _Wording(
        "{term} is defined in other words elsewhere",
        "one definition",
        "give two things two names, or merge the definitions",
    ),
}


def build_duplicate_problems(corpus: Corpus, rule: str) -> Iterator[Problem]:
    """Yield a problem for each cluster of a rule, at the last copy; the copy to keep is the first related location.

    The clusters of one passage are one problem.
    """
    if rule != NEAR and not find_candidate_entries(corpus):
        return
    # Late: most notes need none.
    from techstock.duplicates.clusters import compare_candidate_entries, find_clusters

    passages = find_passages(compare_candidate_entries(corpus)) if rule in (DEFINITION, TERM) else []
    together = {id(finding) for passage in passages for _, finding in passage.findings}
    yield from (_build_passage_problem(corpus, passage) for passage in passages if passage.kind == rule)
    for finding in find_clusters(corpus, rule):
        if id(finding) not in together:
            yield build_cluster_problem(corpus, rule, finding)


def build_cluster_problem(corpus: Corpus, rule: str, finding: "DuplicateCluster") -> Problem:
    """Return the problem of a cluster by itself."""
    from techstock.duplicates.clusters import get_copy_span
    from techstock.duplicates.normalize import make_readable
    from techstock.duplicates.pair_suppressions import get_display_name

    message, label, help_ = _WORDINGS[rule]
    *rest, last = finding.others
    related = [RelatedSpan(get_copy_span(corpus, finding.kept, finding.whole), "first written here")]
    related += [RelatedSpan(get_copy_span(corpus, unit, finding.whole), "also here") for unit in rest]
    mine, theirs = (
        strip_term_markup(get_display_name(corpus, last)),
        strip_term_markup(get_display_name(corpus, finding.kept)),
    )
    more = f" ({len(finding.others) + 1} copies in all)" if rest and "{other}" in message else ""
    words = {
        "what": "paragraph" if last.form == PARAGRAPH else "definition",
        "name": f" of `{mine}`" if mine else "",
        "other": f"one under `{theirs}`" if theirs and theirs != mine else "another",
        "term": f"`{mine}`",
        "times": f"{len(finding.others) + 1} times" if rest else "twice",
    }
    data = {"kind": finding.kind, "score": finding.score, "sentence": make_readable(finding.sentence)}
    mine_at, kept_at = get_copy_span(corpus, last, finding.whole), related[0].place
    return Problem(
        mine_at,
        message.format(**words) + more,
        label=label,
        related=tuple(related),
        help=help_,
        data={key: value for key, value in data.items() if value != ""},
        differs=_find_differing_spans(corpus, mine_at, kept_at) if finding.kind == NEAR else (),
        ignored=finding.ignored,
    )


def _build_passage_problem(corpus: Corpus, passage: "Passage") -> Problem:
    parts = tuple(
        ProblemPart(RULES[rule], build_cluster_problem(corpus, rule, finding)) for rule, finding in passage.findings
    )
    home = corpus.notes[passage.home].path
    if passage.other >= 0:
        return ProblemGroup(
            home,
            "edition",
            f"{{count}} entries of this note are also in `{corpus.notes[passage.other].path}`, with the same headings",
            "the first of them is here",
            "the first of them there",
            "keep one of the two editions, or leave in one what the other does not say",
            parts,
        ).build_problem()
    return ProblemGroup(
        home,
        "passage",
        "this passage of {count} entries repeats another",
        "repeated from here on",
        "the same entries here",
        "keep one of the two passages and link to it",
        parts,
    ).build_problem()


def _find_differing_spans(corpus: Corpus, one: Span, other: Span) -> tuple[Span, ...]:
    """Return the spans of the characters that differ between two places."""
    from techstock.duplicates.near_rules import diff_characters  # late: few pairs differ

    texts = [place.extract_from(corpus.by_path[place.path].text) for place in (one, other)]
    mine, theirs = diff_characters(*texts)
    found = [Span(one.start + start, one.start + end, one.path) for start, end in mine]
    return (*found, *(Span(other.start + start, other.start + end, other.path) for start, end in theirs))


class Passage(msgspec.Struct, frozen=True):
    """The clusters of one copied run, or of two editions, in order, each with its rule.

    `kind` is the one whose rule reports them. `home` is the note of the later copy, by index, `other` the other
    edition; -1 for a run.
    """

    findings: tuple[tuple[str, "DuplicateCluster"], ...]
    kind: str
    home: int
    other: int = -1


def find_passages(decision: "DuplicateResults") -> list[Passage]:
    """Return the passages among the findings of a decision, without those that comments ignore."""
    if (known := decision.views.corpus.memo.get("passages")) is not None:
        found: list[Passage] = known
        return found
    runs: dict[int, list[tuple[str, DuplicateCluster]]] = {}
    shared = {id(finding) for pair in decision.editions for _, finding in pair.findings}
    for kind in (DEFINITION, TERM):
        for finding in decision.findings.get(kind, ()):
            if id(finding) in shared:
                continue
            one, other = finding.kept, finding.others[-1]
            ends = (one.note, one.entry), (other.note, other.entry)
            run = decision.views.runs.get(ends, decision.views.runs.get((ends[1], ends[0])))
            if run is not None and not finding.ignored:
                runs.setdefault(run, []).append((kind, finding))
    found = [_make_passage(decision, some) for some in runs.values() if len(some) >= MIN_GROUPED]
    found += (passage for pair in decision.editions if (passage := _make_edition_passage(decision, pair)))
    decision.views.corpus.memo["passages"] = found
    return found


def _make_passage(decision: "DuplicateResults", some: "Sequence[tuple[str, DuplicateCluster]]") -> Passage:
    ordered = sorted(some, key=lambda one: decision.views.get_position(one[1].others[-1]))
    home = max(unit.note for _, finding in some for unit in (finding.kept, finding.others[-1]))
    return Passage(tuple(ordered), min(kind for kind, _ in some), home)


def _make_edition_passage(decision: "DuplicateResults", pair: "EditionPair") -> Passage | None:
    """Return what two editions share and no comment ignores; None if that is too little to be one finding."""
    left = [(rule, finding) for rule, finding in pair.findings if not finding.ignored]
    if len(left) < MIN_GROUPED:
        return None
    left.sort(
        key=lambda one: next(
            decision.views.get_position(unit) for unit in (one[1].others[-1], one[1].kept) if unit.note == pair.later
        )
    )
    return Passage(tuple(left), DEFINITION, pair.later, pair.first)
