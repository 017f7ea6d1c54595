"""The gate on a tiny collection: what it compares, what it shows, and what it never does."""

import os
import sys
import tarfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.corpora.__main__ import main
from tests.corpora.collections import find_collections
from tests.corpora.comparing import Difference, difference
from tests.corpora.running import Fixing, Problem, Result, Runner, Said, Tool, cost, of_python
from tests.corpora.showing import show_differences
from tests.corpora.summary import Summary, make_lines
from tests.support import read_files, write_files
from tests.trust.support import run_here

NOTES = {
    "corpus/tiny/a.md": "## 1. 停止\n\n-\u3000待避: 要求を受けない状態。\n- 再開:\n",
    "corpus/tiny/x.txt": "本文\n",
    "seed.md": "- 待避: 要求を受けない状態。\n",
    "README.md": "- 再開:\n",
}


def here(folder: Path, words: Sequence[str]) -> Said:
    """This techstock, in this process."""
    return Said(*run_here(*words, cwd=folder))


@pytest.fixture
def collections(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = write_files(tmp_path / "real", NOTES)
    monkeypatch.setenv("TECHSTOCK_COLLECTIONS", str(folder))
    return folder


def test_what_is_announced_and_what_is_not(
    collections: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    expected, before = tmp_path / "expected", read_files(collections)
    expected.mkdir()
    (expected / "golden.txt").write_text("others colon-style 2\ntiny gone-rule 3\n", "utf-8")
    assert main(["tiny", "--times", "0", "--write"], expected, here) == 0
    said = capsys.readouterr().out
    assert "| `gone-rule` | 3 | 0 | -3 |" in said
    assert "| `safe gone marker-space` | 0 | 1 | +1 |" in said
    golden = (expected / "golden.txt").read_text("utf-8").split("\n")
    assert "others colon-style 2" in golden
    assert "tiny marker-space 1" in golden
    assert not any("gone-rule" in line for line in golden)
    assert main(["tiny", "--times", "0"], expected, here) == 0
    assert "No change, in 1 collection." in capsys.readouterr().out
    with (expected / "corpora.txt").open("a", encoding="utf-8") as file:
        file.write("tiny safe gone term-variant 7\n")
    assert main(["tiny", "--times", "0"], expected, here) == 1
    assert "Not as announced: 1 of 1 collection." in capsys.readouterr().out
    assert read_files(collections) == before


def test_without_collections(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("TECHSTOCK_COLLECTIONS", "/none")
    assert main([]) == 0
    assert "Skipped: `TECHSTOCK_COLLECTIONS` names no folder" in capsys.readouterr().out


@pytest.mark.usefixtures("collections")
def test_a_collection_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["none"]) == 2
    assert capsys.readouterr().err == "there is no collection none; there are seed, tiny\n"
    assert main(["seed", "--against", "no-such-python"]) == 2


def test_folders_archives_and_notes(collections: Path, tmp_path: Path) -> None:
    with tarfile.open(collections / "corpus" / "packed.tar.gz", "w:gz") as archive:
        archive.add(collections / "corpus" / "tiny", "inside")
    assert sorted(find_collections(collections)) == ["packed", "seed", "tiny"]
    (collections / "corpus" / "tiny").chmod(0o555)
    results = {name: Runner(here, path).result() for name, path in find_collections(collections).items()}
    assert {name: result.notes for name, result in results.items()} == {"packed": 1, "seed": 1, "tiny": 1}
    assert results["packed"].fixing["safe"].notes == {
        "inside/a.md": NOTES["corpus/tiny/a.md"].replace("\u3000", " ").encode()
    }
    assert not any(result.failures for result in results.values())
    assert os.listdir(tmp_path) == ["real"]  # noqa: PTH208


def spoiled(words: str, spoil: Callable[[Path], Said | None]) -> Tool:
    """A techstock that does something else, too, when it is given these words."""

    def run(folder: Path, given: Sequence[str]) -> Said:
        instead = spoil(folder) if words in given else None
        return instead or here(folder, given)

    return run


def append_text(path: str, text: str) -> Callable[[Path], None]:
    def add(folder: Path) -> None:
        with (folder / path).open("a", encoding="utf-8") as file:
            file.write(text)

    return add


@pytest.mark.parametrize(
    ("words", "spoil", "failure"),
    [
        ("--fix", append_text("a.md", "- x: 新しい\n"), "safe fixes: a second run changes more"),
        ("--fix", append_text("new.md", ""), "safe fixes: files came or went"),
        ("--fix", append_text("x.txt", "x"), "safe fixes: 1 files changed that are no notes"),
        ("--fix", lambda _: Said(0, "[]", "1 problem fixed in 1 note"), "safe fixes: 1 applied, but 0 notes changed"),
        ("lint", append_text("a.md", "x\n"), "a lint changed files"),
        ("lint", lambda _: Said(2, "", "first\nso it ends\n"), "`lint` ended with 2: so it ends"),
        ("lint", lambda _: Said(0, "", "Traceback"), "`lint` ended with 0: Traceback"),
    ],
)  # fmt: skip
def test_what_no_run_may_do(collections: Path, words: str, spoil: Callable[[Path], Said | None], failure: str) -> None:
    """Each check fires for a techstock that does what it is about."""
    found = Runner(spoiled(words, spoil), collections / "corpus" / "tiny").result()
    assert failure in found.failures
    assert difference("tiny", found, {}).fails


def problem(line: int, message: str = "`停止` <b>@who</b> | x", rule: str = "term-variant") -> Problem:
    return Problem(rule, "a|b.md", line, 1, line, 2, message)


def result(*problems: Problem, text: bytes = b"- a\n", ratio: float = 2.0) -> Result:
    return Result(1, problems, {"safe": Fixing(1, {}, {"a.md": text})}, ratio, 30)


def announced(one: Result) -> dict[str, float]:
    problems, rest = make_lines("tiny", one)
    return problems | rest


def compared(old: Result, new: Result, *, texts: bool = True) -> tuple[Difference, str]:
    different = difference("tiny", new, announced(new), old)
    return different, show_differences([different], texts=texts)


def test_what_came_and_what_went() -> None:
    old = result(problem(1), problem(2), problem(2), problem(3, "old"))
    different, said = compared(old, result(problem(2), problem(3, "new"), problem(9), problem(10)))
    assert not different.fails
    assert "As announced, in 1 collection." in said
    assert "<summary>term-variant: 2 came, 2 went, 1 say something else</summary>" in said
    assert "| + | ``a\\|b.md:9:1`` |".replace("``", "`") in said
    assert "| - | `a\\|b.md:1:1` | `` `停止` <b>@who</b> \\| x `` |" in said
    assert "| - | `a\\|b.md:3:1` | `old` |\n| + | `a\\|b.md:3:1` | `new` |" in said


def test_places_alone_hold_no_text() -> None:
    old, new = result(problem(1), problem(3, "old")), result(problem(3, "new"), text="- 秘密\n".encode())
    said = compared(old, new, texts=False)[1]
    assert "a\\|b.md:1:1" in said
    assert not any(text in said for text in ("停止", "old", "new", "秘密"))


def test_notes_that_are_fixed_in_another_way() -> None:
    said = compared(result(), result(text=b"- b ``` \x1b[31m\n"))[1]
    assert "<summary>safe fixes: 1 note become something else</summary>" in said
    assert "````diff\n--- a.md\n+++ a.md\n@@ -1,2 +1,2 @@\n-- a\n+- b ``` \\x1b[31m\n \n````" in said


def test_costs_are_only_said() -> None:
    old = result()
    for ratio, warns in ((2.4, False), (2.6, True), (1.5, True), (1.7, False)):
        different = difference("tiny", result(ratio=ratio), announced(old))
        assert not different.fails
        assert ("Warning" in show_differences([different])) == warns


def test_another_techstock_that_fails_is_shown() -> None:
    said = compared(Result(failures=("it `ended`",)), result())[1]
    assert "The other techstock failed: `` it `ended` ``" in said


def test_what_would_be_too_long_is_left_out() -> None:
    problems = [problem(line, "x" * 300, f"rule-{line}") for line in range(400)]
    said = compared(result(), result(*problems))[1]
    assert len(said) < 65_000
    assert said.endswith("more parts of this would be too long for GitHub.\n")


def test_a_summary_that_is_not_there(tmp_path: Path) -> None:
    assert Summary(tmp_path).of("tiny") == {}


def test_in_processes_of_their_own(collections: Path) -> None:
    note = collections / "seed.md"
    code, out, _ = of_python(sys.executable)(collections, ["lint", "--isolated", "--no-cache", "seed.md"])
    assert (code, out) == (0, "")
    ratio, memory = cost(sys.executable, note, 1)
    assert 0.1 < ratio < 1000
    assert memory > 1 or sys.platform != "linux"
