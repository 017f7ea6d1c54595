"""A cache that is missing, damaged, read-only, full, shared or of another version changes nothing but the time."""

import errno
import os
import signal
import sys
from pathlib import Path

import pytest

from techstock.cache import CacheDirectory, NoteStore, compute_code_key, key
from techstock.cache.index import decode_index
from techstock.cache.note_record import NoteSummary
from techstock.cache.store import PackFiles
from techstock.engine import RuleRun, diagnose
from techstock.load.corpus_loader import LoadOptions, load_corpus
from techstock.model import ERROR, Diagnostic
from techstock.registry import load_rule
from techstock.storage import cache_directory
from tests.cache.support import get_cache_report, run_together, run_with
from tests.cli.support import make_command, run
from tests.project.disk import posix_only
from tests.support import list_names, make_project

NOTES = {
    "a.md": "## 1.\n\n- 待避: 新しい要求を受けず、いまの仕事を終えてから止まる。\n- 別:\n",
    "b.md": "## 2.\n\n- 待避: 新しい要求を受けず、いまの仕事を終えてから止まる。\n",
    "techstock.toml": "",
}
PLANS = [RuleRun(load_rule(name), ERROR) for name in ("definition-missing", "duplicate-definition", "note-title")]


KEY = b"k" * 20


def check_notes(
    root: Path, kept: CacheDirectory | None, key: bytes = KEY, *, saving: bool = True
) -> tuple[list[Diagnostic], int]:
    """Check two notes, and return the diagnostics and how many notes came from the cache."""
    names = [name for name in NOTES if name.endswith(".md")]
    statuses = {name: (root / name).lstat() for name in names}
    got = load_corpus(
        names, LoadOptions(os.fsencode(root), 10_000, statuses=statuses), NoteStore(NoteSummary, kept, key), PLANS
    )
    found = diagnose(got.corpus, PLANS, None, got.verdicts)
    if saving:
        got.save()
    return found, got.kept


@pytest.fixture
def cached(tmp_path: Path) -> tuple[Path, CacheDirectory, list[Diagnostic]]:
    """Two notes, their cache, and what is to be said of them."""
    root = make_project(tmp_path / "notes", NOTES)
    kept = CacheDirectory(str(tmp_path / "cache"))
    fresh, _ = check_notes(root, None)
    assert len(fresh) == 2
    assert check_notes(root, kept) == (fresh, 0)
    assert check_notes(root, kept) == (fresh, 2)
    return root, kept, fresh


def damaged(whole: bytes, at: int) -> list[bytes]:
    return [whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :], whole[:at]]


def test_every_byte(cached: tuple[Path, CacheDirectory, list[Diagnostic]]) -> None:
    """Whichever byte is another, or the first that is missing: none of it is taken."""
    _, kept, _ = cached
    whole = kept.read(cache_directory.INDEX_NAME)
    index = decode_index(whole, KEY, NoteSummary)
    assert index is not None
    for at in range(len(whole)):
        for data in damaged(whole, at):
            assert decode_index(data, KEY, NoteSummary) is None
    pack = Path(kept.join_path(index.packs[0]))
    whole = pack.read_bytes()
    for at in range(len(whole)):
        for data in damaged(whole, at):
            pack.write_bytes(data)
            packs = PackFiles(kept, index.packs)
            for entry in index.entries:
                end = entry.start + entry.length
                untouched = end <= at or (len(data) == len(whole) and at < entry.start)
                assert packs.read_facts(entry) == (whole[entry.start : end] if untouched else None)


def test_some_bytes(cached: tuple[Path, CacheDirectory, list[Diagnostic]]) -> None:
    """What is damaged is parsed anew, at once or when it is asked for."""
    root, kept, fresh = cached
    for name in list_names(Path(kept.path)):
        if name not in ("CACHEDIR.TAG", ".gitignore"):
            whole = Path(kept.join_path(name)).read_bytes()
            for at in range(0, len(whole), 61):
                for data in damaged(whole, at):
                    Path(kept.join_path(name)).write_bytes(data)
                    assert check_notes(root, kept, saving=False) == (
                        fresh,
                        0 if name == cache_directory.INDEX_NAME else 2,
                    )
            Path(kept.join_path(name)).write_bytes(whole)
    assert check_notes(root, kept) == (fresh, 2)


def test_lost_packs(cached: tuple[Path, CacheDirectory, list[Diagnostic]]) -> None:
    root, kept, fresh = cached
    for name in list_names(Path(kept.path)):
        if name.endswith(".facts"):
            Path(kept.join_path(name)).unlink()
    assert check_notes(root, kept) == (fresh, 2)
    assert check_notes(root, kept) == (fresh, 0)  # what is lost is not named any more
    assert check_notes(root, kept) == (fresh, 2)


def test_each_part_of_the_key(
    cached: tuple[Path, CacheDirectory, list[Diagnostic]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    root, kept, fresh = cached
    assert check_notes(root, kept, b"o" * 20) == (fresh, 0)
    now = compute_code_key("section-level 0")
    assert compute_code_key("section-level 0") == now
    assert compute_code_key("section-level 2") != now
    for changed in (("FORMAT", b"other"), ("_PARSER", "msgspec")):
        with monkeypatch.context() as patch:
            patch.setattr(key, *changed)
            assert compute_code_key("section-level 0") != now
    monkeypatch.setattr(sys, "version", "3.99")
    assert compute_code_key("section-level 0") != now
    assert list(key._describe_package("no_such_package")) == []
    assert any(b"_pyromark." in part for part in key._describe_package("pyromark"))
    (tmp_path / "code").mkdir()
    for name in ("a.py", "a.abi3.so", "a.pyd"):
        (tmp_path / "code" / name).write_text("1")
        before = list(key._describe_files(str(tmp_path / "code")))
        (tmp_path / "code" / name).write_text("12")
        assert list(key._describe_files(str(tmp_path / "code"))) != before


@posix_only
def test_the_key_counts_code_alone_and_wherever_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / os.fsdecode(b"k\xff")
    try:
        (own / "cache" / "__pycache__").mkdir(parents=True)
    except OSError:
        pytest.skip("names here are UTF-8")
    monkeypatch.setattr(key, "__file__", str(own / "cache" / "key.py"))
    before = compute_code_key("")
    assert len(before) == 20
    (own / "cache" / "__pycache__" / "a.py").write_text("1")
    (own / "cache" / "a.txt").write_text("1")
    assert compute_code_key("") == before
    (own / "cache" / "a.py").write_text("1")
    assert compute_code_key("") != before


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES, errno.ENOSPC, errno.ENOTSUP])
def test_the_system_refuses(
    cached: tuple[Path, CacheDirectory, list[Diagnostic]], monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    root, kept, fresh = cached
    opened = os.open

    def refuse(path: str, flags: int, mode: int = 0o777, **more: int | None) -> int:
        if str(path).startswith(kept.path):
            raise OSError(number, os.strerror(number), path)
        return opened(path, flags, mode, **more)

    monkeypatch.setattr(os, "open", refuse)
    assert check_notes(root, kept) == (fresh, 0)


def test_the_place_is_a_file(tmp_path: Path) -> None:
    make_project(tmp_path, {**NOTES, ".techstock_cache": "mine"})
    fresh = run("lint", "--no-cache", cwd=tmp_path)
    done = run("lint", "-v", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (fresh.returncode, fresh.stdout)
    assert "cache not saved: " in get_cache_report(done)
    assert (tmp_path / ".techstock_cache").read_text() == "mine"


@posix_only
def test_a_full_disk(tmp_path: Path) -> None:
    make_project(tmp_path, NOTES)
    limit = "sys.dont_write_bytecode = True\n"  # a truncated module would fail every later run
    limit += "import resource, signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    limit += "resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300))"
    done = run_with(limit, "lint", "-v", cwd=tmp_path)
    assert done.stdout == run("lint", "--no-cache", cwd=tmp_path).stdout
    assert get_cache_report(done).endswith("cache not saved: file too large")
    assert list_names(tmp_path / ".techstock_cache") == [".gitignore", "CACHEDIR.TAG"]


@posix_only
def test_killed_while_it_saves(tmp_path: Path) -> None:
    """At one step; `tests/test_faults.py` has them all, in processes that are forked."""
    make_project(tmp_path, NOTES)
    fresh = run("lint", "--no-cache", cwd=tmp_path)
    kill = "os.replace = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)"
    late = "import techstock.cache.store as s\nsave = s.NoteStore.save\n"
    late += f"def killed(self, *a, **k):\n    {kill}\n    save(self, *a, **k)\ns.NoteStore.save = killed"
    assert run_with(f"import signal\n{late}", "lint", cwd=tmp_path).returncode == -signal.SIGKILL
    for _ in range(2):
        assert run("lint", cwd=tmp_path).stdout == fresh.stdout
    assert "2 of 2 notes kept" in run("lint", "-v", cwd=tmp_path).stderr


def test_what_a_killed_run_left_is_swept(cached: tuple[Path, CacheDirectory, list[Diagnostic]]) -> None:
    root, kept, _ = cached
    left, new = Path(kept.join_path("0123456789abcdef.facts")), Path(kept.join_path("f" * 16 + ".facts"))
    other = Path(kept.join_path("notes.txt"))
    for file in (left, new, other):
        file.write_bytes(b"x")
        os.utime(file, (0, 0)) if file != new else None
    (root / "a.md").write_text("# 題\n", "utf-8")
    check_notes(root, kept)
    assert [file.exists() for file in (left, new, other)] == [False, True, True]


@posix_only
def test_many_runs_at_once(tmp_path: Path) -> None:
    make_project(tmp_path, NOTES)
    fresh = run("lint", "-q", "--no-cache", cwd=tmp_path).stdout
    for number in range(2):
        (tmp_path / "c.md").write_text("# 題\n" * (number + 1), "utf-8")
        fresh = run("lint", "-q", "--no-cache", cwd=tmp_path).stdout
        assert set(run_together([make_command("lint", "-q")] * 6, tmp_path)) == {fresh}
    assert run("lint", "-q", cwd=tmp_path).stdout == fresh
