"""Ends of labels are those of markdown-it-py, and are found without looking at a text again and again."""

import sys
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import helpers

from techstock.parse import parse
from techstock.parse.inline_recorder import ParseEnv, get_parser
from tests.support import scale_examples

_PIECES = [
    "[",
    "[",
    "]",
    "](",
    "](u)",
    "![",
    "!",
    "`",
    "\\",
    "*",
    "**",
    "<a>",
    "(",
    ")",
    "x",
    "[r]",
    "![[a]]",
    "\n",
    "<",
]


def describe(text: str) -> object:
    note = parse("a.md", text)
    return get_parser().render(text, ParseEnv()), note.links, note.images, note.spans, note.strays


@settings(max_examples=scale_examples(50))
@given(st.lists(st.sampled_from(_PIECES), max_size=40), st.sampled_from([1, 1, 1, 30]))
def test_every_label_ends_where_it_did(pieces: list[str], times: int) -> None:
    text = "[r]: /u\n\n" + "".join(pieces) * times
    parser = get_parser()
    fast, found = parser.helpers, describe(text)
    try:
        parser.helpers = helpers
        assert describe(text) == found
    finally:
        parser.helpers = fast


def count_calls(text: str) -> int:
    """Count the calls of functions while a note is parsed."""
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        parse("a.md", text)
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize(
    "piece", ["![[a](", "**[", "[![](", "[[", "![", "[a](", "[a][", "[^a", "[![[a]](", "![[a][", "[[a](b) ", "- [[a]("]
)
def test_the_work_grows_with_the_text(piece: str) -> None:
    parse("a.md", piece)
    once, twice = (count_calls(piece * times) for times in (150, 300))
    assert twice < 2.3 * once
    assert twice < 200 * 300 * len(piece)


@pytest.mark.parametrize(("start", "end"), [("[", "]"), ("![", "]"), ("[", "](u)"), ("**[", "]**")])
def test_nested_labels_too(start: str, end: str) -> None:
    once, twice = (count_calls(start * times + "x" + end * times) for times in (200, 400))
    assert twice < 2.3 * once
