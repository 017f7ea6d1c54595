"""Every cluster of real notes can be merged: nothing lost, no link broken, and lint no longer reports it."""

from functools import cache
from random import Random

import pytest
from msgspec.structs import force_setattr, replace

from techstock.duplicates.clusters import find_clusters
from techstock.engine import diagnose
from techstock.engine.diagnostic_groups import list_all_parts
from techstock.merge.candidates import MERGEABLE_RULES, MergeCandidate, find_merge_candidates
from techstock.merge.plan import plan_merge
from techstock.merge.verification import apply_plan, find_new_problems
from techstock.model import Corpus
from tests.merge.support import PLANS
from tests.support import get_collections, read_corpus

FOLDERS = ("aws-notes", "gyoogle")
SAMPLE = 4  # clusters of a collection, drawn with a fixed seed: each is checked against all notes of its folders
DUPLICATES = tuple(MERGEABLE_RULES)[:3]


@cache
def load_collection(name: str) -> Corpus:
    return read_corpus(get_collections() / "corpus" / name)


def draw_clusters(corpus: Corpus) -> list[MergeCandidate]:
    found = [
        next(find_merge_candidates(corpus, corpus.notes[finding.kept.note], finding.kept.entry, [rule]))
        for rule in DUPLICATES
        for finding in find_clusters(corpus, MERGEABLE_RULES[rule])
    ]
    return Random(8).sample(found, min(SAMPLE, len(found)))  # noqa: S311 (no secret)


def limit_to_folders(corpus: Corpus, cluster: MergeCandidate) -> tuple[Corpus, MergeCandidate]:
    """Return the notes in the folders of a cluster, and the cluster in them."""
    paths = [corpus.notes[unit.note].path for unit in cluster.copies]
    folders = {path.rpartition("/")[0] for path in paths}
    notes = tuple(note for note in corpus.notes if note.path.rpartition("/")[0] in folders)
    number = {note.path: at for at, note in enumerate(notes)}
    copies = tuple(replace(unit) for unit in cluster.copies)
    for unit, path in zip(copies, paths, strict=True):
        force_setattr(unit, "note", number[path])
    ends = ((corpus.notes[note].path, entry) for note, entry in cluster.whole)
    whole = frozenset((number[path], entry) for path, entry in ends)
    return replace(corpus, notes=notes), replace(cluster, copies=copies, whole=whole)


@pytest.mark.parametrize("name", FOLDERS)
def test_clusters_of_real_notes(name: str) -> None:
    for cluster in draw_clusters(load_collection(name)):
        corpus, own = limit_to_folders(load_collection(name), cluster)
        planned = plan_merge(corpus, own)
        after = apply_plan(corpus, planned)  # raises for what would be lost, changed besides, or reported still
        scope = set(planned.texts)
        before, found = diagnose(corpus, PLANS, scope), diagnose(after, PLANS, scope)
        # That of a copied note follows from all its text, so it is a new one.
        assert {one.rule for one in find_new_problems(before, found)} <= {*DUPLICATES, "file-copy"}
        assert len(list_all_parts(found)) < len(list_all_parts(before)) or find_new_problems(before, found)
