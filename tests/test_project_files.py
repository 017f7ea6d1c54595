"""What stands around the code says what is true of it."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from techstock import __version__
from tests.documentation.scenes import printed, scene

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def test_expected_findings_on_notes(tmp_path: Path) -> None:
    expected = (ROOT / "tests" / "expected" / "notes.txt").read_text("utf-8")
    assert printed("techstock lint -q --output-format concise notes", scene(tmp_path)) == expected


def test_baseline_of_the_notes_is_kept(tmp_path: Path) -> None:
    assert printed("techstock baseline -q --baseline x.txt notes", scene(tmp_path)) == ""
    assert (tmp_path / "x.txt").read_text("utf-8") == (ROOT / "notes" / "baseline.txt").read_text("utf-8")


def test_readme_knows_every_hook() -> None:
    hooks = (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8")
    ids = re.findall(r"^- id: (\S+)$", hooks, re.M)
    assert ids
    assert [name for name in ids if f"- id: {name}\n" not in README and f"`{name}`" not in README] == []
    assert re.findall(r"rev: (\S+)", README) == [f"v{__version__}"]


def test_rule_pages_are_the_rules() -> None:
    command = [sys.executable, "-X", "utf8", "docs/generate.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_page_is_listed() -> None:
    index = (ROOT / "docs" / "README.md").read_text("utf-8")
    pages = {path.name for path in (ROOT / "docs").glob("*.md")} - {"README.md"}
    assert {page for page in pages if f"]({page})" not in index} == set()


def test_every_decision_is_listed() -> None:
    index = (ROOT / "docs" / "README.md").read_text("utf-8")
    decisions = sorted(path.name for path in (ROOT / "docs" / "decisions").glob("*.md"))
    assert re.findall(r"\(decisions/(\d\S+)\)", index) == decisions


def test_changelog_begins_with_what_is_next_or_with_this_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    first = re.search(r"^## \[([^\]]+)\]", changelog, re.M)
    assert first
    assert first[1] in ("Unreleased", __version__)


def test_tools_are_the_same_everywhere() -> None:
    """The tools of the hooks have the versions that `pip install -e '.[dev]'` gives."""
    pinned = {need.split("#")[0].strip() for need in PROJECT["project"]["optional-dependencies"]["dev"]}
    hooks = (ROOT / ".pre-commit-config.yaml").read_text("utf-8")
    used = set(re.findall(r'additional_dependencies: \["([^"]+)"\]', hooks))
    assert used
    assert used <= pinned


@pytest.mark.parametrize(
    "path", [ROOT / "action.yml", *sorted(ROOT.glob(".github/workflows/*.yml"))], ids=lambda path: path.name
)
def test_actions_are_pinned(path: Path) -> None:
    uses = re.findall(r"^\s*(?:- )?uses: (?!\./ )(.*)$", path.read_text("utf-8"), re.M)
    assert uses
    assert [use for use in uses if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", use)] == []
