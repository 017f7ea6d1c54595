"""The blocks are those of markdown-it-py as it comes."""

import pytest
from hypothesis import given
from hypothesis.strategies import lists, sampled_from
from markdown_it import MarkdownIt
from mdit_py_plugins.front_matter import front_matter_plugin

from techstock.parse.block_parser import MAX_NESTING
from techstock.parse.inline_recorder import ParseEnv, parse_blocks

pytestmark = pytest.mark.no_cover  # what these repeat a hundred times, others show once

PIECES = [
    "- a", "  - b", "   c", "1. x", "12) y", "0. z", "1234567890. k", "> q", ">> r", "> ", "> - l", "> ---", ">> ===",
    "   > n", "# h", "## 3.", "#", "---", "===", " ==", "   ---   ", "- ---", "***", "___", "* * *", "- - x",
    "```", "~~~",
    "```a`", "<div>", "</div>", "<!-- x", "-->", "[a]: /u", "[a]: ", "'t'", "| a | b |", "|---|:-:|", "| c |", "a|b",
    "-|-", "1|2", ": d", "", "", "", "- ", "-", "+ p", "* s", "- ```", "\t- t", " \tcode", "    code", "\ttext", "text",
    "text =", "\u3000x", "a-", "\f", "\u00a0", "    - x", "-\tx", "-     code",
]  # fmt: skip
FIELDS = ("type", "tag", "nesting", "level", "map", "content", "markup", "info", "hidden", "meta")
PLAIN = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}).enable("table").use(front_matter_plugin)


@given(lists(sampled_from(PIECES), max_size=16), sampled_from(["", "\n", "  ", "\n \t", "\n\n"]))
def test_the_same_blocks(pieces: list[str], end: str) -> None:
    text = "\n".join(pieces) + end
    expected = PLAIN.block.parse(text, PLAIN, {}, []) or []
    found = parse_blocks(text, ParseEnv())
    assert [[getattr(token, name) or None for name in FIELDS] for token in found] == [
        [getattr(token, name) or None for name in FIELDS] for token in expected
    ]


def test_deep_nesting() -> None:
    for text in ("- " * 60 + "x", "> " * 120 + "x", "1. " * 55 + "x\n\ntext"):
        expected = PLAIN.block.parse(text, PLAIN, {}, []) or []
        assert [(token.type, token.map) for token in parse_blocks(text, ParseEnv())] == [
            (t.type, t.map) for t in expected
        ]
