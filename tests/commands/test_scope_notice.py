"""The first run on a project says that definitions are compared across all its folders."""

from pathlib import Path

import pytest

from tests.cli.support import run
from tests.support import make_project

SAID = 'definitions are compared across all 2 folders of the project; `duplicate-scope = "directory"` compares'
NOTES = {"a.md": "# 題\n\n文。\n", "sub/b.md": "# 題\n\n文。\n", "techstock.toml": ""}


def test_it_is_said_once_on_stderr(tmp_path: Path) -> None:
    root = make_project(tmp_path, NOTES)
    first = run("lint", "--output-format", "json", cwd=root)
    assert SAID in first.stderr
    assert first.stdout.strip() == "[]"
    assert SAID not in run("lint", cwd=root).stderr
    assert SAID not in run("lint", "--no-cache", cwd=root).stderr


@pytest.mark.parametrize(
    ("files", "options"),
    [
        (NOTES, ("-q",)),
        (NOTES, ("--no-cache",)),
        (NOTES, ("--duplicate-scope", "corpus")),
        (NOTES, ("--select", "note-title")),
        ({**NOTES, "techstock.toml": 'duplicate-scope = "directory"\n'}, ()),
        ({"a.md": NOTES["a.md"], "b.md": NOTES["a.md"], "techstock.toml": ""}, ()),
    ],
)
def test_who_knows_it_is_not_told(tmp_path: Path, files: dict[str, str], options: tuple[str, ...]) -> None:
    assert "are compared across" not in run("lint", *options, cwd=make_project(tmp_path, files)).stderr
