"""Several processes parse as one does; what befalls one of them is said."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from techstock.load import corpus_loader as gathering
from techstock.load import worker_pool
from techstock.load.corpus_loader import LoadOptions, load_corpus
from tests.cache.support import run_with
from tests.cli.support import make_environment, run
from tests.project.disk import linux_only, posix_only
from tests.support import make_project

SMALL = "import techstock.load.corpus_loader as g, techstock.load.parse_job as w\n"
SMALL += "g._MIN_PARALLEL_SIZE = 1\ng._MAX_PORTION_SIZE = 200\n"
NOTES = {f"n{number}.md": f"## {number}.\n\n- 用語:\n- a: b{number}\n" for number in range(12)}
MARK = f"{SMALL}import techstock.load.worker_pool as crew\non, pid = w.ParseJob.parse_file, os.getpid()\n"


def test_order_and_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_project(tmp_path, {**NOTES, "bad.md": b"\xff", "empty.md": ""})
    monkeypatch.setattr(gathering, "_MIN_PARALLEL_SIZE", 1)
    monkeypatch.setattr(gathering, "_MAX_PORTION_SIZE", 600)
    monkeypatch.setattr(worker_pool, "_START_METHOD", "spawn")  # this process may have threads
    names = [*NOTES, "bad.md", "empty.md", "gone.md"]
    statuses = {path.name: path.lstat() for path in tmp_path.iterdir()}
    several = load_corpus(names, LoadOptions(os.fsencode(tmp_path), 1000, jobs=3, statuses=statuses))
    one = load_corpus(names, LoadOptions(os.fsencode(tmp_path), 1000, statuses=statuses))
    assert (several.processes, one.processes) == (3, 1)
    assert several.corpus == one.corpus
    assert [note.path for note in one.corpus.notes] == sorted(names)
    assert [fault.kind for note in one.corpus.notes for fault in note.faults] == ["encoding", "unreadable"]


def test_little_is_parsed_here(tmp_path: Path) -> None:
    make_project(tmp_path, {**NOTES, "techstock.toml": ""})
    assert "12 parsed in 1 process" in run("lint", "-v", "--jobs", "2", cwd=tmp_path).stderr
    assert "12 parsed in 3 processes" in run_with(SMALL, "lint", "-v", "--no-cache", "--jobs=3", cwd=tmp_path).stderr


@posix_only
def test_a_killed_process(tmp_path: Path) -> None:
    make_project(tmp_path, {**NOTES, "techstock.toml": ""})
    kill = (
        MARK + "def die(self, path):\n    if os.getpid() != pid: os.kill(os.getpid(), 9)\n    return on(self, path)\n"
    )
    done = run_with(f"{kill}w.ParseJob.parse_file = die", "lint", "--jobs=2", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "error: a process that parsed notes was ended by signal 9, perhaps for want of memory; "
        "`--jobs 1` needs one process only\n"
    )


def test_what_fails_there_fails_here(tmp_path: Path) -> None:
    make_project(tmp_path, {**NOTES, "techstock.toml": ""})
    fail = (
        MARK
        + "def fail(self, path):\n    if path == 'n7.md': raise ZeroDivisionError(path)\n    return on(self, path)\n"
    )
    done = run_with(f"{fail}w.ParseJob.parse_file = fail", "lint", "--jobs=2", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: techstock has a defect: ZeroDivisionError: n7.md; `-v` shows where\n"


def test_a_rule_that_fails_there_fails_here(tmp_path: Path) -> None:
    make_project(tmp_path, {**NOTES, "techstock.toml": ""})
    fail = SMALL + "import techstock.rules.section_empty as r\ndef fail(note):\n    yield 1 / 0\n"
    fail += "r.check.__code__ = fail.__code__"
    done = run_with(fail, "lint", "--jobs=2", "--select", "section-empty", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    said = "error: techstock has a defect: rule section-empty failed on n0.md and 11 other notes (ZeroDivisionError)\n"
    assert done.stderr.startswith(said)


SLOW = (
    "import time\ndef slow(self, path):\n    print('!', flush=True)\n    time.sleep(60)\nw.ParseJob.parse_file = slow\n"
)
FORKING = "import signal, time\ndef forked():\n    signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
FORKING += "    print('!', flush=True)\n    time.sleep(1)\nos.register_at_fork(after_in_child=forked)\n"


@posix_only
@pytest.mark.parametrize("slow", [SLOW, pytest.param(FORKING, marks=linux_only)], ids=["working", "starting"])
def test_interrupted(slow: str, tmp_path: Path) -> None:
    make_project(tmp_path, {**NOTES, "techstock.toml": ""})
    program = f"import os, sys\n{MARK}{slow}from techstock.cli import main\nsys.exit(main())"
    started = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-c", program, "lint", "--jobs=2"],
        cwd=tmp_path, env=make_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        process.stdout.readline()
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (130, b"")
    assert time.monotonic() - started < 50


def test_started_anew_where_it_cannot_be_forked(tmp_path: Path) -> None:
    """As on macOS and Windows; the work and its results must survive being sent."""
    make_project(tmp_path, {**NOTES, "techstock.toml": ""})
    fresh = run("lint", "-q", "--no-cache", cwd=tmp_path)
    anew = SMALL + "import techstock.load.worker_pool as c\nc._START_METHOD = 'spawn'"
    main = "import sys\nfrom techstock.cli import main\nif __name__ == '__main__':\n"
    main += f"    exec({anew!r})\n    sys.exit(main())\n"
    (tmp_path / "run.py").write_text(main)
    done = subprocess.run(
        [sys.executable, "run.py", "lint", "-q", "--no-cache", "--jobs=2"],
        cwd=tmp_path, env=make_environment(), capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert (done.stderr, done.stdout, done.returncode) == ("", fresh.stdout, fresh.returncode)
