"""Facts that were decoded stay in memory for the notes that were used last, and are decoded again for all others."""

import os
import random
from pathlib import Path
from weakref import ref

import pytest

from techstock.cache import lazy_note
from techstock.load import corpus_loader, worker_pool
from techstock.load.corpus_loader import LoadOptions, load_corpus
from techstock.model import Corpus, Note
from techstock.model.note import FACT_NAMES
from techstock.parse import parse
from tests.cache.support import lint_report, make_text
from tests.support import make_project

NOTES = {f"n{number}.md": make_text(random.Random(number)) for number in range(12)}  # noqa: S311


def load(root: Path, jobs: int = 1) -> Corpus:
    statuses = {path.name: path.lstat() for path in root.iterdir()}
    return load_corpus(NOTES, LoadOptions(os.fsencode(root), 10_000, jobs=jobs, statuses=statuses)).corpus


def count_decoded(note: Note) -> int:
    """Return how many of the facts are in memory that a note has to decode."""
    return sum(bool(vars(note).get(name)) for name in FACT_NAMES)


def test_facts_used_long_ago_are_released(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_project(tmp_path, NOTES)
    monkeypatch.setattr(lazy_note, "MAX_DECODED_SIZE", 1)
    notes = load(tmp_path).notes
    for _ in range(2):
        for note in notes:
            parsed = parse(note.path, NOTES[note.path])
            assert [getattr(note, name) for name in FACT_NAMES] == [getattr(parsed, name) for name in FACT_NAMES]
        assert [bool(count_decoded(note)) for note in notes] == [False] * 4 + [True] * 8
    assert notes == load(tmp_path).notes


def test_a_note_that_nobody_uses_is_not_kept(tmp_path: Path) -> None:
    make_project(tmp_path, NOTES)
    corpus = load(tmp_path)
    note = next(note for note in corpus.notes if note.entries)
    loader = vars(note)["_load"]._source
    known = ref(note)
    assert len(loader._decoded) == 1
    del corpus, note
    assert known() is None
    assert (loader._decoded, loader._size) == ({}, 0)


def test_facts_of_few_notes_stay(tmp_path: Path) -> None:
    make_project(tmp_path, NOTES)
    notes = load(tmp_path).notes
    before = [note.entries for note in notes]
    assert all(note.entries is known for note, known in zip(notes, before, strict=True))


def test_reports_are_the_same_when_facts_are_released(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(make_project(tmp_path, NOTES))
    expected = lint_report(capsys, "--no-cache")
    assert '"duplicate-definition"' in expected[1]
    monkeypatch.setattr(lazy_note, "MAX_DECODED_SIZE", 1)
    monkeypatch.setattr(lazy_note, "_MIN_DECODED_NOTES", 0)
    assert lint_report(capsys, "--no-cache") == expected
    lint_report(capsys)
    assert lint_report(capsys) == expected  # from a file


def test_facts_of_other_processes_are_not_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_project(tmp_path, NOTES)
    monkeypatch.setattr(corpus_loader, "_MIN_PARALLEL_SIZE", 1)
    monkeypatch.setattr(corpus_loader, "_MAX_PORTION_SIZE", 3000)
    monkeypatch.setattr(worker_pool, "_START_METHOD", "spawn")
    receive, sizes = worker_pool._WorkerProcess.receive_result, list[tuple[int, int]]()

    def watch(member: worker_pool._WorkerProcess) -> worker_pool._PortionResult:
        found = receive(member)
        sizes.extend((len(record.facts), memoryview(record.facts.obj).nbytes) for record in found.records)
        return found

    monkeypatch.setattr(worker_pool._WorkerProcess, "receive_result", watch)
    load(tmp_path, jobs=2)
    assert sizes
    assert all(own < message for own, message in sizes)
