"""Notes, recipes and programs for tests that drive real editors."""

import os
import re
import shlex
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep
from typing import TypeVar

import pytest

from tests.support import ROOT, write_files

WAIT = 15.0  # seconds until a test gives up
DEFINITION = "新しい要求を受けず、残る仕事を終えるまで待つ状態のことを言う。"
NOTES = {
    "techstock.toml": 'select = ["colon-style", "duplicate-definition", "link-missing"]\n',
    "a.md": f"# 雲\n\n## 1. 待つ\n\n- 待避: {DEFINITION}\n- 𠮷野の港：船が泊まる所。\n- 海: 水。\n",
    "b.md": f"# 海\n\n## 1. 港\n\n- 待避: {DEFINITION}\n- 港: 船が泊まる所。\n",
    "c.md": "# 空\n\n## 1. 船\n\n- 出港: 船が待避を終えて港を出ること。\n",
}
FIXED_LINE = "- 𠮷野の港: 船が泊まる所。"

_Found = TypeVar("_Found")


def make_notes(root: Path) -> Path:
    """Write the notes, and return their folder."""
    root.mkdir()
    write_files(root, NOTES)
    return root


def make_environment(folder: Path) -> dict[str, str]:
    """Return an environment in which `techstock` is what is tested, and nothing of this user's is read."""
    programs = folder / "bin"
    programs.mkdir()
    program = programs / "techstock"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -P -m techstock "$@"\n', "utf-8")
    program.chmod(0o755)
    home = folder / "home"
    home.mkdir()
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "HOME": str(home), "XDG_CONFIG_HOME": str(home), "PATH": path, "LANG": "C.UTF-8"}


def read_recipe(section: str, language: str, number: int = 0) -> str:
    """Return a code block of a section of docs/editors.md, without its fences."""
    page = (ROOT / "docs" / "editors.md").read_text("utf-8")
    [text] = re.findall(rf"^## {section}\n(.*?)(?=^## |\Z)", page, re.M | re.S)
    found: list[str] = re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)
    return found[number]


def find_program(name: str, variable: str) -> str:
    """Return a program that a variable or the PATH names, and skip the test without it."""
    found = os.environ.get(variable) or shutil.which(name)
    if not found:
        pytest.skip(f"{name} is not installed, and {variable} does not name it")
    return found


def wait_for(find: Callable[[], _Found | None], complaint: str) -> _Found:
    """Return what `find` returns as soon as it is anything."""
    limit = monotonic() + WAIT
    while not (found := find()):
        if monotonic() > limit:
            raise AssertionError(f"waited in vain for {complaint}")
        sleep(0.05)
    return found
