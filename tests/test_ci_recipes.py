"""The recipes of `docs/ci.md`: valid where there is a schema, and their commands run."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.support import make_unmeasured_environment
from tests.support import commit_all, write_files

ROOT = Path(__file__).parent.parent
TEMPLATE = ROOT / "docs" / "gitlab-ci.yml"


def script(folder: Path, lines: list[str], **more: str) -> list[int]:
    """Run the lines as a shell would, with techstock as it stands here; their exit codes."""
    tool = f"{sys.executable} -P -m techstock"
    ready = [re.sub(r'^("\$HOME/techstock/bin/techstock"|techstock)', tool, line) for line in lines]
    return [
        subprocess.run(
            ["bash", "-euc", line],
            cwd=folder,
            check=False,
            capture_output=True,
            env=make_unmeasured_environment(**more),
        ).returncode
        for line in ready
    ]


def test_gitlab_template_is_valid() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.gitlab-ci"]
    done = subprocess.run(
        [*command, "--data-transform", "gitlab-ci", str(TEMPLATE)], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


def test_gitlab_script_reports_everything_and_fails_for_the_change(tmp_path: Path) -> None:
    write_files(tmp_path, {"old.md": "- 待避:\n"})
    base = commit_all(tmp_path)
    write_files(tmp_path, {"new.md": "- 復旧: 再び始めること。\n"})
    commit_all(tmp_path)
    lines = re.findall(r"^    - (techstock .*)$", TEMPLATE.read_text("utf-8"), re.M)
    assert len(lines) == 2
    assert script(tmp_path, lines) == [0, 1]
    assert "definition-missing" in (tmp_path / "gl-code-quality-report.json").read_text("utf-8")
    assert "definition-missing" in (tmp_path / "junit.xml").read_text("utf-8")
    assert script(tmp_path, lines, CI_MERGE_REQUEST_DIFF_BASE_SHA=base) == [0, 0]


def test_shell_recipe(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.md": "- 待避:\n"})
    recipes = re.findall(r"^```sh\n(.*?)^```", (ROOT / "docs" / "ci.md").read_text("utf-8"), re.M | re.S)
    lines = [line for recipe in recipes for line in recipe.split("\n") if " lint " in line]
    assert script(tmp_path, lines) == [1]
    assert (tmp_path / "junit.xml").stat().st_size


@pytest.mark.parametrize("hook", ["techstock", "techstock-fix", "techstock-corpus"])
def test_no_hook_stops_over_a_note_that_git_does_not_hold(tmp_path: Path, hook: str) -> None:
    write_files(tmp_path, {"a.md": "## 1.\n\n- 待避: 受けない。\n"})
    commit_all(tmp_path)
    write_files(tmp_path, {"draft.md": "## 1.\n\n- 待避:\n\n## 1.\n", "copy.md": "## 1.\n\n- 待避: 受けない。\n"})
    entry = re.search(
        rf"- id: {hook}\n(?:  .*\n)*?  entry: (.*)\n", (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8")
    )
    assert entry
    names = "" if hook == "techstock-corpus" else " -- a.md"
    assert script(tmp_path, [entry[1] + names]) == [0]
    write_files(tmp_path, {"a.md": "- 待避:\n"})
    assert script(tmp_path, [entry[1] + names]) == [1]
