"""Inline facts: images, links, source that is not running text, emphasis marks that stayed literal text."""

import re

from techstock.model import Directive, Image, Link, Place, Span, Stray
from techstock.parse.html import Comment, tags
from techstock.parse.markdown import Definition, Env, Found, inlines
from techstock.parse.source import Pieces, Source

_MARKUP = re.compile(r"[`<*_]|\]\(")  # without one of these there is nothing to find but what definitions tell
_WIKI = re.compile(r"(!?)\[\[([^\[\]\n|#]*)(#[^\[\]\n|]*)?(?:\|([^\[\]\n]*))?\]\]")


class Inline:
    """A collector of one note's inline facts, in document order."""

    def __init__(self, source: Source, env: Env) -> None:
        self.source = source
        self.env = env
        self.images: list[Image] = []
        self.links: list[Link] = []
        self.spans: list[Span] = []
        self.strays: list[Stray] = []
        self.directives: list[Directive] = []
        self._found: list[Found] = []

    def read(self, pieces: Pieces, block: int, entry: int) -> None:
        """Add the facts in the inline content of one block."""
        self._found = []
        content = pieces.content
        if _MARKUP.search(content) or ("[" in content and self.env.definitions):
            self._found = sorted(inlines(content, self.env), key=lambda found: (found.start, -found.end))
        elif "[" not in content:
            return
        linked = 0  # where the last link ends: links do not nest
        for found in self._found:
            self._take(found, pieces, block, entry, found.end <= linked)
            linked = found.end if found.kind == "link" else linked
        if "[[" in content:
            self._wiki(pieces, block, entry)

    def hidden(self, end: int) -> list[tuple[int, int]]:
        """Return the ranges of the content read last, up to `end`, in which a colon does not end a term."""
        return [(f.start, f.end) for f in self._found if f.kind != "stray" and f.start < end]

    def html(self, start: int, end: int, block: int, entry: int) -> None:
        """Add the facts in a piece of HTML, given as positions in the source."""
        for tag in tags(self.source.text, start, end):
            place = self.source.place(tag.start, tag.end)
            if isinstance(tag, Comment):
                self.directives.append(Directive(place, tag.verb, tag.arguments, block))
            else:
                at = self.source.place(*tag.source)
                self.images.append(Image(place, "html", tag.target, at, tag.alt, block, entry))

    def _take(self, found: Found, pieces: Pieces, block: int, entry: int, linked: bool) -> None:
        place = self._place(pieces, found.start, found.end)
        if found.kind == "stray":
            self.strays.append(Stray(place, *found.flanks, block))
        elif found.kind == "html":
            self.spans.append(Span(place, "html"))
            self.html(pieces.start(found.start), pieces.end(found.end), block, entry)
        elif found.kind == "code":
            self.spans.append(Span(place, "code"))
        elif found.kind == "autolink":
            self.spans.append(Span(place, "target"))
            inner = self._place(pieces, found.start + 1, found.end - 1)
            target = pieces.content[found.start + 1 : found.end - 1]
            self.links.append(Link(place, "auto", target, inner, inner, block, entry))
        elif found.kind == "image":
            self.spans.append(Span(place, "image"))
            kind, target, at = self._target(found, pieces)
            alt = pieces.content[found.start + 2 : found.label]
            self.images.append(Image(place, kind, target, at, alt, block, entry, linked))
        else:
            self.spans.append(Span(self._place(pieces, found.label, found.end), "target"))
            kind, target, at = self._target(found, pieces)
            text = self._place(pieces, found.start + 1, found.label)
            self.links.append(Link(place, kind, target, at, text, block, entry))

    def _target(self, found: Found, pieces: Pieces) -> tuple[str, str, Place]:
        if found.target is not None:
            start, end, target = found.target
            return "inline", target, self._place(pieces, start, end)
        definition = self.env.definitions.get(found.reference, Definition(0, 0, ""))
        return "reference", definition.target, self.source.place(definition.start, definition.end)

    def _wiki(self, pieces: Pieces, block: int, entry: int) -> None:
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
            self.spans.append(Span(place, "target"))
            if match[1]:
                self.images.append(Image(place, "wiki", match[2], at, match[4] or "", block, entry))
            else:
                target = match[2] + (match[3] or "")
                self.links.append(Link(place, "wiki", target, at, at, block, entry))

    def _place(self, pieces: Pieces, start: int, end: int) -> Place:
        first = pieces.start(start)
        return self.source.place(first, max(pieces.end(end), first))
