"""`--add-ignores`: afterwards nothing is reported, and the notes show what they did."""

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from techstock.cli import main
from techstock.fix.ignore_comments import add_ignore_comments
from techstock.model import Diagnostic
from tests.cli.support import run
from tests.fix.visible_text import render_visible
from tests.support import count_calls, make_corpus, make_project, make_repository, run_every_rule, scale_examples

TEXT = "新しい要求を受けず、いまの仕事を終えてから止まること。"
OTHER = "止まった仕事を、控えの台でもう一度はじめから動かすこと。"
COMMENT = "<!-- techstock: ignore {} 古い -->"


def add_comments(files: Mapping[str, str]) -> tuple[dict[str, str], list[Diagnostic]]:
    """Add comments, and return the notes and what is still reported."""
    notes = make_corpus(files)
    done = add_ignore_comments(notes, run_every_rule(notes), run_every_rule, "古い")
    return {**files, **done.texts}, list(done.found)


def mark_comments(text: str) -> str:
    """Add comments to a note, and return its text with each comment as `C(rules)`."""
    after, found = add_comments({"note.md": text})
    assert found == []
    return re.sub(r"<!-- techstock: ignore (.*?) 古い -->", r"C(\1)", after["note.md"])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("- 待避:\n- 復旧: 話。\n", "C(definition-missing)\n- 待避:\n- 復旧: 話。\n"),
        ("- 復旧: 話。\n- 待避:\n", "- 復旧: 話。\n  C(definition-missing)\n- 待避:\n"),
        ("1. 復旧: 話。\n2. 待避:\n", "1. 復旧: 話。\n   C(definition-missing)\n2. 待避:\n"),
        ("- 甲: 話。\n  - 乙: 話。\n  - 丙:\n", "- 甲: 話。\n  - 乙: 話。\n    C(definition-missing)\n  - 丙:\n"),
        ("- 甲: 話。\n  - 丙:\n", "- 甲: 話。\n  C(definition-missing)\n  - 丙:\n"),
        ("> - 甲: 話。\n> - 丙:\n", "> - 甲: 話。\n>   C(definition-missing)\n> - 丙:\n"),
        ("- 甲：\n", "C(colon-style, definition-missing)\n- 甲：\n"),
        ("- 甲: 話。\r\n- 丙:\r\n", "- 甲: 話。\r\n  C(definition-missing)\r\n- 丙:\r\n"),
        ("\ufeff- 丙:\n", "\ufeffC(definition-missing)\n- 丙:\n"),
        ("- 甲: 話。\n- - 丙:\n", "- 甲: 話。\n  C(definition-missing)\n- - 丙:\n"),
    ],
)  # fmt: skip
def test_the_comment_stands_above_inside_of_what_holds_the_block(before: str, after: str) -> None:
    assert mark_comments(before) == after


def test_the_work_grows_with_the_note() -> None:
    def count(times: int) -> int:
        notes = make_corpus({"note.md": "甲\u200b乙\n\n" * times})
        found = run_every_rule(notes)
        return count_calls(lambda: add_ignore_comments(notes, found, lambda _: [], "古い"))

    count(10)
    assert count(200) < 2.15 * count(100)


def test_all_copies_but_the_first() -> None:
    after, found = add_comments({f"{name}.md": f"- 待避: {TEXT}\n" for name in "abc"})
    assert found == []
    comment = COMMENT.format("duplicate-definition")
    assert [after[f"{name}.md"].startswith(comment) for name in "abc"] == [False, True, True]


def test_where_no_comment_can_stand_the_problem_stays() -> None:
    text = "---\n<<<<<<< HEAD\ntitle: 待避\n=======\ntitle: 避難\n>>>>>>> review\n---\n\n- 待避:\n"
    after, found = add_comments({"note.md": text})
    assert [d.rule for d in found] == ["conflict-marker"]
    assert after["note.md"] == text.replace("- 待避:", COMMENT.format("definition-missing") + "\n- 待避:")


BLOCKS = [
    f"- 待避: {TEXT}\n",
    f"- 復旧: {OTHER}\n",
    "- 待避:\n",
    "-\u3000全角\n",
    "## 見出し\n",
    "**強調。**続き\n",
    "####\n",
    "- 甲:乙\n- 丙 : 丁\n",
    "- Dynamo DB: 表。DynamoDB。\n",
    "- 用語: 一。\n- 用語: 二。\n",
    "- 一\n\n- 用語:\n\n  段落\n",
    f"- 入れ替え:\n  - {TEXT}\n  - {OTHER}\n",
    f"1. 甲\n2. 待避の話: {TEXT}{OTHER}\n",
    "> - 待避:\n> - 復旧:\n",
    "- -\n",
    "| 甲\u200b | 乙 |\n|---|---|\n| 丙\u200b | 丁 |\n",
    "```\n全角\u3000\n",
    "    字下げ\u200b\n",
    "<div>\n図\u200b\n</div>\n",
    "段落\u200b\n- 用語:\n1. 用語\n",
    "##見出し\n",
    "![図](a.png\n",
    "<!-- techstock: ignore section-empty -->\n",
    "## 3.\n",
    "# 題\u200b\n---\n",
    "[a]: b\u200b\n",
    "- ```\n  x\u200b\n  ```\n- 用語:\n",
    "\t- 用語:\n",
]
projects = st.lists(st.lists(st.sampled_from(BLOCKS), max_size=5), min_size=1, max_size=3)


@settings(max_examples=scale_examples(60))
@given(projects, st.sampled_from(["", "\n"]))
def test_nothing_new_and_nothing_else_changes(blocks: list[list[str]], between: str) -> None:
    files = {f"n{number}.md": between.join(parts) for number, parts in enumerate(blocks)}
    before = run_every_rule(make_corpus(files))
    after, found = add_comments(files)
    keys = {(d.rule, d.problem.place.path, d.fingerprint) for d in before}
    assert {(d.rule, d.problem.place.path, d.fingerprint) for d in found} <= keys
    assert found == run_every_rule(make_corpus(after))
    for path, text in files.items():
        assert render_visible(after[path], "<!-- techstock") == render_visible(text, "<!-- techstock")


def test_command(tmp_path: Path) -> None:
    root = make_project(tmp_path, {"a.md": "- 待避: 話。\n- 復旧:\n", "b.md": "- 配置:\n"}, git=True)
    done = run("lint", "--add-ignores", "--reason", "書きかけ", "a.md", cwd=root)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith("1 problem ignored by comments in 1 note; no problems in 1 note")
    comment = "<!-- techstock: ignore definition-missing 書きかけ -->"
    assert (root / "a.md").read_text("utf-8") == f"- 待避: 話。\n  {comment}\n- 復旧:\n"
    assert (root / "b.md").read_text("utf-8") == "- 配置:\n"
    assert run("lint", "a.md", cwd=root).returncode == 0


def test_command_says_what_is_left(tmp_path: Path) -> None:
    root = make_project(tmp_path, {"a.md": b"\xff\n", "b.md": "- 配置:\n"})
    done = run("lint", "--add-ignores", "--reason", "later", "--output-format", "concise", cwd=root)
    assert done.returncode == 1
    assert done.stdout.startswith("a.md:1:1: note-unreadable ")
    assert "note-unreadable in `a.md`, line 1, is not ignored: no comment can ignore this rule\n" in done.stderr


def test_what_cannot_be_written_is_still_reported(tmp_path: Path) -> None:
    root = make_project(tmp_path, {"a.md": "- 待避:\n", "b.md": "- 配置:\n"})
    (root / "other").hardlink_to(root / "a.md")
    done = run("lint", "--add-ignores", "--reason", "later", "--output-format", "concise", cwd=root)
    assert done.returncode == 2
    assert done.stdout == "a.md:1:3: definition-missing `待避` has no definition\n"
    assert "1 problem ignored by comments in 1 note" in done.stderr
    assert (root / "a.md").read_text("utf-8") == "- 待避:\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--reason", "x"], "--reason needs --add-ignores"),
        (["--add-ignores"], "--add-ignores needs --reason TEXT"),
        (["--add-ignores", "--diff", "--statistics", "--reason", "x"], "--diff prints a patch and reports nothing"),
        (["--add-ignores", "--fix"], "--add-ignores cannot be combined with fixes"),
        (["--add-ignores", "--stdin-filename", "a.md", "-"], "what comes from stdin cannot be changed in place"),
        (["--add-ignores", "--reason", "a --> b"], "--reason must be one line of text"),
        (["--add-ignores", "--reason", "a\nb"], "--reason must be one line of text"),
        (["--add-ignores", "--reason", 'with="x"'], "--reason must be one line of text"),
        (["--add-ignores", "--reason", ", b"], "--reason must be one line of text"),
        (["--baseline", "x", "--no-baseline"], "--baseline and --no-baseline do not go together"),
    ],
)
def test_wrong_use(capsys: pytest.CaptureFixture[str], words: list[str], message: str) -> None:
    assert main(["lint", *words]) == 2
    assert message in capsys.readouterr().err


def test_a_patch_of_comments_is_what_they_would_write(tmp_path: Path) -> None:
    root = make_repository(tmp_path, files={"a.md": "- 待避: 話。\n- 復旧:\n"})
    before = (root / "a.md").read_bytes()
    done = run("lint", "--add-ignores", "--reason", "書きかけ", "--diff", "a.md", cwd=root)
    assert done.returncode == 1
    assert (root / "a.md").read_bytes() == before
    assert done.stderr == "1 problem would be ignored by comments in 1 note\n"
    subprocess.run(["git", "apply"], cwd=root, input=done.stdout, encoding="utf-8", check=True)
    patched = (root / "a.md").read_bytes()
    (root / "a.md").write_bytes(before)
    assert run("lint", "--add-ignores", "--reason", "書きかけ", "a.md", cwd=root).returncode == 0
    assert (root / "a.md").read_bytes() == patched
    assert run("lint", "--add-ignores", "--reason", "書きかけ", "--diff", "a.md", cwd=root).returncode == 0
