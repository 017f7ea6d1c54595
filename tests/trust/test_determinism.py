"""The same notes have the same problems in the same order, byte for byte, whatever surrounds the run."""

import os
import random
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from techstock.engine import diagnose
from tests.cache.support import make_text
from tests.cli.support import make_command, make_environment
from tests.support import make_corpus, make_project, plan_rules
from tests.trust.support import run_here

EVERY = ["lint", "-q", "--output-format", "json", "--config", 'select=["*"]']


def make_notes(seed: int) -> dict[str, str]:
    choose = random.Random(seed)  # noqa: S311 - the same notes each time
    names = ["01-10.md", "11-20.md", "x/01-10.md", "x/a.md", "あ.md", "か\u3099.md"]
    return {name: make_text(choose) for name in names}


def lint_root(root: Path, *words: str) -> str:
    found = run_here(*EVERY, *words, cwd=root)
    assert found.code == 1, found.err
    return found.out


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_project(tmp_path / "notes", {**make_notes(5), "techstock.toml": "", "x/a.png": "x"})


def test_any_hash_seed_any_number_of_processes(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a process of its own each, with its own order of sets."""
    first = lint_root(root, "--no-cache")
    for seed, jobs in (("0", "1"), ("1", "3")):
        env = make_environment(PYTHONHASHSEED=seed)
        done = subprocess.run(
            make_command(*EVERY, "--no-cache", "--jobs", jobs), cwd=root, env=env, capture_output=True, check=False
        )
        assert done.stdout.decode("utf-8") == first
    monkeypatch.setattr("techstock.load.corpus_loader._MIN_PARALLEL_SIZE", 0)
    monkeypatch.setattr("techstock.load.corpus_loader._MAX_PORTION_SIZE", 200)
    assert lint_root(root, "--no-cache", "--jobs", "3") == first


def test_cold_and_warm(root: Path) -> None:
    first = lint_root(root, "--no-cache")
    assert [lint_root(root) for _ in range(3)] == [first] * 3


def test_any_working_directory(root: Path) -> None:
    first = lint_root(root)
    assert lint_root(root / "x", "--root", "..", "..") == first
    assert lint_root(root.parent, "--root", "notes", "notes") == first
    assert lint_root(root.parent, "--root", str(root), str(root)) == first


def test_with_git_and_without(root: Path) -> None:
    """Where nothing is ignored, untracked, a link or kept elsewhere."""
    first = lint_root(root)
    make_project(root, {}, git=True)
    assert lint_root(root) == first


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_any_line_end(root: Path, end: str) -> None:
    first = lint_root(root)
    for path in root.rglob("*.md"):
        path.write_bytes(path.read_bytes().replace(b"\n", end.encode()))
    assert lint_root(root) == first


def test_any_order_of_files(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the disk lists in another order, and a corpus that is made in another order."""
    first = lint_root(root)
    before = os.scandir
    shuffle = random.Random(7).shuffle  # noqa: S311 - the same order each time

    @contextmanager
    def shuffled(folder: bytes | str) -> Iterator[list[os.DirEntry[Any]]]:
        with before(folder) as scan:
            entries: list[os.DirEntry[Any]] = list(scan)
        shuffle(entries)
        yield entries

    monkeypatch.setattr(os, "scandir", shuffled)
    for _ in range(3):
        assert lint_root(root, "--no-cache") == first


@pytest.mark.parametrize("seed", range(5))
def test_any_order_of_rules(seed: int) -> None:
    corpus = make_corpus(make_notes(seed))
    plans = plan_rules()
    first = diagnose(corpus, plans)
    assert first
    random.Random(seed).shuffle(plans)  # noqa: S311 - the same order each time
    assert diagnose(corpus, plans) == first
