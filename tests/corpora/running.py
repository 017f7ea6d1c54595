"""Lint and fix one collection with one techstock."""

import json
import re
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from tests.benchmarks.processes import least, measure_process
from tests.corpora.collections import copy_collection
from tests.support import read_files

_LINT = ("lint", "--isolated", "--root", ".", "--no-cache", "--exit-zero", "--config", 'select=["*"]', "--jobs", "1")
_BARE = """
import os, sys
from markdown_it import MarkdownIt
md = MarkdownIt("commonmark").enable("table")
for folder, _, names in os.walk("."):
    for name in names:
        if name.endswith(".md"):
            with open(os.path.join(folder, name), "rb") as stream:
                text = stream.read().decode("utf-8", "replace")
            md.block.parse(text, md, {}, [])
"""
_FIXED = re.compile(r"^([\d,]+) problems? fixed in ([\d,]+) note", re.M)
FIXES = {"safe": ("--fix",), "all": ("--fix", "--unsafe-fixes")}


class Problem(msgspec.Struct, frozen=True, order=True):
    """A problem as a run reports it; two are one if all but the message is the same."""

    rule: str
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    message: str


class Fixing(msgspec.Struct, frozen=True):
    """What fixing came to: fixes applied, problems that are gone by rule, and the notes that changed."""

    applied: int
    gone: dict[str, int]
    notes: dict[str, bytes]


class Result(msgspec.Struct, frozen=True):
    """What one techstock makes of a collection; `failures` are sentences about what no run may do."""

    notes: int = 0
    problems: tuple[Problem, ...] = ()
    fixing: dict[str, Fixing] = {}
    ratio: float = 0.0  # CPU time of a lint, as a multiple of that of finding blocks
    memory: float = 0.0  # megabytes at the peak of a lint
    failures: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether all runs came to an end, well or not."""
        return bool(self.fixing)


class Said(NamedTuple):
    """How a run ended: its exit code, stdout and stderr."""

    code: int
    out: str
    err: str


Tool = Callable[[Path, Sequence[str]], Said]
"""Runs a techstock in a folder, with these arguments."""


def of_python(python: str) -> Tool:
    """The techstock of the environment of a Python, in a process of its own."""

    def run(folder: Path, words: Sequence[str]) -> Said:
        done = subprocess.run([python, "-P", "-m", "techstock", *words], cwd=folder, capture_output=True, check=False)
        return Said(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8", "replace"))

    return run


def cost(python: str, source: Path, times: int) -> tuple[float, float]:
    """CPU time of a lint of a copy, as a multiple of that of finding blocks, and megabytes at its peak."""
    with _copy(source) as root:
        bare, lint = least(
            times,
            partial(measure_process, [python, "-P", "-c", _BARE], root),
            partial(measure_process, [python, "-P", "-m", "techstock", *_LINT, "-q"], root, memory=True),
        )
    return lint.cpu / bare.cpu, lint.memory


@contextmanager
def _copy(source: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="techstock-corpora-") as scratch:
        root = Path(scratch, "notes")
        copy_collection(source, root)
        yield root


class _FailedError(Exception):
    """A run that ended as none may."""


class Runner:
    """Runs one techstock on copies of one collection."""

    def __init__(self, tool: Tool, source: Path) -> None:
        self._tool, self._source = tool, source

    def result(self) -> Result:
        """All but what it costs. Never raises for what the runs do."""
        with _copy(self._source) as root:
            before = read_files(root)
            try:
                return self._result(root, before)
            except _FailedError as error:
                return Result(failures=(str(error),))

    def _result(self, root: Path, before: dict[str, bytes]) -> Result:
        problems, _ = self._run(root)
        failures = [] if read_files(root) == before else ["a lint changed files"]
        fixing = {}
        for kind, words in FIXES.items():
            fixing[kind], wrong = self._fixing(problems, before, words)
            failures += [f"{kind} fixes: {sentence}" for sentence in wrong]
        notes = sum(path.endswith(".md") for path in before)
        return Result(notes, tuple(sorted(problems)), fixing, failures=tuple(failures))

    def _fixing(
        self, problems: Sequence[Problem], before: dict[str, bytes], words: Sequence[str]
    ) -> tuple[Fixing, list[str]]:
        with _copy(self._source) as root:
            left, said = self._run(root, *words)
            after = read_files(root)
            _, again = self._run(root, *words)
            second = read_files(root)
        changed = {path: after[path] for path in before if path in after and after[path] != before[path]}
        wrong = []
        if second != after or _FIXED.search(again):
            wrong.append("a second run changes more")
        if before.keys() != after.keys():
            wrong.append("files came or went")
        if others := [path for path in changed if not path.lower().endswith((".md", ".markdown"))]:
            wrong.append(f"{len(others)} files changed that are no notes")
        match = _FIXED.search(said)
        applied = int(match[1].replace(",", "")) if match else 0
        if bool(applied) != bool(changed):
            wrong.append(f"{applied} applied, but {len(changed)} notes changed")
        gone = Counter(one.rule for one in problems)
        gone.subtract(one.rule for one in left)
        return Fixing(applied, {rule: count for rule, count in sorted(gone.items()) if count}, changed), wrong

    def _run(self, root: Path, *words: str) -> tuple[list[Problem], str]:
        """The problems that a lint reports, and what it says beside them. Raises `_FailedError`."""
        done = self._tool(root, [*_LINT, *words, "--output-format", "json"])
        if done.code or "Traceback" in done.err:
            last = (done.err.strip() or "it said nothing").splitlines()[-1]
            raise _FailedError(f"`{' '.join(('lint', *words))}` ended with {done.code}: {last}")
        return [_problem(one) for one in json.loads(done.out)], done.err


def _problem(one: dict[str, Any]) -> Problem:
    return Problem(*(one[name] for name in Problem.__struct_fields__))
