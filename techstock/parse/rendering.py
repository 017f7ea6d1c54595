"""HTML of a text, block by block, to tell whether a change of the source changes the rendered page."""

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote

from markdown_it.token import Token

from techstock.parse.markdown import Env, parser
from techstock.parse.source import Source
from techstock.text.html import is_blank

MARK = "\x01"
"""Stands before inline markup and code in `Rendered.words`, to tell it from the same characters shown as text."""
INDENTED, END = "\x02", "\x03"
"""Stand around code that is code by nothing but its indentation."""


class Rendered(NamedTuple):
    """A top-level block: its lines (from 0, half-open), its HTML, and its words.

    `words` is the text without white space, code as it is, together with the marks of headings, entries and quotes,
    as if these were text: a line that becomes an entry keeps its words. Inline markup and link targets are included,
    marked to differ from text; comments are not.
    """

    first: int
    last: int
    html: str
    words: str


def rendered(text: str) -> list[Rendered]:
    """Render the top-level blocks of a text as CommonMark with GitHub's tables and strikethrough."""
    md = parser()
    env = Env()
    tokens = md.parse(Source(text).text, env)
    found, start, depth = [], 0, 0
    for index, token in enumerate(tokens):
        depth += token.nesting
        if depth == 0:
            block = tokens[start : index + 1]
            first, last = block[0].map or (0, 0)
            html = str(md.renderer.render(block, md.options, env))
            found.append(Rendered(first, last, html, "".join(_words(block))))
            start = index + 1
    return found


def plain(text: str) -> str:
    """Return a piece of source, text or a link target, in the form it has in `RenderedBlock.words`."""
    return "".join(unquote(text).split())


def _words(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "inline":
            yield from map(_inline, token.children or ())
        elif token.type == "list_item_open":
            yield token.info + token.markup
        elif token.type == "blockquote_open":
            yield ">"
        elif token.type in ("heading_open", "heading_close"):
            if token.markup.startswith("#") == (token.nesting > 0):
                yield token.markup
        elif token.nesting == 0:
            yield _leaf(token)
        elif token.type in ("tr_open", "td_open", "th_open"):
            yield f"{MARK}{token.tag}"


def _leaf(token: Token) -> str:
    if token.type == "html_block" and is_blank(token.content):
        return ""
    if token.type == "code_block":
        return f"{INDENTED}{token.content}{END}"
    return f"{MARK}{token.markup}{token.info}{MARK}{token.content}{MARK}"


def _inline(token: Token) -> str:
    if token.type == "text":
        return "".join(token.content.split())
    if token.type in ("softbreak", "hardbreak") or (token.type == "html_inline" and is_blank(token.content)):
        return ""
    if token.type == "image":
        return f"{MARK}![{plain(token.content)}]({unquote(str(token.attrs.get('src', '')))})"
    if token.nesting == 0:
        return f"{MARK}{token.markup}{MARK}{token.content}{MARK}"
    target = unquote(str(token.attrs["href"])) if "href" in token.attrs else ""
    return f"{MARK}{token.tag}{target}" if token.nesting > 0 else f"{MARK}/{token.tag}"
