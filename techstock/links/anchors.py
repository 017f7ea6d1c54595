"""Anchors of a note: the destinations of `#…` links.

GitHub's anchors are lowercase and keep only letters, marks, decimal digits, `_`, `-` and spaces, which become `-`; the
second heading with the same text gets the suffix `-1`. Source: the behaviour of github.com as reproduced by
github-slugger.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from unicodedata import category

from techstock.model import Heading, InlineMarkup, Note, Span, compute_once
from techstock.text.html_entities import unescape_entities

_SLUG_CATEGORIES = frozenset(("Lu", "Ll", "Lt", "Lm", "Lo", "Nl", "Mn", "Mc", "Me", "Nd", "Pc"))


def make_github_slug(text: str) -> str:
    """Return the anchor of a heading with this rendered text, if no earlier heading has the same."""
    text = text.strip(" \t\r\n").lower()
    if re.fullmatch(r"[a-z0-9_ -]*", text):
        return text.replace(" ", "-")
    return "".join(c for c in text if c in " -" or category(c) in _SLUG_CATEGORIES or _is_circled_letter(c)).replace(
        " ", "-"
    )


def _is_circled_letter(character: str) -> bool:
    """Return whether Unicode counts a circled symbol as a letter: Ⓐ is one, ① is not."""
    return "\u24b6" <= character <= "\u24e9" or ("\U0001f130" <= character <= "\U0001f189" and character.isalpha())


def make_unique_slugs(texts: Iterable[str]) -> Iterator[str]:
    """Yield the anchors of the headings of one note, in their order, all different."""
    times: dict[str, int] = {}
    for text in texts:
        base = found = make_github_slug(text)
        while found in times:
            times[base] += 1
            found = f"{base}-{times[base]}"
        times[found] = 0
        yield found


_NAMED = r"""<[a-z][^<>]*?\s(?:id|name)\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)'|([^\s"'<>=`]+))"""
_HEADING = r"<(/?)h([1-6])\b[^<>]*>"
_SHORTCODE = r":[a-z0-9_+-]+:"
_EMOJI = "\U0001f680"  # any
_MARKUP = frozenset("\\`*_[]<>&$!:@")  # characters of which a heading that is read as written has none
_ESCAPED = r"\\([!-/:-@\[-`{-~])"


class Anchors:
    """The anchors of one note: those of its headings, and those written in HTML.

    They follow from what `get_anchor_sources` returns.
    """

    def __init__(self, texts: Sequence[str], named: Iterable[tuple[int, str]], html: Iterable[str]) -> None:
        self.headings = tuple(make_unique_slugs(texts))
        self._owners = {name.casefold(): index for index, name in reversed([*enumerate(self.headings)])}
        for index, name in named:
            self._owners.setdefault(name.casefold(), index)
        self.all = {*self._owners, *(name.casefold() for name in html)}
        self._texts = texts

    def has_anchor(self, name: str) -> bool:
        """Return whether the note has this anchor, case aside: browsers are led by scripts that ignore it."""
        return name.casefold().removeprefix("user-content-") in self.all

    def find_owner(self, name: str) -> int | None:
        """Return the index of the heading that has this anchor, case aside; -1 for one in HTML, `None` without any."""
        name = name.casefold().removeprefix("user-content-")
        return self._owners.get(name, -1 if name in self.all else None)

    def find_heading(self, title: str) -> str | None:
        """Return the anchor of the first heading with this text, punctuation and case aside, as Obsidian compares."""
        return self._titles.get(_normalize_title(title))

    @cached_property
    def _titles(self) -> dict[str, str]:  # only wiki links name a heading by its text
        pairs = zip(reversed(self._texts), reversed(self.headings), strict=True)
        return {_normalize_title(text): anchor for text, anchor in pairs}


def get_anchors(note: Note) -> Anchors:
    """Return the anchors of a note, found once."""
    return compute_once(note, _load_anchors)


def _load_anchors(note: Note) -> Anchors:
    return Anchors(*note.get_or_compute("link-missing", get_anchor_sources))


def get_anchor_sources(note: Note) -> tuple[list[str], list[tuple[int, str]], list[str]]:
    """Return what the anchors of a note are made of: texts of headings, other names of these, and names in HTML."""
    return compute_once(note, _collect_sources)


def _collect_sources(note: Note) -> tuple[list[str], list[tuple[int, str]], list[str]]:
    texts = list(iter_heading_texts(note))
    return texts, list(_iter_other_names(note, texts)), list(_iter_html_anchors(note))


def iter_heading_texts(note: Note) -> Iterator[str]:
    """Yield the text of each heading as a reader sees it."""
    stray: set[int] | None = None
    for heading in note.headings:
        source = heading.text.extract_from(note.text)
        if _MARKUP.isdisjoint(source):
            yield source
            continue
        first, last = (bisect_left(note.span_starts, at) for at in (heading.text.start, heading.text.end))
        if stray is None:
            stray = {at for run in note.strays for at in range(run.place.start, run.place.end)}
        yield "".join(_iter_heading_pieces(note.text, heading, note.spans[first:last], stray))


def _iter_heading_pieces(text: str, heading: Heading, spans: Iterable[InlineMarkup], stray: set[int]) -> Iterator[str]:
    at = heading.text.start
    for span in spans:
        wiki = text.startswith(("[[", "![["), span.place.start)  # text, to GitHub
        if span.place.start < at or wiki or span.kind in ("math", "footnote"):
            continue
        yield _strip_emphasis(text, Span(at, span.place.start), stray)
        if span.kind == "code":
            yield span.place.extract_from(text).strip("`")
        at = span.place.end
    yield _strip_emphasis(text, Span(at, heading.text.end), stray)


def _strip_emphasis(text: str, place: Span, stray: set[int]) -> str:
    """Return running text without the marks of emphasis; marks that stayed literal text are kept."""
    kept = (
        text[at]
        for at in range(place.start, place.end)
        if text[at] not in "*_" or at in stray or text[at - 1 : at] == "\\"
    )
    return unescape_entities(re.sub(_ESCAPED, r"\1", "".join(kept)))


def _iter_html_anchors(note: Note) -> Iterator[str]:
    if "<" not in note.text:
        return
    html = [block.place for block in note.blocks if block.kind == "html"]
    for place in (*html, *(span.place for span in note.spans if span.kind == "html")):
        source = place.extract_from(note.text)
        for match in re.finditer(_NAMED, source, re.I):
            yield unescape_entities(match[1] or match[2] or match[3] or "")
        opened = -1
        for tag in re.finditer(_HEADING, source, re.I):
            if tag[1] and opened >= 0:
                yield make_github_slug(unescape_entities(re.sub(r"<[^<>]*>", "", source[opened : tag.start()])))
            opened = -1 if tag[1] else tag.end()


def _iter_other_names(note: Note, texts: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield the index and other anchors of headings: with `:rocket:` as the emoji, and of `## Title {#id}`.

    The latter is a syntax of some site generators.
    """
    images = [image.place.start for image in note.images]
    for index, (heading, text) in enumerate(zip(note.headings, texts, strict=True)):
        if bisect_left(images, heading.text.start) < bisect_left(images, heading.text.end):
            yield from ((index, name) for name in _iter_names_without_image(text))
        if ":" in text:
            yield index, make_github_slug(re.sub(_SHORTCODE, _EMOJI, text))
        if heading.title.rstrip().endswith("}"):
            title, _, attributes = heading.title.rstrip().rpartition("{")
            yield index, make_github_slug(title)
            yield from ((index, word[1:]) for word in attributes[:-1].split() if word.startswith("#"))


def _iter_names_without_image(text: str) -> Iterator[str]:
    """Yield the anchors of a heading that holds an image: with and without what is between it and the text."""
    yield make_github_slug(text)
    for name in (" " + text.strip(), text.strip() + " "):
        yield name.lower().replace(name.strip().lower(), make_github_slug(name)).replace(" ", "-")


def _normalize_title(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
