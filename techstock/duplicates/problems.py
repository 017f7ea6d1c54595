"""Clusters as problems; those of one copied run of entries, a passage that was pasted twice, are one problem."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from techstock.duplicates import CONFLICT, DEFINITION, NEAR, RULES, TERM
from techstock.duplicates.candidates import find_candidate_entries
from techstock.duplicates.prose import PARAGRAPH
from techstock.duplicates.term_keys import strip_term_markup
from techstock.model import MIN_GROUPED, Corpus, Problem, ProblemGroup, ProblemPart, RelatedSpan, Span
from techstock.text.phrases import format_differences
from techstock.text.unicode_names import describe_unicode_twin, normalize_nfc

if TYPE_CHECKING:
    from collections.abc import Sequence

    from techstock.duplicates.clusters import DuplicateCluster, DuplicateResults, EditionPair
    from techstock.duplicates.difference_rules import Difference
    from techstock.duplicates.entries import ComparedEntry


class _Wording(NamedTuple):
    """The texts of a finding. In `message`, `{term}` is the term of the copy, `{name}` the same with a word before it,
    `{other}` names the other copy, `{times}` is the number of copies.
    """

    message: str
    label: str
    help: str


ASK_WHICH: Final = "find out which of them is right, then "
"""The beginning of the help for copies that differ."""

_PARTLY = "partly"  # the wording for definitions of one term that share less than half
_MOST = 0.5  # of what two definitions say

_WORDINGS: Final = {
    DEFINITION: _Wording("this {what}{name} repeats {other}", "repeated here", "keep one of them and link to it"),
    TERM: _Wording(
        "{term} is defined {times}, in much the same words",
        "defined again here",
        "merge the two definitions, or link to one of them",
    ),
    _PARTLY: _Wording(
        "{term} is defined {times}, partly in the same words",
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

    The clusters of one passage are one problem, which each rule of these yields: the engine reports it once.
    """
    if rule != NEAR and not find_candidate_entries(corpus):
        return
    # Late: most notes need none.
    from techstock.duplicates.clusters import compare_candidate_entries, find_clusters

    passages = find_passages(compare_candidate_entries(corpus)) if rule in (DEFINITION, TERM) else []
    together = {id(finding) for passage in passages for _, finding in passage.findings}
    for passage in passages:
        if any(kind == rule for kind, _ in passage.findings):
            yield _get_passage_problem(corpus, passage)
    for finding in find_clusters(corpus, rule):
        if id(finding) not in together:
            yield build_cluster_problem(corpus, rule, finding)


def build_cluster_problem(corpus: Corpus, rule: str, finding: "DuplicateCluster") -> Problem:
    """Return the problem of a cluster by itself."""
    if not corpus.kept:
        return _build_cluster_problem(corpus, rule, finding)
    from techstock.duplicates.kept_results import find_or_compute, make_key

    units = (finding.kept, *finding.others)
    key = make_key(
        "cluster",
        corpus,
        [unit.note for unit in units],
        rule,
        [(unit.entry, (unit.note, unit.entry) in finding.whole) for unit in units],
        (finding.kind, finding.score, finding.sentence, finding.ignored, finding.keeps_first),
    )
    return find_or_compute(corpus, key, lambda: _build_cluster_problem(corpus, rule, finding), Problem)


def _build_cluster_problem(corpus: Corpus, rule: str, finding: "DuplicateCluster") -> Problem:
    from techstock.duplicates.clusters import get_copy_span
    from techstock.duplicates.differences import build_difference_data
    from techstock.duplicates.normalize import make_readable

    wording = _WORDINGS[_PARTLY if rule == TERM and finding.score < _MOST else rule]
    *rest, last = finding.others
    mine_at, kept_at = (get_copy_span(corpus, unit, finding.whole) for unit in (last, finding.kept))
    related = [RelatedSpan(kept_at, "the first in reading order" if finding.keeps_first else "the fuller copy")]
    related += [RelatedSpan(get_copy_span(corpus, unit, finding.whole), "also here") for unit in rest]
    differences = find_cluster_differences(corpus, finding) if rule != CONFLICT else []
    differs = build_difference_data(corpus, differences)
    marked = tuple(span for one in differences for span in (one.place, one.other))
    said = format_differences(differs)
    data = {
        "kind": finding.kind,
        "score": finding.score,
        "sentence": make_readable(finding.sentence),
        "differs": differs,
    }
    return Problem(
        mine_at,
        _format_message(corpus, wording.message, finding) + (f", but {said}" if said else ""),
        label=wording.label,
        related=tuple(related),
        help=f"{ASK_WHICH}{wording.help}" if said else wording.help,
        data={key: value for key, value in data.items() if value not in ("", [])},
        differs=_find_differing_spans(corpus, mine_at, kept_at) if finding.kind == NEAR else marked,
        ignored=finding.ignored,
    )


def find_cluster_differences(corpus: Corpus, finding: "DuplicateCluster") -> "list[Difference]":
    """Return the mistakes that tell the copies of a cluster from the one to keep; those of the last copy come first."""
    from techstock.duplicates.differences import find_copy_differences

    found: list[Difference] = []
    if finding.kind == NEAR and not finding.kept.key:
        return found  # what only looks alike may be about two things
    for unit in reversed(finding.others):
        if finding.kind == NEAR and unit.key != finding.kept.key:
            continue
        found += find_copy_differences(corpus, unit, finding.kept)
    return found


def _format_message(corpus: Corpus, message: str, finding: "DuplicateCluster") -> str:
    from techstock.duplicates.pair_suppressions import get_display_name

    last, kept, count = finding.others[-1], finding.kept, len(finding.others) + 1
    mine, theirs = (strip_term_markup(get_display_name(corpus, unit)) for unit in (last, kept))
    looks_same = normalize_nfc(mine) == normalize_nfc(theirs)
    more = f" ({count} copies in all)" if count > 2 and "{other}" in message else ""
    words = {
        "what": "paragraph" if last.form == PARAGRAPH else "definition",
        "name": f" of `{mine}`" if mine else "",
        "other": f"one under `{theirs}`" if theirs and not looks_same else "another",
        "term": f"`{mine}`",
        "times": f"{count} times" if count > 2 else "twice",
    }
    paths = [corpus.notes[unit.note].path for unit in (last, kept)]
    return message.format(**words) + more + format_twins("term", mine, theirs) + format_twins("path", *paths)


def format_twins(what: str, mine: str, theirs: str) -> str:
    """Return a clause that tells two equal-looking terms or paths apart; empty if they are the same, or look unlike."""
    form = describe_unicode_twin(mine, theirs)
    return f"; the two {what}s look the same, but this one is spelled {form}" if form else ""


def _get_passage_problem(corpus: Corpus, passage: "Passage") -> Problem:
    """Return the problem of a passage, built once for both rules."""
    problems: dict[int, Problem] = corpus.memo.setdefault("passage problems", {})
    if id(passage) not in problems:  # it lives as long as the memo
        problems[id(passage)] = _build_passage_problem(corpus, passage)
    return problems[id(passage)]


def _build_passage_problem(corpus: Corpus, passage: "Passage") -> Problem:
    parts = tuple(
        ProblemPart(RULES[rule], build_cluster_problem(corpus, rule, finding)) for rule, finding in passage.findings
    )
    home = corpus.notes[passage.home].path
    if passage.form == EDITION:
        other = corpus.notes[passage.other].path
        where = f"`{other}`, with the same headings{format_twins('path', home, other)}"
        return ProblemGroup(
            home,
            EDITION,
            f"{{count}} entries of this note are also in {where}",
            "the first of them is here",
            "the first of them there",
            "keep one of the two editions, or leave in one what the other does not say",
            parts,
        ).build_problem()
    if passage.form == SHARED:
        return ProblemGroup(
            home,
            SHARED,
            f"{{count}} entries of this note are also in `{corpus.notes[passage.other].path}`",
            "the first of them is here",
            "the first of them there",
            "keep each of them in one of the two notes and link to it",
            parts,
        ).build_problem()
    return ProblemGroup(
        home,
        PASSAGE,
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


PASSAGE, EDITION, SHARED = "passage", "edition", "shared"


class Passage(msgspec.Struct, frozen=True):
    """The clusters that are one finding, in order, each with its rule.

    `form` tells what they are: one copied run (`passage`), what two editions share (`edition`), or what else two notes
    share (`shared`). `home` is the note of the later copy, by index, `other` the other note; -1 for a run.
    """

    findings: tuple[tuple[str, "DuplicateCluster"], ...]
    home: int
    form: str = PASSAGE
    other: int = -1


def find_passages(decision: "DuplicateResults") -> list[Passage]:
    """Return the groups among the findings of a decision, without those that comments ignore."""
    if (known := decision.views.corpus.memo.get("passages")) is not None:
        found: list[Passage] = known
        return found
    in_editions = {id(finding) for pair in decision.editions for _, finding in pair.findings}
    single = [
        (kind, finding)
        for kind in (DEFINITION, TERM)
        for finding in decision.findings.get(kind, ())
        if id(finding) not in in_editions and not finding.ignored
    ]
    found = [passage for pair in decision.editions if (passage := _make_edition_passage(decision, pair))]
    between = _group_by_notes(decision, single)
    found += (_make_shared_passage(decision, notes, some) for notes, some in between.items())
    taken = {id(finding) for some in between.values() for _, finding in some}
    found += _find_run_passages(decision, [one for one in single if id(one[1]) not in taken])
    decision.views.corpus.memo["passages"] = found
    return found


_Finding = tuple[str, "DuplicateCluster"]


def _group_by_notes(
    decision: "DuplicateResults", single: "Sequence[_Finding]"
) -> dict[tuple[int, int], list[_Finding]]:
    """Return what two notes share by the two, the later one last, where it is enough for a group and not one run."""
    between: dict[tuple[int, int], list[_Finding]] = {}
    for kind, finding in single:
        one, other = sorted((finding.kept.note, finding.others[-1].note), key=decision.views.get_reading_position)
        if one != other:
            between.setdefault((one, other), []).append((kind, finding))
    return {
        notes: some
        for notes, some in between.items()
        if len(some) >= MIN_GROUPED and not _are_one_run([_get_run(decision, finding) for _, finding in some])
    }


def _are_one_run(runs: "Sequence[int | None]") -> bool:
    return runs[0] is not None and len(set(runs)) == 1


def _get_run(decision: "DuplicateResults", finding: "DuplicateCluster") -> int | None:
    """Return the number of the copied run of which the two ends of a cluster are part; None where there is none."""
    one, other = finding.kept, finding.others[-1]
    ends = (one.note, one.entry), (other.note, other.entry)
    runs = decision.views.runs
    return runs.get(ends, runs.get((ends[1], ends[0])))


def _find_run_passages(decision: "DuplicateResults", single: "Sequence[_Finding]") -> list[Passage]:
    runs: dict[int, list[_Finding]] = {}
    for kind, finding in single:
        if (run := _get_run(decision, finding)) is not None:
            runs.setdefault(run, []).append((kind, finding))
    return [_make_passage(decision, some) for some in runs.values() if len(some) >= MIN_GROUPED]


def _make_shared_passage(decision: "DuplicateResults", notes: tuple[int, int], some: "Sequence[_Finding]") -> Passage:
    other, home = notes
    ordered = sorted(
        some, key=lambda one: min(decision.views.get_position(unit) for unit in _get_ends(one[1]) if unit.note == home)
    )
    return Passage(tuple(ordered), home, SHARED, other)


def _get_ends(finding: "DuplicateCluster") -> "tuple[ComparedEntry, ComparedEntry]":
    return finding.kept, finding.others[-1]


def _make_passage(decision: "DuplicateResults", some: "Sequence[_Finding]") -> Passage:
    ordered = sorted(some, key=lambda one: decision.views.get_position(one[1].others[-1]))
    home = max(unit.note for _, finding in some for unit in (finding.kept, finding.others[-1]))
    return Passage(tuple(ordered), home)


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
    return Passage(tuple(left), pair.later, EDITION, pair.first)
