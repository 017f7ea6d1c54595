"""Inline facts: images, links, source that is not running text, emphasis marks that stayed literal text."""

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

from techstock.model import Directive, Image, InlineMarkup, Link, Span, UnmatchedDelimiter
from techstock.parse.inline_recorder import InlineConstruct, LinkDefinition, ParseEnv, parse_inline_constructs
from techstock.parse.source_map import NormalizedSource, SourceMap

_START = re.compile(r"<!--|<img(?=[\s/>])", re.I)
# Attribute values may hold `>`; an unquoted `<` ends the attempt, so that many unclosed tags cost linear time.
_IMAGE = re.compile(r"""<img(?P<img>(?:[^<>"']|"[^"]*"|'[^']*')*)>""", re.I)
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'=<>`]+))?""")
_ADDRESS = "techstock:"


class ImageTag(NamedTuple):
    """An `<img>`: `text[start:end]`, its `src` value at `source` (empty range where it has none)."""

    start: int
    end: int
    source: tuple[int, int]
    target: str
    alt: str


class DirectiveComment(NamedTuple):
    """A comment that reads `techstock: VERB ARGUMENTS`."""

    start: int
    end: int
    verb: str
    arguments: str


def find_images_and_comments(text: str, start: int, end: int) -> Iterator[ImageTag | DirectiveComment]:
    """Yield the images and techstock comments of `text[start:end]`; an `<img>` inside a comment is none."""
    while match := _START.search(text, start, end):
        start = match.end()
        if match[0] == "<!--":
            close = text.find("-->", start, end)
            if close < 0:
                return
            if comment := _comment(text, match.start(), close):
                yield comment
            start = close + 3
        elif image := _IMAGE.match(text, match.start(), end):
            yield _image(image)
            start = image.end()


def _comment(text: str, start: int, close: int) -> DirectiveComment | None:
    content = text[start + 4 : close].strip()
    if not content.startswith(_ADDRESS):
        return None
    verb, *rest = content.removeprefix(_ADDRESS).split(maxsplit=1) or [""]
    return DirectiveComment(start, close + 3, verb, rest[0] if rest else "")


def _image(match: re.Match[str]) -> ImageTag:
    values: dict[str, tuple[int, int, str]] = {}
    for attribute in _ATTRIBUTE.finditer(match.string, *match.span("img")):
        quoted = attribute[2] is not None and attribute[2][0] in "\"'"
        start, end = attribute.span(2) if attribute[2] is not None else (attribute.end(),) * 2
        if quoted:
            start, end = start + 1, end - 1
        values.setdefault(attribute[1].lower(), (start, end, unescape(match.string[start:end])))
    start, end, target = values.get("src", (match.start(), match.start(), ""))
    return ImageTag(match.start(), match.end(), (start, end), target, values.get("alt", (0, 0, ""))[2])


_MARKUP = re.compile(r"[`<*_]|\]\(")  # without one of these there is nothing to find but what definitions tell
_WIKI = re.compile(r"(!?)\[\[([^\[\]\n|#]*)(#[^\[\]\n|]*)?(?:\|([^\[\]\n]*))?\]\]")


class InlineFactBuilder:
    """A collector of one note's inline facts, in document order."""

    def __init__(self, source: NormalizedSource, env: ParseEnv) -> None:
        self.source = source
        self.env = env
        self.images: list[Image] = []
        self.links: list[Link] = []
        self.spans: list[InlineMarkup] = []
        self.strays: list[UnmatchedDelimiter] = []
        self.directives: list[Directive] = []
        self._found: list[InlineConstruct] = []

    def read_block(self, pieces: SourceMap, block: int, entry: int) -> None:
        """Add the facts in the inline content of one block."""
        self._found = []
        content = pieces.content
        if _MARKUP.search(content) or ("[" in content and self.env.definitions):
            self._found = sorted(
                parse_inline_constructs(content, self.env), key=lambda found: (found.start, -found.end)
            )
        elif "[" not in content:
            return
        linked = 0  # where the last link ends: links do not nest
        for found in self._found:
            self._take(found, pieces, block, entry, found.end <= linked)
            linked = found.end if found.kind == "link" else linked
        if "[[" in content:
            self._wiki(pieces, block, entry)

    def get_hidden_ranges(self, end: int) -> list[tuple[int, int]]:
        """Return the ranges of the content read last, up to `end`, in which a colon does not end a term."""
        return [(f.start, f.end) for f in self._found if f.kind != "stray" and f.start < end]

    def read_html(self, start: int, end: int, block: int, entry: int) -> None:
        """Add the facts in a piece of HTML, given as positions in the source."""
        for tag in find_images_and_comments(self.source.text, start, end):
            place = self.source.to_span(tag.start, tag.end)
            if isinstance(tag, DirectiveComment):
                self.directives.append(Directive(place, tag.verb, tag.arguments, block))
            else:
                at = self.source.to_span(*tag.source)
                self.images.append(Image(place, "html", tag.target, at, tag.alt, block, entry))

    def _take(self, found: InlineConstruct, pieces: SourceMap, block: int, entry: int, linked: bool) -> None:
        place = self._place(pieces, found.start, found.end)
        if found.kind == "stray":
            self.strays.append(UnmatchedDelimiter(place, *found.flanks, block))
        elif found.kind == "html":
            self.spans.append(InlineMarkup(place, "html"))
            self.read_html(pieces.map_start(found.start), pieces.map_end(found.end), block, entry)
        elif found.kind == "code":
            self.spans.append(InlineMarkup(place, "code"))
        elif found.kind == "autolink":
            self.spans.append(InlineMarkup(place, "target"))
            inner = self._place(pieces, found.start + 1, found.end - 1)
            target = pieces.content[found.start + 1 : found.end - 1]
            self.links.append(Link(place, "auto", target, inner, inner, block, entry))
        elif found.kind == "image":
            self.spans.append(InlineMarkup(place, "image"))
            kind, target, at = self._target(found, pieces)
            alt = pieces.content[found.start + 2 : found.label]
            self.images.append(Image(place, kind, target, at, alt, block, entry, linked))
        else:
            self.spans.append(InlineMarkup(self._place(pieces, found.label, found.end), "target"))
            kind, target, at = self._target(found, pieces)
            text = self._place(pieces, found.start + 1, found.label)
            self.links.append(Link(place, kind, target, at, text, block, entry))

    def _target(self, found: InlineConstruct, pieces: SourceMap) -> tuple[str, str, Span]:
        if found.target is not None:
            start, end, target = found.target
            return "inline", target, self._place(pieces, start, end)
        definition = self.env.definitions.get(found.reference, LinkDefinition(0, 0, ""))
        return "reference", definition.target, self.source.to_span(definition.start, definition.end)

    def _wiki(self, pieces: SourceMap, block: int, entry: int) -> None:
        """Add `![[x.png]]` and `[[note]]` of Obsidian, which Markdown reads as text."""
        taken = iter([(f.start, f.end) for f in self._found if f.kind != "stray"])
        start = end = 0
        for match in _WIKI.finditer(pieces.content):
            while end <= match.start() and (following := next(taken, None)):
                start, end = following[0], max(end, following[1])
            if start <= match.start() < end:
                continue
            place = self._place(pieces, *match.span())
            at = self._place(pieces, *match.span(2))
            self.spans.append(InlineMarkup(place, "target"))
            if match[1]:
                self.images.append(Image(place, "wiki", match[2], at, match[4] or "", block, entry))
            else:
                target = match[2] + (match[3] or "")
                self.links.append(Link(place, "wiki", target, at, at, block, entry))

    def _place(self, pieces: SourceMap, start: int, end: int) -> Span:
        first = pieces.map_start(start)
        return self.source.to_span(first, max(pieces.map_end(end), first))
