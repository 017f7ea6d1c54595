"""What the tests of `techstock init` share: notes that keep to much, and a look at all files."""

from pathlib import Path

import pytest

from techstock import __version__
from techstock.cli import main
from techstock.commands.installation import REPOSITORY, InstallSource
from tests.support import read_files

NUMBERED = {
    f"n/{10 * part + 1:02}-{10 * part + 10}.md": "".join(
        f"## {10 * part + number}.\n\n- 用語{part}-{number}: {part}-{number} 番目の説明である。\n\n"
        for number in range(1, 11)
    )
    for part in range(3)
}
OLD = {**NUMBERED, "n/memo.md": "- 待避:\n- 復旧：始める。\n"}
CONFIG = """\
# Conventions of these notes, found by `techstock init`
baseline = "techstock-baseline.txt"  # known problems; `techstock baseline` rewrites it
rules.section-unnumbered.level = "warning"  # 30 of 30 sections of numbered notes have a number
rules.section-number-gap.level = "warning"  # 27 of 27 numbers are followed by the next
rules.entry-form.level = "warning"  # 30 of 30 entries are a term, an image or a link
# Nearly all notes follow these, too; delete the `#` to have the exceptions reported
# rules.colon-style.level = "warning"  # 31 of 32 terms (96 %); reports 1 problem today
# rules.colon-style.colon = ":"
"""
RELEASE = InstallSource(REPOSITORY, f"v{__version__}", ("techstock",))
BASELINE, CONFIGURATION, HOOKS, WORKFLOW = WRITTEN = (
    "techstock-baseline.txt",
    "techstock.toml",
    ".pre-commit-config.yaml",
    ".github/workflows/notes.yml",
)


def read_project(root: Path) -> dict[str, bytes]:
    """Return the content of every file but git's and the cache's."""
    return read_files(root, without=(".git", ".techstock_cache"))


def init(root: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str, source: InstallSource = RELEASE) -> int:
    """Run `techstock init` as if techstock had been installed from `source`."""
    monkeypatch.chdir(root)
    monkeypatch.setattr("techstock.commands.init.find_install_source", lambda: source)
    return main(["init", *arguments])


def lint() -> int:
    return main(["lint", "-q"])
