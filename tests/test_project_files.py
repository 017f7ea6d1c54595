"""What stands around the code says what is true of it."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from techstock import __version__

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """Python on these words, in the repository."""
    command = [sys.executable, "-X", "utf8", *words]
    plain = os.environ | {"NO_COLOR": "1"}
    return subprocess.run(command, cwd=ROOT, env=plain, check=False, capture_output=True, encoding="utf-8")


def lint(*words: str) -> subprocess.CompletedProcess[str]:
    return techstock("lint", *words)


def techstock(*words: str) -> subprocess.CompletedProcess[str]:
    return run("-c", "import techstock.cli; raise SystemExit(techstock.cli.main())", *words)


def test_readme_shows_a_real_run() -> None:
    shown = re.search(r"^```console\n\$ techstock lint notes\n(.*?)^```$", README, re.M | re.S)
    assert shown
    real = lint("notes")
    assert real.returncode == 1
    assert shown[1] == real.stdout + real.stderr


def test_readme_shows_a_real_patch() -> None:
    shown = re.search(r"^```console\n\$ techstock lint --diff notes\n(.*?)^```$", README, re.M | re.S)
    assert shown
    real = lint("--diff", "notes")
    assert real.returncode == 1
    assert shown[1] == real.stdout + real.stderr


def test_the_page_on_duplicates_shows_a_real_run() -> None:
    page = (ROOT / "docs" / "duplicates.md").read_text("utf-8")
    shown = re.search(r"^```console\n\$ techstock (explain [^\n]+)\n(.*?)^```$", page, re.M | re.S)
    assert shown
    assert shown[2] == techstock(*shown[1].split()).stdout


def test_expected_findings_on_notes() -> None:
    expected = (ROOT / "tests" / "expected" / "notes.txt").read_text("utf-8")
    assert lint("-q", "--output-format", "concise", "notes").stdout == expected


def test_baseline_of_the_notes_is_as_the_readme_shows_it(tmp_path: Path) -> None:
    kept = ROOT / "notes" / "baseline.txt"
    shown = re.search(r"^\$ techstock lint --baseline notes/baseline.txt notes\n(.*?)^```$", README, re.M | re.S)
    assert shown
    done = lint("--baseline", "notes/baseline.txt", "notes")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", shown[1])
    written = techstock("baseline", "--baseline", str(tmp_path / "x.txt"), "notes")
    assert written.returncode == 0
    assert (tmp_path / "x.txt").read_text("utf-8") == kept.read_text("utf-8")


def test_readme_knows_every_hook() -> None:
    hooks = (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8")
    ids = re.findall(r"^- id: (\S+)$", hooks, re.M)
    assert ids
    assert [name for name in ids if f"- id: {name}\n" not in README] == []
    assert re.findall(r"rev: (\S+)", README) == [f"v{__version__}"]


def test_rule_pages_are_the_rules() -> None:
    done = run("docs/generate.py", "--check")
    assert done.returncode == 0, done.stdout + done.stderr


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


@pytest.mark.parametrize(
    "page",
    [
        "README.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "docs/README.md",
        "docs/adoption.md",
        "docs/duplicates.md",
        "docs/images.md",
        "docs/stability.md",
    ],
)
def test_links_lead_somewhere(page: str) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", (ROOT / page).read_text("utf-8"))
    assert [target for target in targets if not ((ROOT / page).parent / target).exists()] == []
