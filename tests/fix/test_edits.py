"""Edits are applied, shown and written as they were meant."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from techstock.fix.diff import patch
from techstock.fix.edits import OverlapError, applied, ordered
from techstock.model import Edit, Place


def edit(start: int, end: int, text: str) -> Edit:
    return Edit(Place(start, end), text)


def test_order_and_line_ends() -> None:
    text = "\ufeffone\r\ntwo\r\nthree"
    edits = [edit(6, 9, "2\n2"), edit(1, 4, "1"), edit(6, 9, "2\n2"), edit(16, 16, "!")]
    assert applied(text, edits) == "\ufeff1\r\n2\r\n2\r\nthree!"
    assert applied("a\rb", [edit(1, 1, "\n")]) == "a\r\rb"
    assert applied("a", [edit(1, 1, "\n")]) == "a\n"


@pytest.mark.parametrize("edits", [[edit(0, 3, "a"), edit(2, 4, "b")], [edit(1, 1, "a"), edit(1, 1, "b")]])
def test_overlap(edits: list[Edit]) -> None:
    with pytest.raises(OverlapError):
        applied("one two", edits)


def test_nothing_to_show() -> None:
    assert list(patch("a.md", "one\n", [edit(0, 3, "one")])) == []
    assert list(patch("a.md", "one\n", [])) == []


def test_shown() -> None:
    text = "".join(f"{number}\n" for number in range(20))
    shown = "".join(patch("notes/a b.md", text, [edit(0, 1, "zero"), edit(len(text), len(text), "20")]))
    assert shown == (
        "diff --git a/notes/a b.md b/notes/a b.md\n--- a/notes/a b.md\t\n+++ b/notes/a b.md\t\n"
        "@@ -1,4 +1,4 @@\n-0\n+zero\n 1\n 2\n 3\n"
        "@@ -18,3 +18,4 @@\n 17\n 18\n 19\n+20\n\\ No newline at end of file\n"
    )


def test_odd_path() -> None:
    assert next(patch('a"\x1b\\\n.md', "one", [edit(0, 3, "")])) == (
        'diff --git "a/a\\"\\033\\\\\\n.md" "b/a\\"\\033\\\\\\n.md"\n'
    )


TEXTS = st.text(alphabet="ab\n\r\u3042 \u2028", max_size=40)


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, list[Edit]]:
    text = draw(TEXTS)
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    edits = [edit(start, end, draw(st.text(alphabet="xy\n\u3042", max_size=4))) for start, end in pairs]
    try:
        ordered(edits)
    except OverlapError:
        return text, edits[:1]
    return text, edits


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    return folder


@settings(max_examples=40, deadline=None)
@given(change=edited())
def test_git_takes_the_patch(repository: Path, change: tuple[str, list[Edit]]) -> None:
    text, edits = change
    file = repository / "あ b.md"
    file.write_bytes(text.encode())
    shown = "".join(patch("あ b.md", text, edits)).encode()
    after = applied(text, edits)
    assert bool(shown) == (after != text)
    if shown:
        command = ["git", "-C", str(repository), "apply", "--whitespace=nowarn", "-"]
        subprocess.run(command, input=shown, check=True)
    assert file.read_bytes() == after.encode()
