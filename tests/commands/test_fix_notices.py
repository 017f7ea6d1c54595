"""What is said about fixes that were not applied, and a patch on a terminal."""

import sys
from pathlib import Path

import pytest

from techstock.cli import main
from techstock.commands.fix import format_fix_notices
from techstock.fix.fix_loop import FixConflict, FixOutcome
from techstock.model import WARNING, Corpus, Diagnostic, Edit, Fix, Problem, Span
from tests.cli.support import Terminal, run
from tests.support import make_project, make_repository, run_git


def test_fights_are_told_by_the_rules_that_undo_each_other() -> None:
    fights = (FixConflict(("a.md", "b.md"), ("one", "two")), FixConflict(("c.md",), ("one",)))
    assert list(format_fix_notices(FixOutcome(Corpus(()), (), fights=fights), str)) == [
        "all fixes in `a.md`, `b.md` are discarded: those of one and two undo each other",
        "all fixes in `c.md` are discarded: those of one never come to an end",
    ]


def test_a_fix_that_reaches_beyond_the_notes_named_is_told() -> None:
    edits = (Edit(Span(0, 1, "b.md"), "x"), Edit(Span(0, 1, "a.md"), "x"))
    problem = Problem(Span(0, 1, "a.md"), "wrong", fix=Fix("do it", edits))
    outside = (Diagnostic("one", WARNING, problem, ("1",)),)
    assert list(format_fix_notices(FixOutcome(Corpus(()), (), outside=outside), str)) == [
        "a fix of one in `a.md` is not applied: it changes `a.md`, `b.md`, some of which are not named"
    ]


def test_a_patch_on_a_terminal_steers_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_project(tmp_path, {"a.md": "- a: \x1b[31mred\tblue\r\n-\u3000b: c\r\n"})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setattr(sys, "stdout", terminal := Terminal())
    assert main(["lint", "--diff", "--select", "marker-space", "-q"]) == 1
    assert terminal.getvalue().split("\n")[4:] == [" - a: \\x1b[31mred\tblue", "--\u3000b: c", "+- b: c", ""]


@pytest.mark.parametrize(
    "arguments",
    [
        ["lint", "--fix", "--exit-zero"],
        ["lint", "--add-ignores", "--reason", "later"],
        ["merge", "--apply", "a.md:1"],
        ["images", "--download", "images", "--apply"],
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_what_killed_runs_left_beside_any_note_goes_when_notes_are_written(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    definition = "- 待避: 新しい要求を受けず、いまの仕事を終えてから止まること。\n"
    left = ".techstock-0123456789abcdef"
    make_project(tmp_path, {"a.md": definition, "b.md": definition, "sub/c.md": "- a: b\n", f"sub/{left}": "- a"})
    monkeypatch.chdir(tmp_path)
    assert main([*arguments, "-q"]) == 0
    assert not (tmp_path / "sub" / left).exists()


SLIP = "- 待避: 話。\n-\u3000復旧: 話。\n-\u3000再開: 話。\n"


def lint_on_terminal(folder: Path, monkeypatch: pytest.MonkeyPatch, *words: str) -> list[str]:
    """Lint as a person does, and return what is said on stderr."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    main(["lint", "--select", "marker-space", "--no-cache", *words])
    return [line for line in terminal.getvalue().split("\n") if line and "\x1b" not in line and "\r" not in line]


def test_on_a_terminal_the_changed_notes_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_repository(tmp_path, files={"sub/a b.md": SLIP, "sub/c.md": SLIP})
    (tmp_path / "sub" / "c.md").write_text(SLIP + "- 停止: 話。\n", "utf-8")
    said = lint_on_terminal(tmp_path / "sub", monkeypatch, "--fix")
    assert said[:3] == [
        "changed: `a b.md` (2 edits), `c.md` (2 edits)",
        "`git diff` shows the changes; `git restore 'a b.md'` undoes them",
        "`c.md` had changes before that are not staged: `git diff` shows both, and `git restore` would undo both",
    ]
    run_git(tmp_path, "restore", "sub/a b.md")
    assert (tmp_path / "sub" / "a b.md").read_text("utf-8") == SLIP


def test_what_was_staged_stays_staged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_repository(tmp_path, files={"a.md": "- 待避: 話。\n"})
    (tmp_path / "a.md").write_text(SLIP, "utf-8")
    run_git(tmp_path, "add", "a.md")
    staged = run_git(tmp_path, "show", ":a.md")
    assert lint_on_terminal(tmp_path, monkeypatch, "--fix")[1].endswith("`git restore a.md` undoes them")
    assert run_git(tmp_path, "show", ":a.md") == staged
    run_git(tmp_path, "restore", "a.md")
    assert (tmp_path / "a.md").read_text("utf-8") == SLIP


def test_without_git_or_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_project(tmp_path, {"a.md": SLIP})
    assert lint_on_terminal(tmp_path, monkeypatch, "--fix")[:2] == [
        "changed: `a.md` (2 edits)",
        "there is no git repository that could show or undo this; `--diff` shows changes before they are made",
    ]
    (tmp_path / "a.md").write_text(SLIP, "utf-8")
    assert lint_on_terminal(tmp_path, monkeypatch, "--fix", "-q") == []
    assert "changed" not in run("lint", "--fix", cwd=make_project(tmp_path / "b", {"a.md": SLIP})).stderr


def test_known_problems_that_are_fixable_are_said(tmp_path: Path) -> None:
    make_repository(tmp_path, files={"a.md": SLIP})
    run("baseline", cwd=tmp_path)
    words = ("lint", "--baseline", "techstock-baseline.txt")
    said = "2 known problems are fixable: --fix --no-baseline\n"
    assert said in run(*words, "--fix", cwd=tmp_path).stderr
    assert said not in run(*words, cwd=tmp_path).stderr
    assert run("lint", "--fix", "--no-baseline", cwd=tmp_path).stderr.startswith("2 problems fixed in 1 note")
    assert said not in run(*words, "--fix", cwd=tmp_path).stderr


def test_links_to_what_a_fix_changes_are_named(tmp_path: Path) -> None:
    files = {"a.md": "# 題\n\n## 学習\u2f64データ\n", "b.md": "# 乙\n\n[x](a.md#学習データ)\n"}
    make_repository(tmp_path, files=files)
    said = run("lint", "--fix", cwd=tmp_path).stderr
    assert (
        "unsafe fixes in `a.md` change what these links lead to: `b.md:3`; --unsafe-fixes changes them with it" in said
    )
    said = run("lint", "--fix", "--unsafe-fixes", "a.md", cwd=tmp_path).stderr
    assert "is not applied: links to what it changes are in notes that are not named: `b.md:3`" in said
    assert {path: (tmp_path / path).read_text("utf-8") for path in files} == files
    assert run("lint", "--fix", "--unsafe-fixes", cwd=tmp_path).stderr.startswith("1 problem fixed in 2 notes")
    assert (tmp_path / "b.md").read_text("utf-8") == "# 乙\n\n[x](a.md#学習用データ)\n"
