"""The first run on a project says that definitions are compared across all its folders."""

from pathlib import Path

import pytest

from tests.cli.support import run
from tests.support import make_project

SAID = 'definitions are compared across all 2 folders of the project; `duplicate-scope = "directory"` compares'
TEXT = "# 題\n\n- 冪等性: 同じ操作を何度繰り返しても、結果が一度だけのときと変わらない性質を指す言葉である。\n"
NOTES = {"a.md": TEXT, "sub/b.md": TEXT, "techstock.toml": ""}


def test_it_is_said_once_on_stderr(tmp_path: Path) -> None:
    root = make_project(tmp_path, NOTES)
    first = run("lint", "--output-format", "json", cwd=root)
    assert SAID in first.stderr
    assert "sub/b.md" in first.stdout
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
        ({**NOTES, "sub/b.md": "# 別\n\n- 待避: 止まること。\n"}, ()),
        ({"a.md": NOTES["a.md"], "b.md": NOTES["a.md"], "techstock.toml": ""}, ()),
    ],
)
def test_who_knows_it_is_not_told(tmp_path: Path, files: dict[str, str], options: tuple[str, ...]) -> None:
    assert "are compared across" not in run("lint", *options, cwd=make_project(tmp_path, files)).stderr
