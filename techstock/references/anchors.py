"""Anchors of a note: the destinations of `#…` links."""

import re
from bisect import bisect_left
from collections.abc import Iterator

from techstock.model import Heading, Note, Place, Span
from techstock.text.html import unescaped
from techstock.text.slugs import slug, slugs

_NAMED = r"""<[a-z][^<>]*?\s(?:id|name)\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)'|([^\s"'<>=`]+))"""
_HEADING = r"<(/?)h([1-6])\b[^<>]*>"
_SHORTCODE = r":[a-z0-9_+-]+:"
_EMOJI = "\U0001f680"  # any
_ESCAPED = r"\\([!-/:-@\[-`{-~])"


class Anchors:
    """The anchors of one note: those of its headings, and those written in HTML."""

    def __init__(self, note: Note) -> None:
        texts = list(rendered(note))
        self.headings = tuple(slugs(texts))
        self._all = {name.casefold() for name in self.headings}
        self._all |= {slug(re.sub(_SHORTCODE, _EMOJI, text)).casefold() for text in texts if ":" in text}
        self._all |= {name.casefold() for name in (*_in_html(note), *_attributes(note))}
        self._titles = {_plain(text) for text in texts}

    def has(self, name: str) -> bool:
        """Return whether the note has this anchor, case aside: browsers are led by scripts that ignore it."""
        return name.casefold().removeprefix("user-content-") in self._all

    def has_heading(self, title: str) -> bool:
        """Return whether a heading has this text, punctuation and case aside, as Obsidian compares."""
        return _plain(title) in self._titles


def rendered(note: Note) -> Iterator[str]:
    """Yield the text of each heading as a reader sees it."""
    if not note.headings:
        return
    spans = sorted(note.spans, key=lambda span: span.place)
    starts = [span.place.start for span in spans]
    stray = {at for stray in note.strays for at in range(stray.place.start, stray.place.end)}
    for heading in note.headings:
        first, last = (bisect_left(starts, at) for at in (heading.text.start, heading.text.end))
        yield "".join(_pieces(note.text, heading, spans[first:last], stray))


def _pieces(text: str, heading: Heading, spans: list[Span], stray: set[int]) -> Iterator[str]:
    at = heading.text.start
    for span in spans:
        wiki = text.startswith(("[[", "![["), span.place.start)  # text, to GitHub
        if span.place.start < at or wiki:
            continue
        yield _prose(text, Place(at, span.place.start), stray)
        if span.kind == "code":
            yield span.place.of(text).strip("`")
        at = span.place.end
    yield _prose(text, Place(at, heading.text.end), stray)


def _prose(text: str, place: Place, stray: set[int]) -> str:
    """Return running text without the marks of emphasis; marks that stayed literal text are kept."""
    kept = (
        text[at]
        for at in range(place.start, place.end)
        if text[at] not in "*_" or at in stray or text[at - 1 : at] == "\\"
    )
    return unescaped(re.sub(_ESCAPED, r"\1", "".join(kept)))


def _in_html(note: Note) -> Iterator[str]:
    html = [block.place for block in note.blocks if block.kind == "html"]
    for place in (*html, *(span.place for span in note.spans if span.kind == "html")):
        source = place.of(note.text)
        for match in re.finditer(_NAMED, source, re.I):
            yield unescaped(match[1] or match[2] or match[3] or "")
        opened = -1
        for tag in re.finditer(_HEADING, source, re.I):
            if tag[1] and opened >= 0:
                yield slug(unescaped(re.sub(r"<[^<>]*>", "", source[opened : tag.start()])))
            opened = -1 if tag[1] else tag.end()


def _attributes(note: Note) -> Iterator[str]:
    """Yield the anchors of `## Title {#id}`, a syntax of some site generators."""
    for heading in note.headings:
        title, _, attributes = heading.title.rstrip().rpartition("{")
        if attributes.endswith("}"):
            yield slug(title)
            yield from (word[1:] for word in attributes[:-1].split() if word.startswith("#"))


def _plain(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
