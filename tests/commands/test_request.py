"""What started the project: one sentence that two entries of one note share."""

import json
from pathlib import Path

from tests.cli.support import run
from tests.support import get_collections, write_files


def test_the_seed_reports_its_two_lines(tmp_path: Path) -> None:
    """By default, nothing configured, and nothing else is reported."""
    write_files(tmp_path, {"61-70.md": (get_collections() / "seed.md").read_bytes()})
    [found] = json.loads(run("lint", "--output-format", "json", cwd=tmp_path).stdout)
    assert (found["rule"], found["line"], [other["line"] for other in found["related"]]) == (
        "duplicate-definition",
        16,
        [11],
    )
    shown = run("lint", cwd=tmp_path).stdout
    assert "  --> 61-70.md:16:5\n" in shown
    assert "  ::: 61-70.md:11:5\n" in shown
