"""`techstock lint FILES` says exactly what a full run says, filtered to the problems that touch these files."""

import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.support import lint_json
from tests.support import make_project

LINES = [
    "## 1.", "## 2.", "## 02", "## 4.", "## 11.", "## 12.", "### 5.", "## 見出し", "# 題", "",
    "- 待避: 新しい要求を受けない状態。", "- 待避：いまの仕事を終えてから止まる。", "- 復旧:", "  - 待避: 深い項目。",
    "- 復旧:止まった仕事を再び始めること。", "-\u3000全角の空白", "##見出し", "**強調。**続き", "![図](a.png)",
    "```", "<<<<<<< HEAD", "<!-- techstock: ignore section-number-gap, duplicate-definition -->",
    "<!-- techstock: ignore-file section-number-repeated -->", '<!-- techstock: ignore definition-missing with="x" -->',
    '<!-- techstock: ignore duplicate-definition with="11-20.md" -->',
    "- 待避: いまの仕事を終えて、それから止まる状態のこと。",
]  # fmt: skip
NAMES = ["01-10.md", "11-20.md", "notes/01-10.md", "notes/11-20.md", "notes/memo.md", "notes/deep/a.MD"]


def touching(found: Iterable[dict[str, Any]], files: set[str]) -> list[dict[str, Any]]:
    return [one for one in found if files & {one["path"], *(other["path"] for other in one["related"])}]


@pytest.mark.parametrize("seed", range(25))
def test_scope(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], seed: int) -> None:
    choose = random.Random(seed)  # noqa: S311 (no secret)
    names = choose.sample(NAMES, choose.randint(1, len(NAMES)))
    notes = {name: "\n\n".join(choose.choices(LINES, k=choose.randint(0, 12))) + "\n" for name in names}
    monkeypatch.chdir(make_project(tmp_path, {**notes, "techstock.toml": ""}))
    full = lint_json(capsys, "--select", "*")
    for _ in range(3):
        files = set(choose.sample(names, choose.randint(1, len(names))))
        assert lint_json(capsys, "--select", "*", *files) == touching(full, files)


def test_the_corpora_above_have_problems(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Else the property above would hold for a linter that says nothing."""
    monkeypatch.chdir(make_project(tmp_path, {"01-10.md": "## 1.\n\n## 1.\n\n## 4.\n", "techstock.toml": ""}))
    assert {one["rule"] for one in lint_json(capsys, "--select", "*")} >= {"section-number-gap"}
