"""A cache changes nothing but the time: whatever happens to notes, a run with one says what a run without says."""

import os
import random
from pathlib import Path

import pytest

from techstock.cache import key
from tests.cache.support import get_cache_report, lint_report, make_text, run_with
from tests.cli.support import run
from tests.project.disk import posix_only
from tests.support import make_project

NAMES = ["01-10.md", "11-20.md", "notes/01-10.md", "notes/memo.md", "notes/deep/a.MD", "README.md"]
OPTIONS: list[list[str]] = [
    [], [], [], ["--preset", "strict"], ["--select", "*"], ["--select", "section-*", "--ignore", "section-number-gap"],
    ["--config", "section-level=3"], ["--duplicate-scope", "corpus"], ["--config", "limits.file-size=150"],
    ["--config", "rules.section-number-gap.allow=[3]", "--preset", "strict"], ["--jobs", "2"],
]  # fmt: skip


def edit_notes(choose: random.Random, root: Path) -> None:
    """Do to the notes what people do."""
    here = [root / name for name in NAMES if (root / name).exists()]
    kind = choose.choice(["write", "write", "delete", "move", "copy", "touch", "swap", "break"])
    new = root / choose.choice(NAMES)
    new.parent.mkdir(parents=True, exist_ok=True)
    if kind == "write" or len(here) < 2:
        new.write_text(make_text(choose), "utf-8")
    elif kind == "delete":
        choose.choice(here).unlink()
    elif kind == "move":
        choose.choice(here).replace(new)
    elif kind == "copy":
        new.write_bytes(choose.choice(here).read_bytes())
    elif kind == "touch":
        choose.choice(here).touch()
    elif kind == "break":
        new.write_bytes(b"\xff\xfe" + make_text(choose).encode())
    else:  # another text of the same size, with the time of the old one
        note = choose.choice(here)
        status = note.stat()
        note.write_bytes(
            note.read_bytes()[::-1].decode("utf-8", "ignore").encode()[::-1].ljust(status.st_size)[: status.st_size]
        )
        os.utime(note, ns=(status.st_atime_ns, status.st_mtime_ns))


@pytest.mark.parametrize("seed", range(16))
def test_any_edits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], seed: int
) -> None:
    choose = random.Random(seed)  # noqa: S311 (no secret)
    if seed % 2:
        monkeypatch.setattr(key, "SETTLE_TIME", -(10**15))  # stamps are trusted at once
    scope = {"techstock.toml": 'duplicate-scope = "directory"\n'}  # most is kept by folders; an option widens it
    monkeypatch.chdir(make_project(tmp_path, {name: make_text(choose) for name in NAMES} | scope))
    for _ in range(7):
        options = [*choose.choice(OPTIONS), *choose.choice([[], [], [choose.choice(NAMES)]])]
        options = [option for option in options if not option.lower().endswith(".md") or Path(option).exists()]
        fresh = lint_report(capsys, "--no-cache", *options)
        assert lint_report(capsys, *options) == fresh
        for _ in range(choose.randint(0, 2)):
            edit_notes(choose, tmp_path)


def test_any_options(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """One rule with one set of options after another, over the same notes."""
    monkeypatch.chdir(
        make_project(tmp_path, {"a.md": "## 1.\n\n- 待避: 状態。\n\n## 3.\n\n- 復旧: 再び。\n", "techstock.toml": ""})
    )
    options = ["--select", "section-number-gap"]
    every = [[], ["--config", "rules.section-number-gap.allow=[2]"], ["--config", "rules.section-number-gap.allow=[3]"]]
    fresh = [lint_report(capsys, "--no-cache", *options, *more) for more in every]
    assert [code for code, _ in fresh] == [1, 0, 1]
    assert [lint_report(capsys, *options, *more) for more in every * 2] == fresh * 2


def test_rules_that_first_run_while_notes_are_fixed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Notes are kept from a run with other rules; what is found in the first round is there in the second."""
    monkeypatch.chdir(
        make_project(tmp_path, {"a.md": "# 題\n\n-\u3000全角\n", "b.md": "# 別\n\n- 語:\n", "techstock.toml": ""})
    )
    assert lint_report(capsys, "--select", "note-title") == (0, "[]\n")
    code, out = lint_report(capsys, "--fix")
    assert (code, out.count("definition-missing")) == (1, 1)
    assert lint_report(capsys) == (code, out)


def test_the_same_size_and_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever sets the time of a file back cannot hide a change."""
    note = make_project(tmp_path, {"a.md": "# 題\n\n**強い**\n", "techstock.toml": ""}) / "a.md"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(key, "SETTLE_TIME", 0)
    os.utime(note, (0, 0))
    assert lint_report(capsys) == lint_report(capsys) == (0, "[]\n")
    note.write_text("# 題\n\n**強。**い"[:11].ljust(11) + "\n", "utf-8")
    status = note.stat()
    note.write_bytes("# 題\n\n- a:\n".encode().ljust(status.st_size))
    os.utime(note, (0, 0))
    assert lint_report(capsys) == lint_report(capsys, "--no-cache")
    assert lint_report(capsys)[0] == 1


def test_a_young_file_is_read_again(tmp_path: Path) -> None:
    """Its stamp may stay while it changes; once it is older, it is trusted and not even opened."""
    make_project(tmp_path, {"a.md": "# 題\n\n- a:\n", "techstock.toml": ""})
    counting = "import techstock.load.corpus_loader as g\nread = g.read_note_bytes\n"
    counting += "def content(*a, **k):\n    print('read', file=sys.stderr)\n    return read(*a, **k)\n"
    counting += "g.read_note_bytes = content\n"
    age = "import techstock.cache.key as s\ns.SETTLE_TIME = {}10**15\n"
    assert "read" not in run_with(counting, "lint", "-q", cwd=tmp_path).stderr  # there is no cache yet
    assert "read" in run_with(counting + age.format("+"), "lint", "-q", cwd=tmp_path).stderr
    assert "read" not in run_with(counting + age.format("-"), "lint", "-q", cwd=tmp_path).stderr


def test_a_kept_corpus_needs_no_parser(tmp_path: Path) -> None:
    make_project(tmp_path, {"a.md": "# 題\n\n- a:\n", "b.md": "# 別\n", "techstock.toml": ""})
    ask = "import atexit\natexit.register(lambda: print(*(m for m in ('pyromark', 'multiprocessing', "
    ask += "'importlib.metadata') if m in sys.modules), file=sys.stderr))"
    assert "pyromark" in run_with(ask, "lint", "-q", cwd=tmp_path).stderr
    assert run_with(ask, "lint", "-q", cwd=tmp_path).stderr == "\n"


def test_verbose_tells_what_was_kept(tmp_path: Path) -> None:
    make_project(tmp_path, {"a.md": "# 題\n", "b.md": "# 題\n\n- a:\n", "techstock.toml": ""})
    where = f"cache `{tmp_path / '.techstock_cache'}`"
    first = get_cache_report(run("lint", "-v", cwd=tmp_path))
    assert first == f"0 of 2 notes kept from before, 2 parsed in 1 process, {where} saved"
    assert get_cache_report(run("lint", "-v", cwd=tmp_path)).startswith("2 of 2 notes kept from before, cache")
    off = get_cache_report(run("lint", "-v", "--no-cache", cwd=tmp_path))
    assert off == "0 of 2 notes kept from before, 2 parsed in 1 process, cache off"


def test_another_place(tmp_path: Path) -> None:
    root = make_project(tmp_path / "notes", {"a.md": "# 題\n", "techstock.toml": ""})
    run("lint", "--cache-dir", "../kept", cwd=root)
    assert not (root / ".techstock_cache").exists()
    assert "1 of 1 notes kept" in run("lint", "-v", "--cache-dir", "../kept", cwd=root).stderr
    assert (tmp_path / "kept" / "CACHEDIR.TAG").read_bytes().startswith(b"Signature: 8a477f597d28d172789f06886806bc55")
    assert (tmp_path / "kept" / ".gitignore").read_text() == "*\n"


@pytest.mark.parametrize("jobs", ["0", "-1", "65", "x", "1.5", "９"])
def test_jobs_is_a_number(tmp_path: Path, jobs: str) -> None:
    done = run("lint", f"--jobs={jobs}", cwd=make_project(tmp_path, {"a.md": ""}))
    assert (done.returncode, done.stderr) == (2, f"error: --jobs takes a number from 1 to 64, not `{jobs}`\n")


@posix_only
def test_a_note_that_changes_while_it_is_read(tmp_path: Path) -> None:
    make_project(tmp_path, {"a.md": "# 題\n\n- a:\n", "techstock.toml": ""})
    once = "import techstock.cache.lazy_note as k\nread = k.read_note_bytes\n{}\n"
    once += "def content(root, path, **rest):\n    global left\n    left -= 1\n    if left >= 0:\n"
    once += "        with open('a.md', 'a') as f: f.write('\\n- b:\\n')\n"
    once += "    return read(root, path, **rest)\nk.read_note_bytes = content\n"
    done = run_with(once.format("left = 1"), "lint", "-q", "--output-format", "concise", cwd=tmp_path)
    assert done.stdout == run("lint", "-q", "--no-cache", "--output-format", "concise", cwd=tmp_path).stdout
    assert done.stdout.count("\n") == 2
    done = run_with(once.format("left = 99"), "lint", "-q", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: `a.md` changes while it is read; run again when it is at rest\n"


@posix_only
def test_a_trusted_note_that_changes_before_its_text_is_read(tmp_path: Path) -> None:
    """The rule that reads it has no defect, and what comes from stdin is not read twice."""
    make_project(tmp_path, {"1.md": "## 1.\n## 02\n", "2.md": "## 3.\n", "techstock.toml": ""})
    old = "import techstock.cache.key as s\ns.SETTLE_TIME = -10**15\n"
    run_with(old, "lint", "-q", cwd=tmp_path)
    late = "import techstock.load.corpus_loader as g\ngather, times = g.load_corpus, iter('x')\n"
    late += "def changed(*a, **k):\n    found = gather(*a, **k)\n"
    late += "    if next(times, ''): open('1.md', 'a').write('## 3\\n')\n    return found\ng.load_corpus = changed\n"
    for arguments, stdin in ((["lint", "-q"], ""), (["lint", "-q", "-", "--stdin-filename", "2.md"], "- a:\n")):
        done = run_with(old + late, *arguments, cwd=tmp_path, stdin=stdin)
        assert done.stderr == ""
        fresh = run(*arguments, "--no-cache", cwd=tmp_path, stdin=stdin)
        assert (done.returncode, done.stdout) == (fresh.returncode, fresh.stdout)
        assert done.returncode == 1
