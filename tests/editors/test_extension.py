"""The extension for VS Code says what the server says, as far as its files tell."""

import json
import re
import shutil
import subprocess
from typing import Any

import pytest

from techstock import __version__
from techstock.server.client import FEATURES
from tests.editors.support import read_recipe
from tests.support import ROOT

FOLDER = ROOT / "editors" / "vscode"
MANIFEST: dict[str, Any] = json.loads((FOLDER / "package.json").read_text("utf-8"))
SETTINGS: dict[str, Any] = MANIFEST["contributes"]["configuration"]["properties"]


def test_features_are_those_of_the_server() -> None:
    hidden = SETTINGS["techstock.hidden"]
    assert hidden["items"]["enum"] == list(FEATURES)
    assert set(hidden["default"]) <= set(FEATURES)


def test_the_page_lists_all_settings_and_features() -> None:
    page = (ROOT / "docs" / "editors.md").read_text("utf-8")
    readme = (FOLDER / "README.md").read_text("utf-8")
    assert [name for name in SETTINGS if f"| `{name}` |" not in readme] == []
    [row] = re.findall(r"^\| `hidden` \| (.*?) \|", page, re.M)
    assert re.findall(r"`(\w+)`", row) == list(FEATURES)
    [default] = re.findall(r"in VS Code it is ([^.]*)\.", page)
    assert re.findall(r"`(\w+)`", default) == SETTINGS["techstock.hidden"]["default"]


def test_the_version_is_that_of_techstock() -> None:
    lock = json.loads((FOLDER / "package-lock.json").read_text("utf-8"))
    assert {MANIFEST["version"], lock["version"], lock["packages"][""]["version"]} == {__version__}


def test_the_licence_is_that_of_techstock() -> None:
    assert (FOLDER / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


def test_a_workspace_cannot_name_a_program_before_it_is_trusted() -> None:
    trust = MANIFEST["capabilities"]["untrustedWorkspaces"]
    assert trust["supported"] == "limited"
    assert trust["restrictedConfigurations"] == ["techstock.path"]


def test_what_is_downloaded_is_checked() -> None:
    """The lock file has a digest of every package, and no address of a registry."""
    for folder in (FOLDER, ROOT / "tests" / "editors"):
        packages = json.loads((folder / "package-lock.json").read_text("utf-8"))["packages"]
        assert [name for name, one in packages.items() if name and "integrity" not in one] == []
        assert [name for name, one in packages.items() if "resolved" in one] == []


def test_recipes_are_found() -> None:
    """The tests that drive editors read them from the page."""
    assert "vim.lsp.enable('techstock')" in read_recipe("Neovim", "lua", 0)
    assert "vim.lsp.start_client" in read_recipe("Neovim", "lua", 1)
    assert "eglot-ensure" in read_recipe("Emacs", "elisp")


def test_the_program_is_looked_for(tmp_path: Any) -> None:
    """Run the extension's own tests, where they have been built from the sources."""
    built = FOLDER / "out" / "executable.test.js"
    node = shutil.which("node")
    if node is None or not built.exists():
        pytest.skip("node is not installed, or `npm test` has not been run in editors/vscode")
    done = subprocess.run([node, "--test", str(built.parent)], capture_output=True, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stdout
