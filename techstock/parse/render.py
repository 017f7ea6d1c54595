"""HTML of a text, block by block, to tell whether a change of the source changes the rendered page.

markdown-it-py renders it: facts come from another parser, so no parser is the judge of its own work.
"""

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from techstock.parse.source_text import NormalizedSource, find_front_matter
from techstock.text.html_entities import is_blank_html

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_MAX_NESTING = 100

MARKUP_MARK = "\x01"
"""Stands before inline markup and code in `Rendered.words`, to tell it from the same characters shown as text."""
INDENTED_CODE_START, INDENTED_CODE_END = "\x02", "\x03"
"""Stand around code that is code by nothing but its indentation."""


class RenderedBlock(NamedTuple):
    """A top-level block: its lines (from 0, half-open), its HTML, and its words.

    `words` is the text without white space, code as it is, together with the marks of headings, entries and quotes,
    as if these were text: a line that becomes an entry keeps its words. Inline markup and link targets are included,
    marked to differ from text; comments are not.
    """

    first: int
    last: int
    html: str
    words: str


@cache
def _get_renderer() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # nothing but a fix needs it

    class Markdown(MarkdownIt):
        """A parser that accepts any link target, as CommonMark does."""

        def validateLink(self, url: str) -> bool:  # noqa: N802, ARG002 (markdown-it's names)
            return True

    return Markdown("commonmark", {"maxNesting": _MAX_NESTING}).enable(["table", "strikethrough"])


def render_blocks(text: str) -> list[RenderedBlock]:
    """Render the top-level blocks of a text as CommonMark with GitHub's tables and strikethrough."""
    md = _get_renderer()
    text = NormalizedSource(text).text
    end = find_front_matter(text)
    found, start, depth = [], 0, 0
    if end:
        last = text.count("\n", 0, end)
        found.append(RenderedBlock(0, last + 1, "", f"{MARKUP_MARK}{text[:end]}{MARKUP_MARK}"))
        text = "\n" * last + text[end:]
    env: dict[str, object] = {}
    tokens = md.parse(text, env)
    for index, token in enumerate(tokens):
        depth += token.nesting
        if depth == 0:
            block = tokens[start : index + 1]
            first, last = block[0].map or (0, 0)
            html = str(md.renderer.render(block, md.options, env))
            found.append(RenderedBlock(first, last, html, "".join(_words(block))))
            start = index + 1
    return found


def to_rendered_words(text: str) -> str:
    """Return a piece of source, text or a link target, in the form it has in `RenderedBlock.words`."""
    return "".join(unquote(text).split())


def _words(tokens: list["Token"]) -> Iterator[str]:
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
            yield f"{MARKUP_MARK}{token.tag}"


def _leaf(token: "Token") -> str:
    if token.type == "html_block" and is_blank_html(token.content):
        return ""
    if token.type == "code_block":
        return f"{INDENTED_CODE_START}{token.content}{INDENTED_CODE_END}"
    return f"{MARKUP_MARK}{token.markup}{token.info}{MARKUP_MARK}{token.content}{MARKUP_MARK}"


def _inline(token: "Token") -> str:
    if token.type == "text":
        return "".join(token.content.split())
    if token.type in ("softbreak", "hardbreak") or (token.type == "html_inline" and is_blank_html(token.content)):
        return ""
    if token.type == "image":
        return f"{MARKUP_MARK}![{to_rendered_words(token.content)}]({unquote(str(token.attrs.get('src', '')))})"
    if token.nesting == 0:
        return f"{MARKUP_MARK}{token.markup}{MARKUP_MARK}{token.content}{MARKUP_MARK}"
    target = unquote(str(token.attrs["href"])) if "href" in token.attrs else ""
    return f"{MARKUP_MARK}{token.tag}{target}" if token.nesting > 0 else f"{MARKUP_MARK}/{token.tag}"
