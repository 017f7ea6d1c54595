"""Addresses of headings, as GitHub makes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techstock.links.anchors import get_anchors, iter_heading_texts, make_github_slug, make_unique_slugs
from techstock.parse import parse


@pytest.mark.parametrize(
    ("text", "anchor"),
    [
        ("Hello World", "hello-world"),
        ("61. ECS のスポット　自動", "61-ecs-のスポット自動"),
        ("ノード（入れ替え）・復旧ー", "ノード入れ替え復旧ー"),
        ("C++ & C#", "c--c"),
        ("snake_case-and-dash", "snake_case-and-dash"),
        ("📋 Table", "-table"),
        ("⚙️ Set", "\ufe0f-set"),
        ("a  b", "a--b"),
        ("  a ", "a"),
        ("Ⅳ ① ½ Ⓐ", "ⅳ---ⓐ"),
        ("ÀÉ ß", "àé-ß"),
        ("!?", ""),
    ],
)
def test_slugs(text: str, anchor: str) -> None:
    assert make_github_slug(text) == anchor


def test_headings_of_the_same_text() -> None:
    assert list(make_unique_slugs(["a", "A", "a!", "a-1", "b", "a-1"])) == ["a", "a-1", "a-2", "a-1-1", "b", "a-1-2"]


@given(st.lists(st.text(st.sampled_from("aAb-1 .日"), max_size=4), max_size=30))
def test_anchors_are_all_different(texts: list[str]) -> None:
    found = list(make_unique_slugs(texts))
    assert len(found) == len(set(found)) == len(texts)


@given(st.text())
def test_a_slug_stays_as_it_is(text: str) -> None:
    once = make_github_slug(text)
    assert make_github_slug(once) == make_github_slug(make_github_slug(once))
    assert " " not in once


@pytest.mark.parametrize(
    ("heading", "text"),
    [
        ("# `code_x` and **bold** *it*", "code_x and bold it"),
        ("# snake_case _it_ 2 * 3", "snake_case it 2 * 3"),
        ("# [text](https://example.org) ![alt](a.png) <b>x</b>", "[text]  x"),
        ("# a \\* b &amp; c", "a * b & c"),
        ("# [[note]] x", "[[note]] x"),
    ],
)
def test_rendered(heading: str, text: str) -> None:
    note = parse("a.md", f"{heading}\n")
    [found] = iter_heading_texts(note)
    assert make_github_slug(found) == make_github_slug(text)


@pytest.mark.parametrize(
    ("text", "anchor"),
    [
        ("# :rocket: 出発\n", "-出発"),
        ("# :rocket: 出発\n", "rocket-出発"),
        ("# Title {#own}\n", "own"),
        ("# Title {#own}\n", "title"),
        ('<a id="x"></a>\n', "x"),
        ("text <a name=y></a>\n", "y"),
        ("<h2 align='center'>Big <b>One</b></h2>\n", "big-one"),
        ("<div id='box'>\n</div>\n", "box"),
        ("- ## In a list\n", "in-a-list"),
        ("> ## Quoted\n", "Quoted"),
        ("Setext\n===\n", "user-content-setext"),
    ],
)
def test_anchors(text: str, anchor: str) -> None:
    found = get_anchors(parse("a.md", text))
    assert found.has_anchor(anchor)
    assert not found.has_anchor(f"{anchor}x")


@pytest.mark.parametrize(
    "text",
    [
        "# " + "_ * " * 2_000,
        "# {" + "#a" * 100_000,
        "<h1>" * 100_000 + "\n",
        "<a x " * 50_000 + "\n",
        "# a :b" * 50_000,
    ],
)
def test_hostile_headings_take_no_time(text: str) -> None:
    note = parse("a.md", text)
    assert not get_anchors(note).has_anchor("none")
