"""Run a command in this process, and hold what is promised of every run against it."""

import io
import json
import os
import re
from collections.abc import Iterator
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

from techstock.cli import main

_STEERING = re.compile(r"[^\n\x20-\x7e\xa0-\u2029\u202f-\u2065\u206a-\ud7ff\ue000-\U0010ffff]")
"""What steers a terminal, turns text around, or cannot be written."""


class Ran(NamedTuple):
    """What a command said."""

    code: int
    out: str
    err: str


def run_here(*arguments: str, cwd: Path) -> Ran:
    """Run `techstock` in a folder, in this process."""
    out, err = io.StringIO(), io.StringIO()
    with chdir(cwd), redirect_stdout(out), redirect_stderr(err):
        code = main(list(arguments))
    return Ran(code, out.getvalue(), err.getvalue())


def check_run(found: Ran) -> Ran:
    """Check that a run ended as every run must: 0, 1, or 2 with a sentence; and no defect."""
    assert found.code in (0, 1, 2), found
    assert "defect" not in found.err, found.err
    assert "Traceback" not in found.err, found.err
    if found.code == 2:
        assert found.err.strip(), "an error says what is wrong"
    assert not _STEERING.search(found.err), found.err
    return found


def lint_checked(*arguments: str, cwd: Path) -> tuple[int, list[dict[str, object]]]:
    """Lint and check the run; return the exit code and the objects of the JSON."""
    found = check_run(run_here("lint", "-q", "--output-format", "json", *arguments, cwd=cwd))
    return found.code, json.loads(found.out) if found.out else []


@contextmanager
def change_environment(**changed: str) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(changed)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
