"""What a reader sees of a note, by two renderers: GitHub's, and the one that judges fixes when techstock runs."""

import re
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from html.parser import HTMLParser

import cmarkgfm
from cmarkgfm.cmark import Options
from msgspec import Struct

from techstock.parse.render import render_blocks

_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\r?\n.*?\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.S)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
_SILENT = frozenset({"script", "style", "title"})


class Page(Struct, frozen=True):
    """The letters that are shown, and how often; where links and images lead; and the texts that are bold."""

    letters: Counter[str]
    links: Counter[str]
    images: Counter[str]
    bold: tuple[str, ...]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.letters: Counter[str] = Counter()
        self.links: Counter[str] = Counter()
        self.images: Counter[str] = Counter()
        self.bold: list[str] = []
        self._open: list[list[str]] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self._silent += tag in _SILENT
        if tag in ("a", "area") and "href" in values:
            self.links[values["href"]] += 1
        if tag == "img":
            self.images[values.get("src", "")] += 1
            self.letters.update(filter(str.isalnum, values.get("alt", "")))
        if tag == "strong":
            self._open.append([])

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(self._silent - (tag in _SILENT), 0)
        if tag == "strong" and self._open:
            self.bold.append("".join(self._open.pop()))

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.letters.update(filter(str.isalnum, data))
        for texts in self._open:
            texts.append(data)


def _render_as_github(text: str) -> str:
    options = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES
    body = _FRONT_MATTER.sub("", text.removeprefix("\ufeff"))
    extensions = ["table", "autolink", "strikethrough", "tasklist"]
    return str(cmarkgfm.markdown_to_html_with_extensions(body, options=options, extensions=extensions))


def _render_as_techstock(text: str) -> str:
    return "".join(block.html for block in render_blocks(text))


RENDERERS: dict[str, Callable[[str], str]] = {"cmark-gfm": _render_as_github, "markdown-it": _render_as_techstock}


@lru_cache(maxsize=64)
def read_page(text: str, renderer: str) -> Page:
    """Return what a renderer shows of a note."""
    reader = _Reader()
    reader.feed(_COMMENT.sub("", RENDERERS[renderer](text)))
    reader.close()
    return Page(reader.letters, reader.links, reader.images, tuple(reader.bold))
