"""Every cluster of real notes can be merged: nothing lost, no link broken, and lint no longer reports it."""

from collections.abc import Sequence
from functools import cache
from random import Random

import pytest

from techstock.duplicates.clusters import compare_candidate_entries, find_clusters
from techstock.engine import diagnose
from techstock.merge.candidates import MERGEABLE_RULES, MergeCandidate, find_merge_candidates
from techstock.merge.plan import plan_merge
from techstock.merge.verification import apply_plan, find_new_problems
from techstock.model import Corpus, Diagnostic
from tests.harm.merging import limit_to_folders
from tests.merge.support import PLANS, is_changed
from tests.support import get_collections, read_corpus

FOLDERS = ("aws-notes", "gyoogle")
# Of all clusters, and of those of copied runs, drawn with a fixed seed: each is checked against all notes beside it.
SAMPLE = 2
DUPLICATES = tuple(MERGEABLE_RULES)[:3]


@cache
def load_collection(name: str) -> Corpus:
    return read_corpus(get_collections() / "corpus" / name)


def draw_clusters(corpus: Corpus) -> list[MergeCandidate]:
    """Return some clusters, half of them from copied runs, whose other entries must outlive the merge."""
    every = [(rule, one) for rule in DUPLICATES for one in find_clusters(corpus, MERGEABLE_RULES[rule])]
    views = compare_candidate_entries(corpus).views
    in_runs = [(rule, one) for rule, one in every if views.is_in_run(one.kept, one.others[-1])]
    random = Random(8)  # noqa: S311 (no secret)
    drawn = [pair for some in (every, in_runs) for pair in random.sample(some, min(SAMPLE, len(some)))]
    return [
        next(find_merge_candidates(corpus, corpus.notes[one.kept.note], one.kept.entry, [rule])) for rule, one in drawn
    ]


def list_copied_notes(found: Sequence[Diagnostic]) -> set[tuple[str, str]]:
    """Return the pairs of paths of which `file-copy` says that one is a copy."""
    copies = [one.problem for one in found if one.rule == "file-copy"]
    return {(one.place.path, one.related[0].place.path) for one in copies}


@pytest.mark.parametrize("name", FOLDERS)
def test_clusters_of_real_notes(name: str) -> None:
    for cluster in draw_clusters(load_collection(name)):
        corpus, own = limit_to_folders(load_collection(name), cluster)
        planned = plan_merge(corpus, own)
        after = apply_plan(corpus, planned)  # raises for what would be lost, changed besides, or reported still
        scope = set(planned.texts)
        before, found = diagnose(corpus, PLANS, scope), diagnose(after, PLANS, scope)
        new = find_new_problems(before, found)
        assert {one.rule for one in new} <= {*DUPLICATES, "file-copy"}
        # Its fingerprint follows from the beginnings of both notes: they are the same copies as before.
        assert list_copied_notes(new) <= list_copied_notes(before)
        gone = find_new_problems(found, before)
        assert gone
        assert all(is_changed(corpus, one, planned) for one in gone)
