"""Inline facts: images, links, source that is not running text, emphasis marks that stayed literal text."""

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

from markdown_it.common.utils import unescapeAll

from techstock.model import Directive, Image, InlineMarkup, Link, Span, UnmatchedDelimiter
from techstock.parse.inline_recorder import InlineConstruct, LinkDefinition, ParseEnv, parse_inline_constructs
from techstock.parse.source_map import NormalizedSource, SourceMap

# Tags of HTML, and their attributes that lead somewhere.
_TARGETS = {
    "a": ("href",),
    "area": ("href",),
    "audio": ("src",),
    "iframe": ("src",),
    "img": ("src",),
    "source": ("src",),
    "video": ("src", "poster"),
}
_START = re.compile(rf"<!--|<(?:{'|'.join(_TARGETS)})(?=[\s/>])", re.I)
# Attribute values may hold `>`; an unquoted `<` ends the attempt, so that many unclosed tags cost linear time.
_TAG = re.compile(r"""<(?P<name>\w+)(?P<attributes>(?:[^<>"']|"[^"]*"|'[^']*')*)>""")
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'=<>`]+))?""")
_ADDRESS = "techstock:"


class AttributeValue(NamedTuple):
    """The value of an attribute, its entities resolved; it is written at `text[start:end]`."""

    start: int
    end: int
    text: str


class Tag(NamedTuple):
    """A tag of HTML that may lead somewhere, `text[start:end]`; names are in lower case."""

    start: int
    end: int
    name: str
    attributes: dict[str, AttributeValue]


class DirectiveComment(NamedTuple):
    """A comment that reads `techstock: VERB ARGUMENTS`."""

    start: int
    end: int
    verb: str
    arguments: str


def find_tags_and_comments(text: str, start: int, end: int) -> Iterator[Tag | DirectiveComment]:
    """Yield the tags that may lead somewhere and the techstock comments of `text[start:end]`; a comment has no tags."""
    while match := _START.search(text, start, end):
        start = match.end()
        if match[0] == "<!--":
            close = text.find("-->", start, end)
            if close < 0:
                return
            if comment := _comment(text, match.start(), close):
                yield comment
            start = close + 3
        elif tag := _TAG.match(text, match.start(), end):
            yield Tag(tag.start(), tag.end(), tag["name"].lower(), _parse_attributes(tag))
            start = tag.end()


def _comment(text: str, start: int, close: int) -> DirectiveComment | None:
    content = text[start + 4 : close].strip()
    if not content.startswith(_ADDRESS):
        return None
    verb, *rest = content.removeprefix(_ADDRESS).split(maxsplit=1) or [""]
    return DirectiveComment(start, close + 3, verb, rest[0] if rest else "")


def _parse_attributes(tag: re.Match[str]) -> dict[str, AttributeValue]:
    """Return the attributes of a tag; of those with one name the first counts, as in browsers."""
    values: dict[str, AttributeValue] = {}
    for attribute in _ATTRIBUTE.finditer(tag.string, *tag.span("attributes")):
        quoted = attribute[2] is not None and attribute[2][0] in "\"'"
        start, end = attribute.span(2) if attribute[2] is not None else (attribute.end(),) * 2
        if quoted:
            start, end = start + 1, end - 1
        values.setdefault(attribute[1].lower(), AttributeValue(start, end, unescape(tag.string[start:end])))
    return values


_MARKUP = re.compile(r"[`<*_]|\]\(")  # without one of these there is nothing to find but what definitions tell
# A bare URL of a file on GitHub, which may be one of this repository. It ends at any full-width punctuation, earlier
# than `analysis.entries` says: what leads to a file must not take the sentence's own brackets along.
_GITHUB_URL = re.compile(
    r"(?<![A-Za-z])https?://(?:(?:www\.)?github\.com/[^\s/]+/[^\s/]+/(?:blob|raw)|raw\.githubusercontent\.com)"
    r"/[^\s<>、。，．；：（）「」『』【】]+",
    re.I,
)
_URL_TRAIL = "?!.,:;*_~'\"`]|"  # behind a URL: GitHub, too, takes these for the sentence's own
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
        elif "[" not in content and "github" not in content:
            return
        linked = 0  # where the last link ends: links do not nest
        for found in self._found:
            self._take(found, pieces, block, entry, found.end <= linked)
            linked = found.end if found.kind == "link" else linked
        if "[[" in content:
            self._wiki(pieces, block, entry)
        if "github" in content:
            self._bare_urls(pieces, block, entry)

    def get_hidden_ranges(self, end: int) -> list[tuple[int, int]]:
        """Return the ranges of the content read last, up to `end`, in which a colon does not end a term."""
        return [(f.start, f.end) for f in self._found if f.kind != "stray" and f.start < end]

    def read_html(self, start: int, end: int, block: int, entry: int) -> None:
        """Add the facts in a piece of HTML, given as positions in the source."""
        for tag in find_tags_and_comments(self.source.text, start, end):
            place = self.source.to_span(tag.start, tag.end)
            if isinstance(tag, DirectiveComment):
                self.directives.append(Directive(place, tag.verb, tag.arguments, block))
            elif tag.name == "img":
                target = tag.attributes.get("src", AttributeValue(tag.start, tag.start, ""))
                alt = tag.attributes["alt"].text if "alt" in tag.attributes else ""
                at = self.source.to_span(target.start, target.end)
                self.images.append(Image(place, "html", target.text, at, alt, block, entry))
            else:
                behind = Span(place.end, place.end)
                for target in [tag.attributes[name] for name in _TARGETS[tag.name] if name in tag.attributes]:
                    at = self.source.to_span(target.start, target.end)
                    self.links.append(Link(place, "html", target.text, at, behind, block, entry))

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
        for match in self._find_in_text(_WIKI, pieces.content):
            place = self._place(pieces, *match.span())
            at = self._place(pieces, *match.span(2))
            self.spans.append(InlineMarkup(place, "target"))
            if match[1]:
                self.images.append(Image(place, "wiki", match[2], at, match[4] or "", block, entry))
            else:
                target = match[2] + (match[3] or "")
                self.links.append(Link(place, "wiki", target, at, at, block, entry))

    def _bare_urls(self, pieces: SourceMap, block: int, entry: int) -> None:
        """Add the URLs of files on GitHub that are written as text, which GitHub makes links of."""
        for match in self._find_in_text(_GITHUB_URL, pieces.content):
            url = match[0].rstrip(_URL_TRAIL)
            while url.endswith(")") and url.count(")") > url.count("("):
                url = url[:-1].rstrip(_URL_TRAIL)
            place = self._place(pieces, match.start(), match.start() + len(url))
            self.links.append(Link(place, "bare", unescapeAll(url), place, place, block, entry))

    def _find_in_text(self, pattern: re.Pattern[str], content: str) -> Iterator[re.Match[str]]:
        """Yield the matches in a block's content that do not begin in code, a link, an image or a tag."""
        taken = iter([(f.start, f.end) for f in self._found if f.kind != "stray"])
        start = end = 0
        for match in pattern.finditer(content):
            while end <= match.start() and (following := next(taken, None)):
                start, end = following[0], max(end, following[1])
            if not start <= match.start() < end:
                yield match

    def _place(self, pieces: SourceMap, start: int, end: int) -> Span:
        first = pieces.map_start(start)
        return self.source.to_span(first, max(pieces.map_end(end), first))
