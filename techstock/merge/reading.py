"""The decision whether a person must read a merge, and the lines to read.

No reading is needed where all that goes is in the kept copy, word for word.
"""

from collections.abc import Iterator, Sequence

from techstock.duplicates.differences import build_difference_data, find_copy_differences
from techstock.duplicates.entries import ComparedEntry
from techstock.duplicates.pair_suppressions import get_display_name
from techstock.duplicates.prose import get_compared_entry
from techstock.duplicates.term_keys import strip_term_markup
from techstock.merge.candidates import MergeCandidate
from techstock.merge.copy_changes import KEPT, SHARED, CopyChange, CopySummary
from techstock.merge.entry_tree import build_entry_tree, walk_sentences
from techstock.merge.plan import MergePlan
from techstock.merge.sentence_containment import tokenize_sentence
from techstock.merge.sentence_split import split_sentences
from techstock.model import Corpus
from techstock.text.phrases import format_differences
from techstock.text.unicode_names import describe_unicode_twin

_RULES_TO_READ = {
    "term-repeated": "both are in one list, and two terms may be meant",
    "term-conflict": "they say two things",
    "near-duplicate": "they say it in other words",
}


GAINS_TEXT = "the kept copy gets what another one says"


def find_reason_to_read(corpus: Corpus, plan: MergePlan) -> str:
    """Return why a merge must be read before it is made; empty if it changes no sentence and loses none."""
    cluster = plan.cluster
    if differences := describe_differences(corpus, cluster):
        return differences
    kept, others = _split_copies(cluster)
    if reason := _RULES_TO_READ.get(cluster.rule):
        return reason
    own = next(change for change in plan.changes if change.kind == KEPT)
    if own.text != own.place.extract_from(corpus.by_path[own.place.path].text):
        return GAINS_TEXT
    if any(change.kind == SHARED for change in plan.changes):
        return "only a part of their sentences is in both"
    said = _list_sentences(corpus, kept)
    if any(not _list_sentences(corpus, copy) <= said for copy in others):
        return "the kept copy says it in other words"
    return ""


def describe_differences(corpus: Corpus, cluster: MergeCandidate) -> str:
    """Return the mistakes that tell the other copies from the one to keep, as a clause; empty if there is none."""
    kept, others = _split_copies(cluster)
    differences = [one for copy in others for one in find_copy_differences(corpus, copy, kept)]
    return format_differences(build_difference_data(corpus, differences))


def describe_twins(corpus: Corpus, cluster: MergeCandidate) -> list[str]:
    """Return sentences that tell copies apart whose terms or paths look the same but are spelled otherwise."""
    kept, others = _split_copies(cluster)
    found = []
    for copy in others:
        pairs = {
            "terms": [strip_term_markup(get_display_name(corpus, unit)) for unit in (copy, kept)],
            "paths": [corpus.notes[unit.note].path for unit in (copy, kept)],
        }
        number = cluster.copies.index(copy) + 1
        found += [
            f"The {what} of {number} and {cluster.kept + 1} look the same, but that of {number} is spelled {form}."
            for what, both in pairs.items()
            if (form := describe_unicode_twin(*both))
        ]
    return found


def _split_copies(cluster: MergeCandidate) -> tuple[ComparedEntry, list[ComparedEntry]]:
    """Return the copy to keep, and the others."""
    return cluster.copies[cluster.kept], [copy for at, copy in enumerate(cluster.copies) if at != cluster.kept]


def _list_sentences(corpus: Corpus, copy: ComparedEntry) -> set[tuple[str, ...]]:
    note = corpus.notes[copy.note]
    if copy.form:
        entry = get_compared_entry(note, copy.entry)
        said = list(split_sentences(corpus, note, entry.definition or entry.head))
    else:
        said = list(walk_sentences(build_entry_tree(corpus, note, copy.entry)))
    return {tokens for sentence in said if (tokens := tokenize_sentence(sentence.text))}


def dedent_kept_copy(copy: CopySummary, change: CopyChange) -> list[str]:
    """Return the lines of the kept copy after the merge, dedented like the sources of the other copies."""
    first, *rest = change.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    before = copy.lines[0][1].expandtabs(4)
    indent = len(before) - len(copy.source[0])
    cut = [line.expandtabs(4) for line in rest]
    return [first.expandtabs(4), *(line[min(indent, len(line) - len(line.lstrip(" "))) :] for line in cut)]


def find_new_lines(before: Sequence[str], after: Sequence[str]) -> list[bool]:
    """Return for each line of the kept copy after the merge whether it is new."""
    from difflib import SequenceMatcher

    new = [True] * len(after)
    for block in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
        new[block.b : block.b + block.size] = [False] * block.size
    return new


def list_plan_warnings(plan: MergePlan) -> Iterator[str]:
    """Yield sentences about what the merge cannot decide."""
    if plan.cluster.rule == "term-repeated":
        yield "They stand in one list: if two terms were meant, tell these apart instead."
    if plan.cluster.rule == "term-conflict":
        yield "They say different things: if these are two, give them two names instead."
    if plan.doubled:
        yield "They hold different code, and all of it stays: look whether they are one thing."


def list_cluster_warnings(corpus: Corpus, cluster: MergeCandidate) -> Iterator[str]:
    """Yield sentences about what differs in the copies and may be a mistake."""
    if differences := describe_differences(corpus, cluster):
        yield f"They differ: {differences}. Find out which of them is right."
    yield from describe_twins(corpus, cluster)
