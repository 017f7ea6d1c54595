"""What is said about fixes that were not applied, and a patch on a terminal."""

import sys
from pathlib import Path

import pytest

from techstock.cli import main
from techstock.commands.fix import format_fix_notices
from techstock.fix.fix_loop import FixConflict, FixOutcome
from techstock.model import WARNING, Corpus, Diagnostic, Edit, Fix, Problem, Span
from tests.cli.support import Terminal
from tests.support import make_project


def test_fights_are_told_by_the_rules_that_undo_each_other() -> None:
    fights = (FixConflict(("a.md", "b.md"), ("one", "two")), FixConflict(("c.md",), ("one",)))
    assert list(format_fix_notices(FixOutcome(Corpus(()), (), fights=fights))) == [
        "all fixes in `a.md`, `b.md` are discarded: those of one and two undo each other",
        "all fixes in `c.md` are discarded: those of one never come to an end",
    ]


def test_a_fix_that_reaches_beyond_the_notes_named_is_told() -> None:
    edits = (Edit(Span(0, 1, "b.md"), "x"), Edit(Span(0, 1, "a.md"), "x"))
    problem = Problem(Span(0, 1, "a.md"), "wrong", fix=Fix("do it", edits))
    outside = (Diagnostic("one", WARNING, problem, ("1",)),)
    assert list(format_fix_notices(FixOutcome(Corpus(()), (), outside=outside))) == [
        "a fix of one in `a.md` is not applied: it changes `a.md`, `b.md`, which are not all among the notes named"
    ]


def test_a_patch_on_a_terminal_steers_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_project(tmp_path, {"a.md": "- a: \x1b[31mred\r\n-\u3000b: c\r\n"})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setattr(sys, "stdout", terminal := Terminal())
    assert main(["lint", "--diff", "--select", "marker-space", "-q"]) == 1
    assert terminal.getvalue().split("\n")[4:] == [" - a: \\x1b[31mred", "--\u3000b: c", "+- b: c", ""]


@pytest.mark.parametrize(
    "arguments",
    [
        ["lint", "--fix", "--exit-zero"],
        ["lint", "--add-ignores"],
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
