"""The check before a safe fix is written: what it lets pass, and planted fixes that it must refuse."""

import pytest

from techstock.fix import render_check
from techstock.fix.render_check import RenderCheck
from techstock.model import Edit, Span
from techstock.parse.render import INDENTED_CODE_END, INDENTED_CODE_START


def keeps(text: str, *changes: tuple[str, str]) -> bool:
    """Whether replacing the first of each pair, wherever it stands first, by the second is let pass."""
    edits = []
    for old, new in changes:
        start = text.index(old)
        edits.append(Edit(Span(start, start + len(old)), new))
    return RenderCheck(text).has_same_rendering(edits)


GOOD = {
    "an entry comes into being": ("- a\n\n-\u3000b\n\n- c\n\nd\n", ("\u3000", " ")),
    "a heading comes into being": ("a\n\n##\u300076.\n\nb\n", ("\u3000", " ")),
    "an entry in an entry": ("- a\n\n  -\u3000b\n", ("\u3000", " ")),
    "an entry in a quotation": ("> a\n>\n> -\u3000b\n", ("\u3000", " ")),
    "another colon": ("- 待避：状態\n- 復旧: x\n", ("：", ": ")),
    "a word with what it says": ("- サーバ: x\n\nサーバ\n", ("サーバ", "サーバー")),
    "a mark behind a number": ("## 01\n\nx\n\n## 02.\n", ("01", "01.")),
    "fewer zeros": ("## 01.\n\nx\n\n## 2.\n", ("01", "1")),
    "what has no width": ("a\u200bb\n", ("\u200b", "")),
    "a letter in two parts": ("か\u3099いとう\n", ("か\u3099", "が")),
    "the target of an image": ("![x](img/Foo%20A.png) a\n", ("img/Foo%20A.png", "img/foo%20A.png")),
    "the target of a definition": ("![x][a]\n\nb\n\nc\n\nd\n\n[a]: Foo.png\n", ("Foo", "foo")),
    "a comment goes": ("a\n\n<!-- techstock: ignore x -->\n\nb\n", ("<!-- techstock: ignore x -->\n\n", "")),
    "a comment comes": ("a\n\nb\n\nc\n", ("b\n", "<!-- techstock: ignore x -->\n\nb\n")),
    "with a byte order mark and other line ends": ("\ufeff-\u3000a\r\n\r\n- b\r\n", ("\u3000", " ")),
    "two of a kind": ("ーー\n\nx\n", ("ーー", "ーーー")),
    "what looked like code is an entry": ("-\u3000a\n\n    - b\n    - c\n\nd\n", ("\u3000", " ")),
    "code stays code": ("-\u3000a\n\nb\n\n    c  d\n", ("\u3000", " ")),
    "nothing at all": ("a\n", ("a", "a")),
}
BAD = {
    "a fence takes in what follows": ("a\n\nb\n\nc\n\nd\n", ("a", "```")),
    "a comment takes in what follows": ("a\n\nb\n\nc\n\nd\n", ("a", "<!--\n")),
    "a definition is lost": ("[a]\n\nb\n\nc\n\nd\n\n[a]: x\n", ("[a]: x", "[a]:")),
    "text becomes a definition": ("[待避]：状態\n", ("：", ": ")),
    "text becomes code": ("##\u30004.\n    字下げ\n", ("\u3000", " ")),
    "what looked like code is bold": ("-\u3000a\n\n    **b**\n", ("\u3000", " ")),
    "code loses its spaces": (
        "-\u3000a\n\n        b\n          c\n",
        ("\u3000a\n\n        b\n          c", " a\n\n      b\n      c"),
    ),
    "a heading further down is swallowed": ("-\u3000a\n  ## 7.\n  ## 8.\n", ("\u3000", " ")),
    "bold that was none": ("**a:**b\n", (":**", ":** ")),
    "bold no more": ("**a:** b\n", (":** ", ":**")),
    "a link no more": ("[a](b) c\n", ("](", "] (")),
    "a table no more": ("| a |\n|---|\n| b |\n", ("|---|", "|   |")),
    "text vanishes in HTML": ("a b\n\nc\n", ("a b", "<div b")),
    "what stands in code changes its spaces": ("a\n\n```\nb  c\n```\n", ("a\n\n```\nb  c", "a\n\n```\nb c\n\nd")),
}


@pytest.mark.parametrize("name", GOOD)
def test_lets_pass(name: str) -> None:
    text, change = GOOD[name]
    assert keeps(text, change)


@pytest.mark.parametrize("name", BAD)
def test_refuses(name: str) -> None:
    text, change = BAD[name]
    assert not keeps(text, change)


def test_a_lost_word_beside_an_edit_is_refused() -> None:
    """The edit says that it takes away a colon; the definition behind it goes with it."""
    assert not keeps("- 待避：`x`\n", ("：`x`", ": `x"))


def test_a_far_block_may_not_change_with_an_edit_that_is_no_definition() -> None:
    text = "[a]\n\nb\n\nc\n\nd\n"
    assert not keeps(text, ("d\n", "d\n\n[a]: x\n"))


def test_many_edits_above_a_block_leave_it_where_it_is() -> None:
    text = "".join(f"{letter * 9}\n\n" for letter in "abcdefghij")
    changes = [("a" * 9, "x"), ("b" * 9, "y" * 40), ("c" * 9, "z\nz\nz\nz"), ("d" * 9, "w" * 3)]
    assert keeps(text, *changes)
    assert keeps(text, *changes[1:], ("i" * 9, "v"))


LONG = "".join(map(chr, range(0x4E00, 0x4E00 + 700)))


@pytest.mark.parametrize(
    ("before", "after", "pairs", "expected"),
    [
        (LONG, LONG, [], True),
        (LONG + "a", LONG + "b", [("a", "b")], True),
        ("a" * 300, "b" * 300, [], False),
        (LONG, LONG[:300] + LONG[301:], [(LONG[300], "")], True),
        ("abX", "ababX", [("", "ba")], True),
        ("abX", "abcX", [("", "ba")], False),
        ("abc", "axc", [("q", "r")], False),
        ("abc", "axc", [("b", "y")], False),
        ("abc", "axc", [("y", "x")], False),
        ("abc", "axc", [("b", "x")], True),
        ("abcd", "axcy", [("d", "y"), ("b", "x")], False),
    ],
)
def test_what_edits_explain(before: str, after: str, pairs: list[tuple[str, str]], expected: bool) -> None:
    assert render_check._is_explained(before, after, pairs) is expected


def test_so_many_pieces_of_code_may_become_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render_check, "_MAX_CODE_CONVERSIONS", 2)
    code = [f"{INDENTED_CODE_START}{letter} {letter}{INDENTED_CODE_END}" for letter in "abc"]
    assert render_check._is_explained("".join(code[:2]), "aabb", [])
    assert not render_check._is_explained("".join(code), "aabbcc", [])
    assert not render_check._is_explained("aabb", "".join(code[:2]), [])


def test_a_definition_excuses_no_other_block() -> None:
    text = "[x]\n\na\n\nb\n\nc\n\n[y]: u\n"
    assert keeps(text, ("u", "v"))
    assert not keeps(text, ("y]", "x]"))
