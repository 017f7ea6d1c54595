"""Inline facts are found without looking at a text again and again, and where the source is hard to read."""

import pytest

from techstock.parse import parse
from techstock.parse.inline_facts import unescape_markdown
from tests.support import count_calls


def count_parse_calls(text: str) -> int:
    return count_calls(lambda: parse("a.md", text))


@pytest.mark.parametrize(
    "piece",
    [
        "![[a](",
        "**[",
        "[![](",
        "[[",
        "![",
        "[a](",
        "[a][",
        "[^a",
        "[![[a]](",
        "![[a][",
        "[[a](b) ",
        "- [[a](",
        "a_",
        "*a ",
    ],
)
def test_the_work_grows_with_the_text(piece: str) -> None:
    parse("a.md", piece)
    once, twice = (count_parse_calls(piece * times) for times in (150, 300))
    assert twice < 2.3 * once
    assert twice < 200 * 300 * len(piece)


@pytest.mark.parametrize(("start", "end"), [("[", "]"), ("![", "]"), ("[", "](u)"), ("![", "](u)"), ("**[", "]**")])
def test_nested_labels_too(start: str, end: str) -> None:
    once, twice = (count_parse_calls(start * times + "x" + end * times) for times in (200, 400))
    assert twice < 2.3 * once


@pytest.mark.parametrize(
    ("text", "target", "at", "label"),
    [
        ("[a](b)", "b", "b", "a"),
        ("[a]( <b c>  'd' )", "b c", "b c", "a"),
        ("[a](b(c)d)", "b(c)d", "b(c)d", "a"),
        ("[a](b\\)&amp;c)", "b)&c", "b\\)&amp;c", "a"),
        ("[a]()", "", "", "a"),
        ("[a](<>)", "", "", "a"),
        ("> [a\n> b](\n> c)", "c", "c", "a\n> b"),
        ("[a\\]](b)", "b", "b", "a\\]"),
        ("[`]`](b)", "b", "b", "`]`"),
        ("[![x]][]](b)\n\n[x]]: c", "b", "b", "![x]][]"),
        ("[![x][]](b)\n\n[x]: c", "b", "b", "![x][]"),
        ("[a][]\n\n[A]: <b c> 'd'", "b c", "b c", "a"),
        ("[b][ß]\n\n[SS]:\n  c", "c", "c", "b"),
        ("[a\\]:b]\n\n[a\\]:b]: c", "c", "c", "a\\]:b"),
        ("\U00020bb7 [é](字)", "字", "字", "é"),
    ],
)
def test_targets(text: str, target: str, at: str, label: str) -> None:
    links = [link for link in parse("a.md", text).links if link.target == target]
    if text.startswith("[![x]]"):  # no link: the bracket inside closes it
        assert links == []
        return
    assert [(link.target, link.at.extract_from(text), link.text.extract_from(text)) for link in links] == [
        (target, at, label)
    ]


def test_wiki_links_in_cells() -> None:
    text = "| a |\n|---|\n| [[b\\|c]] ![[d.png\\|100]] [[e#f\\|g]] |\n"
    note = parse("a.md", text)
    assert [link.target for link in note.links] == ["b", "e#f"]
    assert [(image.target, image.alt) for image in note.images] == [("d.png", "100")]


@pytest.mark.parametrize(
    ("text", "strays"),
    [
        ("\\**a", ["*"]),
        ("\\\\*a", ["*"]),
        ("&ast;a *b", ["*"]),
        ("***a*", ["**"]),
        ("<https://a_b.c/*> `*` ![*](_) [*](b*c)", ["*"]),
        (">*a", ["*"]),
        ("|*a|\n|-|\n|b*|", ["*", "*"]),
        ("a\n*b\n_c_ d", ["*"]),
    ],
)
def test_marks_that_stayed_text(text: str, strays: list[str]) -> None:
    note = parse("a.md", text)
    assert [stray.place.extract_from(text) for stray in note.strays] == strays


def test_what_marks_may_do() -> None:
    text = "*a b* * _c_d 終*。e"
    found = {stray.place.start: (stray.opens, stray.closes) for stray in parse("a.md", f"> {text}x**～y").strays}
    assert found[2 + text.index(" * ") + 1] == (False, False)
    assert found[2 + text.index("_d")] == (False, False)
    assert found[2 + text.index("*。")] == (False, True)


def test_escapes_and_entities() -> None:
    assert unescape_markdown("a\\*&amp;&#x41;&#0;&nosuch;\\a&#xD800;") == "a*&A\ufffd&nosuch;\\a\ufffd"
