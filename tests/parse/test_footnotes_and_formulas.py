"""Footnotes and formulas: what is in them, and that GitHub's page shows the same links, images and references."""

import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techstock.parse import parse
from tests.parse.github import render


@pytest.mark.parametrize(
    "text",
    [
        "待避[^1]。\n\n[^1]: 公式の資料による。\n",
        "待避[^註]。\n\n[^註]: [題](none.md)\n",
        "待避[^1]と[^2]。\n[^1]: ![図](none.png)\n[^2]: 二つ目。\n",
        "待避[^1]。\n\n[^1]: 一段目。\n\n    二段目の[題](none.md)と![図](図.png)。\n\n続き[本文](c.md)。\n",
        "- 待避[^1]: 新しい要求を受けない。\n\n  [^1]: [題](none.md)\n\n- 復旧\n",
        "> 引用[^1]\n>\n> [^1]: [題](none.md)\n",
        "待避[^a]\n\n[^A]: 大文字でも同じ[題](a.md)\n",
        "待避[^無い]。[^1]\n\n[^1]: - [題](a.md)\n",
        "待避[^1][題](a.md)。\n\n[^1]: 資料\n",
        "待避[^1]![図](a.png)[^註][題](b.md)\n\n[^1]: 資料\n[^註]: 資料[^1][題](c.md)\n",
        "| 語[^1][題](a.md) |\n|---|\n\n[^1]: 資料\n",
        "待避[^Ａ][^ß][題](a.md)\n\n[^ａ]: 資料\n[^SS]: 資料\n",
        "[^無い][題](a.md)と`[^1]`と\\[^1]。[^1]\n\n[^1]: 資料\n",
        "# 題[^1][題](a.md)\n\n本文\n\n[^1]: 一\n二[^1]\n",
    ],
)
def test_footnotes_hold_what_the_page_holds(text: str) -> None:
    compare_with_page(text)


PIECES = ["待避", "[^1]", "[^註]", "[^無]", "。", "**太**", "[題](u.md)", "![図](i.png)", "`c`", "-", "##", ">"]


@given(st.lists(st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join), min_size=1, max_size=4))
def test_random_footnotes_hold_what_the_page_holds(texts: list[str]) -> None:
    """The first text is the note's, the others are its footnotes."""
    notes = [f"[^{label}]: {text}\n" for label, text in zip("1註ab", texts[1:], strict=False)]
    compare_with_page("\n\n".join([texts[0], "".join(notes), "[^a][^b][^1][^註]\n"]))


def compare_with_page(text: str) -> None:
    page, note = render(text), parse("note.md", text)
    assert sorted(link.target for link in note.links) == sorted(map(unquote, re.findall('<a href="([^"#]+)"', page)))
    images = [unquote(src) for src in re.findall('<img src="([^"]*)"', page)]
    assert sorted(image.target for image in note.images) == sorted(images)
    references = [mark for mark in note.footnotes if mark.kind == "reference"]
    assert len(references) == page.count("data-footnote-ref>")


def test_footnotes_are_facts() -> None:
    text = "待避[^1]と[^無]。\n\n[^1]: 一段目。\n\n    二段目。\n\n本文。\n"
    marks = parse("note.md", text).footnotes
    assert [(mark.kind, mark.label) for mark in marks] == [("reference", "1"), ("text", "無"), ("definition", "1")]
    assert marks[2].place.extract_from(text) == "[^1]: 一段目。\n\n    二段目。"


@pytest.mark.parametrize(
    "text",
    [
        "$$[f * g](n) = \\sum f$$\n",
        "関数は$![x](n)$です。\n",
        "$$\n[f * g](n)\n\\\\\n*a* **b\n$$\n",
        "$a*b$ と $c*d$ と $[x][y]$\n\n[y]: none.md\n",
        "| 式 |\n|---|\n| $[f](n)$ |\n",
        "```math\n[f](n)\n```\n",
        "$`[f](n)`$\n",
        "- $a: [b](n)$\n",
    ],
)
def test_nothing_in_a_formula_is_a_link_an_image_a_mark_or_a_term(text: str) -> None:
    note = parse("note.md", text)
    assert (note.links, note.images, note.strays) == ((), (), ())
    assert [entry.term for entry in note.entries if entry.term] == []


@pytest.mark.parametrize(
    "text",
    [
        "価格は$5、[表](a.md)では$6です。\n",
        "安い($)、[表](a.md)、高い($$$)、普通($$)。\n",
        "`$HOME/bin:$PATH` と $HOME/[x](a.md):$PATH\n",
        "\\$5 と [表](a.md) と \\$6\n",
        "$5 から [表](a.md) の $ まで\n",
    ],
)
def test_prices_and_variables_are_no_formulas(text: str) -> None:
    note = parse("note.md", text)
    assert [link.target for link in note.links] == ["a.md"]
    assert not any(span.kind == "math" for span in note.spans)


def test_a_formula_is_a_term() -> None:
    text = "- $a: b$: 比\n"
    (entry,) = parse("note.md", text).entries
    assert entry.name == "$a: b$"
