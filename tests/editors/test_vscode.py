"""VS Code with the extension, used as a user does: code-server in Chromium."""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.editors.support import DEFINITION, FIXED_LINE, find_program, make_environment, make_notes, read_recipe
from tests.support import ROOT

pytestmark = pytest.mark.editors
EXTENSION = ROOT / "editors" / "vscode" / "dist" / "techstock.vsix"
SCENARIO = ROOT / "tests" / "editors" / "scenario.mjs"


def run_scenario(
    name: str, folder: Path, settings: Mapping[str, Any], viewport: Mapping[str, int] | None = None
) -> dict[str, list[str]]:
    """Return what is seen at each step; pictures are kept in the folder that TECHSTOCK_PICTURES names."""
    modules = os.environ.get("TECHSTOCK_VSCODE")
    if not modules:
        pytest.skip("TECHSTOCK_VSCODE does not name a folder with code-server and puppeteer-core")
    if not EXTENSION.exists():
        pytest.skip(f"{EXTENSION.relative_to(ROOT)} has not been built: `npm ci && npm run package`")
    scratch = folder / "code"
    scratch.mkdir()
    environment = make_environment(folder)
    given = {
        "scenario": name,
        "modules": modules,
        "scratch": str(scratch),
        "folder": str(folder / "notes"),
        "chromium": find_program("chromium", "TECHSTOCK_CHROMIUM"),
        "extension": str(EXTENSION),
        "settings": dict(settings),
        "viewport": viewport and dict(viewport),
        "pictures": os.environ.get("TECHSTOCK_PICTURES", ""),
    }
    command = [find_program("node", "TECHSTOCK_NODE"), str(SCENARIO), json.dumps(given)]
    done = subprocess.run(command, env=environment, capture_output=True, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    seen: dict[str, list[str]] = json.loads(done.stdout)
    assert "error" not in seen, seen["error"]
    return seen


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    folder = tmp_path_factory.mktemp("vscode")
    make_notes(folder / "notes")
    # VS Code asks a login shell for the PATH, which may be another one.
    return run_scenario("notes", folder, {"techstock.path": str(folder / "bin" / "techstock")})


def test_the_other_copy_is_below_the_problem(seen: dict[str, list[str]]) -> None:
    file, problem, other = seen["problems"]
    assert file.startswith("b.md")
    assert problem.startswith("this definition of `待避` repeats another\ntechstock\nduplicate-definition")
    assert "a.md:5" in problem
    assert other.startswith("a.md\n[Ln 5, Col 3]")


def test_hover(seen: dict[str, list[str]]) -> None:
    [text] = seen["hover"]
    assert DEFINITION in text
    assert "also defined in b.md:5" in text


def test_definition_leads_to_the_other_copy(seen: dict[str, list[str]]) -> None:
    assert seen["definition"] == ["5"]


def test_a_fix_changes_the_right_characters(seen: dict[str, list[str]]) -> None:
    assert seen["menu"] == ["Quick Fix", "write `: `", "ignore colon-style here"]
    assert seen["fixed"][5] == FIXED_LINE


def test_the_index_of_terms(seen: dict[str, list[str]]) -> None:
    """VS Code lists headings beside them."""
    rows = [row for row in seen["terms"] if not row.startswith("#")]
    assert rows == ["港1. 港 • b.md", "出港1. 船 • c.md", "𠮷野の港1. 待つ • a.md"]


def test_completion(seen: dict[str, list[str]]) -> None:
    assert seen["completion"] == ["𠮷野の港\n船が泊まる所。 (a.md)"]
    assert seen["completed"][-1] == "- 入港: 船は𠮷野の港"


def test_a_merge_is_previewed(seen: dict[str, list[str]]) -> None:
    assert seen["preview"] == ["b.md", f"- 待避: {DEFINITION}→ [1. 待つ](a.md#1-待つ)"]
    assert seen["merged"][4] == "- 待避: → [1. 待つ](a.md#1-待つ)"
    assert "this definition of `待避` repeats another" in "".join(seen["undone"])


def test_the_settings_of_the_page(tmp_path: Path) -> None:
    notes = make_notes(tmp_path / "notes")
    settings = json.loads(read_recipe("VS Code", "json"))
    settings |= {"techstock.path": str(tmp_path / "bin" / "techstock"), "techstock.diagnostics": "all"}
    seen = run_scenario("settings", tmp_path, settings)
    assert [row.partition("\n")[0] for row in seen["problems"] if row.startswith("b.md")] == ["b.md"]
    assert seen["completion"] == ["𠮷野の港\n船が泊まる所。 (a.md)"]
    assert seen["saved"][5] == FIXED_LINE
    assert (notes / "a.md").read_text("utf-8").split("\n")[5:8] == [FIXED_LINE, "- 海: 水。", "- 潮: 𠮷野の港"]


def test_no_program_of_an_untrusted_workspace_is_run(tmp_path: Path) -> None:
    notes = make_notes(tmp_path / "notes")
    mark = tmp_path / "mark"
    for name in (".venv/bin/techstock", "venv/bin/techstock", "techstock"):
        program = notes / name
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(f"#!/bin/sh\ntouch '{mark}'\n", "utf-8")
        program.chmod(0o755)
    (notes / ".vscode").mkdir()
    (notes / ".vscode" / "settings.json").write_text(json.dumps({"techstock.path": "techstock"}), "utf-8")
    trust = {"security.workspace.trust.enabled": True, "security.workspace.trust.startupPrompt": "never"}
    seen = run_scenario("untrusted", tmp_path, trust)
    assert seen["said"] == [
        "techstock was not found outside of this workspace, which is not trusted: install it, or set `techstock.path`"
    ]
    assert not mark.exists()
