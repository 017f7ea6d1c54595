"""`--compare`: an earlier report, for the changes in a summary."""

from pathlib import Path

import pytest

from tests.cli.support import run
from tests.support import make_project


def test_changes_by_rule(tmp_path: Path) -> None:
    make_project(tmp_path, {"a.md": "- 停止:\n- 再開:\n"})
    run("lint", "--output-format", "json=before.json", cwd=tmp_path)
    (tmp_path / "a.md").write_text("- 停止:\n", "utf-8")
    done = run("lint", "-q", "--output-format", "markdown", "--compare", "before.json", cwd=tmp_path)
    assert "| `definition-missing` | warning | 1 |  | -1 |" in done.stdout


@pytest.mark.parametrize("text", [None, "", "{}", "[1]", '[{"a": 1}]', "[" * 9_999, "\udc80"])
def test_what_is_no_report(tmp_path: Path, text: str | None) -> None:
    make_project(tmp_path, {"a.md": "- 停止:\n"})
    if text is not None:
        (tmp_path / "before.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    done = run("lint", "--compare", "before.json", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: --compare: `before.json` ")
