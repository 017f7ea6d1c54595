"""The places in a note that `#…` can lead to."""

import re
from collections.abc import Iterator
from html import unescape

from techstock.model import Heading, Note, Place
from techstock.text.slugs import slug, slugs

_EXPLICIT = re.compile(r"""<[a-z][^<>]*?\s(?:id|name)\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)'|([^\s"'<>=`]+))""", re.I)
_HEADING = re.compile(r"<h[1-6]\b[^<>]*>(.*?)</h[1-6]\s*>", re.I | re.S)
_ATTRIBUTE = re.compile(r"\{[^{}]*#([^\s{}#]+)[^{}]*\}\s*$")  # `## Title {#id}`, of some site generators
_SHORTCODE = re.compile(r":[a-z0-9_+-]+:")
_EMOJI = "\U0001f680"  # any
_MARKS = re.compile(r"\\([!-/:-@\[-`{-~])")


class Anchors:
    """The anchors of one note: those of its headings, and those written in HTML."""

    def __init__(self, note: Note) -> None:
        texts = [rendered(note, heading) for heading in note.headings]
        self.headings = tuple(slugs(texts))
        self._all = {name.casefold() for name in self.headings}
        self._all |= {slug(_SHORTCODE.sub(_EMOJI, text)).casefold() for text in texts if ":" in text}
        self._all |= {name.casefold() for name in _explicit(note)}
        self._titles = {_plain(text) for text in texts}

    def has(self, name: str) -> bool:
        """Whether the anchor is there; case does not count, as browsers are led by scripts that fold it."""
        return name.casefold().removeprefix("user-content-") in self._all

    def has_heading(self, title: str) -> bool:
        """Whether a heading reads like this, punctuation and case aside, as Obsidian compares."""
        return _plain(title) in self._titles


def rendered(note: Note, heading: Heading) -> str:
    """The text of a heading as a reader sees it."""
    code = [span.place for span in note.spans if span.kind == "code" and heading.text.holds(span.place)]
    cut = [span.place for span in note.spans if span.kind != "code" and heading.text.holds(span.place)]
    cut = [place for place in cut if not note.text.startswith(("[[", "![["), place.start)]  # text, to GitHub
    stray = [stray.place for stray in note.strays if heading.text.holds(stray.place)]
    return "".join(_pieces(note.text, heading.text, code, cut, stray))


def _pieces(text: str, place: Place, code: list[Place], cut: list[Place], stray: list[Place]) -> Iterator[str]:
    at = place.start
    for span in sorted([*code, *cut]):
        if span.start < at:
            continue
        yield _prose(text, Place(at, span.start), stray)
        if span in code:
            yield span.of(text).strip("`")
        at = span.end
    yield _prose(text, Place(at, place.end), stray)


def _prose(text: str, place: Place, stray: list[Place]) -> str:
    """Running text without the marks of emphasis; those that stayed text stay."""
    kept = "".join(
        text[at] for at in range(place.start, place.end) if text[at] not in "*_" or _is_literal(text, at, stray)
    )
    return unescape(_MARKS.sub(r"\1", kept))


def _is_literal(text: str, at: int, stray: list[Place]) -> bool:
    return text[at - 1 : at] == "\\" or any(place.start <= at < place.end for place in stray)


def _explicit(note: Note) -> Iterator[str]:
    html = [block.place for block in note.blocks if block.kind == "html"]
    for place in (*html, *(span.place for span in note.spans if span.kind == "html")):
        source = place.of(note.text)
        for match in _EXPLICIT.finditer(source):
            yield unescape(match[1] or match[2] or match[3] or "")
        for match in _HEADING.finditer(source):
            yield slug(unescape(re.sub(r"<[^<>]*>", "", match[1])))
    for heading in note.headings:
        if attribute := _ATTRIBUTE.search(heading.title):
            yield attribute[1]
            yield slug(heading.title[: attribute.start()])


def _plain(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
