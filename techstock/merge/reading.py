"""The decision whether a person must read a merge: no, where all that goes is in the kept copy, word for word."""

from techstock.duplicates.differences import build_difference_data, find_copy_differences
from techstock.merge.copy_changes import KEPT, SHARED
from techstock.merge.entry_tree import EntryTree, build_entry_tree, walk_sentences
from techstock.merge.plan import MergePlan
from techstock.merge.sentence_containment import tokenize_sentence
from techstock.model import Corpus
from techstock.text.phrases import format_differences

_RULES_TO_READ = {
    "term-repeated": "both are in one list, and two terms may be meant",
    "term-conflict": "they say two things",
    "near-duplicate": "they say it in other words",
}


def find_reason_to_read(corpus: Corpus, plan: MergePlan) -> str:
    """Return why a merge must be read before it is made; empty if it changes no sentence and loses none."""
    cluster = plan.cluster
    kept = cluster.copies[cluster.kept]
    others = [copy for index, copy in enumerate(cluster.copies) if index != cluster.kept]
    differences = [one for copy in others for one in find_copy_differences(corpus, copy, kept)]
    if differences:
        return format_differences(build_difference_data(corpus, differences))
    if reason := _RULES_TO_READ.get(cluster.rule):
        return reason
    own = next(change for change in plan.changes if change.kind == KEPT)
    if own.text != own.place.extract_from(corpus.by_path[own.place.path].text):
        return "the kept copy gets what another one says"
    if any(change.kind == SHARED for change in plan.changes):
        return "only a part of their sentences is in both"
    said = _collect_sentences(build_entry_tree(corpus, corpus.notes[kept.note], kept.entry))
    for copy in others:
        if not _collect_sentences(build_entry_tree(corpus, corpus.notes[copy.note], copy.entry)) <= said:
            return "the kept copy says it in other words"
    return ""


def _collect_sentences(tree: EntryTree) -> set[tuple[str, ...]]:
    return {tokens for sentence in walk_sentences(tree) if (tokens := tokenize_sentence(sentence.text))}
