"""Inline facts: images, links, source that is not running text, emphasis marks that stayed literal text."""

import re
from collections.abc import Iterator
from typing import Any
from unicodedata import category

from msgspec.structs import replace

from techstock.model import Directive, Footnote, Image, InlineMarkup, Link, NestedStrong, Span, UnmatchedDelimiter
from techstock.parse.html_tags import TARGET_ATTRIBUTES, AttributeValue, DirectiveComment, find_tags_and_comments
from techstock.parse.markdown_events import MarkdownEvents, PlacedEvent, normalize_label
from techstock.parse.source_text import NormalizedSource
from techstock.text.lazy_patterns import compile_lazily

# A bare URL of a file on GitHub, which may be one of this repository. It ends at any full-width punctuation, earlier
# than `analysis.entries` says: what leads to a file must not take the sentence's own brackets along.
_GITHUB_URL = compile_lazily(
    r"(?<![A-Za-z])https?://(?:(?:www\.)?github\.com/[^\s/]+/[^\s/]+/(?:blob|raw)|raw\.githubusercontent\.com)"
    r"/[^\s<>、。，．；：（）「」『』【】]+",
    re.I,
)
_URL_TRAIL = "?!.,:;*_~'\"`]|"  # behind a URL: GitHub, too, takes these for the sentence's own
_WIKI = compile_lazily(r"(!?)\[\[([^\[\]\n|#]*)(#[^\[\]\n|]*)?(?:\|([^\[\]\n]*))?\]\]")
_FOOTNOTE = compile_lazily(r"\[\^[^\s\[\]^]+\](?!\()")
_STYLES = ("Emphasis", "Strong", "Strikethrough")
_RUN = compile_lazily(r"\*+|_+")
_ESCAPE = compile_lazily(
    r"""\\([!-/:-@\[-`{-~])|(&(?:\#[0-9]{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)"""
)
# Behind the bracket before it, or behind the colon of a definition; quote marks may stand at the start of a line.
_DESTINATION = compile_lazily(r"[ \t]*(?:\n[ \t>]*)?(?:<((?:\\.|[^\\<>\n])*)>|([^\x00-\x20\x7f]*))")
_DEFINED_LABEL = compile_lazily(r"\[(?:\\.|[^\\\]])*\]:", re.S)

Range = tuple[int, int]


class InlineFactBuilder:
    """A collector of one note's inline facts.

    `taken` are the ranges of the markup in the block that was read last, `end` the end of its last event in bytes.
    """

    def __init__(self, source: NormalizedSource, found: MarkdownEvents) -> None:
        self.images: list[Image] = []
        self.links: list[Link] = []
        self.spans: list[InlineMarkup] = []
        self.footnotes: list[Footnote] = []
        self.nested: list[NestedStrong] = []
        self.strays: list[UnmatchedDelimiter] = []
        self.directives: list[Directive] = []
        self.taken: list[Range] = []
        self.end = 0
        self._text = source.text
        self._to_span = source.to_span
        self._to_position = found.to_position
        self._definitions = found.definitions
        self._block = self._entry = -1
        self._open: list[tuple[int, int, Any]] = []  # the open links: start, end, and the parser's own data
        self._strong: list[dict[str, int]] = []  # the open bold texts
        self._marked: list[tuple[str, dict[str, int]]] = []  # text with emphasis marks
        self._searches = [search for mark, search in _SEARCHES.items() if mark in self._text]

    def read(self, events: Iterator[PlacedEvent], block: int, entry: int) -> PlacedEvent | None:
        """Read the inline events; return the first event that is none.

        `block` is the index of their block, `entry` that of its entry.
        """
        self._block, self._entry = block, entry
        self.taken, self._marked = [], []
        last = 0
        for placed in events:
            event, where = placed
            # Most events are a dict with one key; in the others, `in` looks for a part of their name.
            if "Text" in event:
                text = event["Text"]
                if "*" in text or "_" in text:
                    self._marked.append((text, where))
            elif "Code" in event:
                self._take("code", where)
            else:
                end = self._close_tag(event["End"], where, last) if "End" in event else self._read_rare(*placed, events)
                if end < 0:
                    break
                last = end
                continue
            last = where["end"]
        else:
            placed = None
        self.end = last
        return placed

    def _read_rare(self, event: Any, where: dict[str, int], events: Iterator[PlacedEvent]) -> int:
        """Read anything but text, code or an end; return the end of what was read, in bytes, -1 if it is not inline."""
        if "Start" in event:
            return self._open_tag(events, event["Start"], where)
        if "InlineHtml" in event:
            self.read_html(*self._take("html", where), self._block, self._entry)
        elif "InlineMath" in event or "DisplayMath" in event:
            self._take("math", where)
        elif "FootnoteReference" in event:
            self._add_reference("reference", *self._take("footnote", where))
        return where["end"] if event != "Rule" else -1

    def _open_tag(self, events: Iterator[PlacedEvent], tag: Any, where: dict[str, int]) -> int:
        """Read a start; return the end of what was read, in bytes, -1 if it belongs to a block."""
        if type(tag) is str:
            if tag == "Strong":
                self._strong.append(where)
            return where["end"] if tag in _STYLES else -1
        if "Link" in tag:
            return self._open_link(events, where, tag["Link"])
        if "Image" in tag:
            return self._read_image(events, where, tag["Image"])
        return -1

    def _close_tag(self, tag: Any, where: dict[str, int], last: int) -> int:
        """Read an end, before which something ended at `last`; return its end, -1 if it belongs to a block."""
        if tag == "Link":
            return self._close_link(last, where)
        if tag == "Strong":
            self._close_strong(where)
        return where["end"] if tag in _STYLES else -1

    def _close_strong(self, where: dict[str, int]) -> None:
        self._strong.pop()
        if self._strong and not any(one.place.start == self._to_position(where["start"]) for one in self.nested[-1:]):
            outer, inner = map(self._to_range, (self._strong[-1], where))
            if self._text[outer[0]] == self._text[inner[0]] == "*":
                self.nested.append(NestedStrong(self._to_span(*outer), self._to_span(*inner)))

    def finish(self, lines: list[Range], *, in_table: bool = False) -> None:
        """Add the facts of the block that was read last that only its text tells; `lines` are the ranges of that."""
        if self._marked:
            self._add_strays(lines)
        for search in self._searches:
            search(self, lines[0][0], lines[-1][1], in_table)

    def finish_footnotes(self) -> None:
        """Make references of the labels in text that have a footnote: the parser sees none before `[link](target)`."""
        defined = {normalize_label(mark.label) for mark in self.footnotes if mark.kind == "definition"}
        for index, mark in enumerate(self.footnotes):
            if mark.kind == "text" and normalize_label(mark.label) in defined:
                self.footnotes[index] = replace(mark, kind="reference")
                self.spans.append(InlineMarkup(mark.place, "footnote"))

    def read_html(self, start: int, end: int, block: int, entry: int) -> None:
        """Add the facts in a piece of HTML, given as positions in the source."""
        for tag in find_tags_and_comments(self._text, start, end):
            place = self._to_span(tag.start, tag.end)
            if isinstance(tag, DirectiveComment):
                self.directives.append(Directive(place, tag.verb, tag.arguments, block))
            elif tag.name == "img":
                target = tag.attributes.get("src", AttributeValue(tag.start, tag.start, ""))
                alt = tag.attributes["alt"].text if "alt" in tag.attributes else ""
                at = self._to_span(target.start, target.end)
                self.images.append(Image(place, "html", target.text, at, alt, block, entry))
            else:
                behind = Span(place.end, place.end)
                for target in [tag.attributes[name] for name in TARGET_ATTRIBUTES[tag.name] if name in tag.attributes]:
                    at = self._to_span(target.start, target.end)
                    self.links.append(Link(place, "html", target.text, at, behind, block, entry))

    def _to_range(self, where: dict[str, int]) -> Range:
        return self._to_position(where["start"]), self._to_position(where["end"])

    def _take(self, kind: str, where: dict[str, int]) -> Range:
        """Add an inline span; return its range."""
        start, end = self._to_position(where["start"]), self._to_position(where["end"])
        self.taken.append((start, end))
        self.spans.append(InlineMarkup(self._to_span(start, end), kind))
        return start, end

    def _add_reference(self, kind: str, start: int, end: int) -> None:
        label = self._text[start + 2 : end - 1]
        self.footnotes.append(Footnote(self._to_span(start, end), label, kind, self._block))

    # links and images

    def _open_link(self, events: Iterator[PlacedEvent], where: dict[str, int], data: Any) -> int:
        """Begin a link, whose text follows; return where that begins, in bytes."""
        if data["link_type"] in ("Autolink", "Email"):
            self._add_autolink(*self._take("target", where))
            for event, _ in events:
                if "End" in event:
                    break
            return where["end"]
        start, end = self._to_position(where["start"]), self._to_position(where["end"]) + _count_omitted(data)
        self.taken.append((start, end))
        self._open.append((start, end, data))
        return where["start"] + 1

    def _add_autolink(self, start: int, end: int) -> None:
        inner = self._to_span(start + 1, end - 1)
        target = self._text[start + 1 : end - 1]
        self.links.append(Link(self._to_span(start, end), "auto", target, inner, inner, self._block, self._entry))

    def _close_link(self, last: int, where: dict[str, int]) -> int:
        """Add the link that was opened last; `last` is the end of what its text ends with. Return its end in bytes."""
        start, end, data = self._open.pop()
        label = self._text.find("]", self._to_position(last), end)
        self.spans.append(InlineMarkup(self._to_span(label, end), "target"))
        kind, target, at = self._find_target(data, label, end)
        text = self._to_span(start + 1, label)
        self.links.append(Link(self._to_span(start, end), kind, target, at, text, self._block, self._entry))
        return where["end"] + _count_omitted(data)

    def _read_image(self, events: Iterator[PlacedEvent], where: dict[str, int], data: Any) -> int:
        """Add an image; what is in its alternative text is no fact. Return its end in bytes."""
        start, end = self._to_position(where["start"]), self._to_position(where["end"]) + _count_omitted(data)
        self.taken.append((start, end))
        last, inside = where["start"] + 2, list[int]()
        for event, place in events:
            last_before, last = last, place["end"]
            if "Start" in event:
                tag = event["Start"]
                inside.append(_count_omitted(next(iter(tag.values()))) if type(tag) is dict else 0)
            elif "End" in event:
                if not inside:
                    last = last_before
                    break
                last += inside.pop()
        label = self._text.find("]", self._to_position(last), end)
        place_ = self._to_span(start, end)
        self.spans.append(InlineMarkup(place_, "image"))
        kind, target, at = self._find_target(data, label, end)
        alt = "\n".join([line.lstrip(" \t>") for line in self._text[start + 2 : label].split("\n")])
        linked = bool(self._open)
        self.images.append(Image(place_, kind, target, at, alt, self._block, self._entry, linked))
        return where["end"] + _count_omitted(data)

    def _find_target(self, data: Any, label: int, end: int) -> tuple[str, str, Span]:
        """Return kind, target and the place of the destination of a link, the brackets of which close at `label`."""
        if data["link_type"] == "Inline":
            start, stop = self._find_destination(label + 2, end - 1)
            return "inline", unescape_markdown(self._text[start:stop]), self._to_span(start, stop)
        defined = self._definitions.get(normalize_label(data["id"]))
        if defined is None:
            return "reference", data["dest_url"], Span(0, 0)
        first, last = map(self._to_position, defined)
        opening = _DEFINED_LABEL.match(self._text, first, last)
        start, stop = self._find_destination(opening.end() if opening else first, last)
        return "reference", unescape_markdown(self._text[start:stop]), self._to_span(start, stop)

    def _find_destination(self, start: int, end: int) -> Range:
        match = _DESTINATION.match(self._text, start, end)
        return match.span(match.lastindex or 0) if match else (start, start)

    # what only the text tells: searched where the note has what they begin with

    def _add_wiki_links(self, start: int, end: int, in_table: bool) -> None:
        """Add `![[x.png]]` and `[[note]]` of Obsidian, which Markdown reads as text."""
        if self._text.find("[[", start, end) < 0:
            return
        for match in self._find_in_text(_WIKI, start, end):
            place = self._to_span(*match.span())
            name, anchor = match[2], match[3] or ""
            if in_table and match[4] is not None:  # the pipe is escaped, or it would end the cell
                name, anchor = name.removesuffix("\\"), anchor.removesuffix("\\")
            at = self._to_span(match.start(2), match.start(2) + len(name))
            self.spans.append(InlineMarkup(place, "target"))
            if match[1]:
                self.images.append(Image(place, "wiki", name, at, match[4] or "", self._block, self._entry))
            else:
                self.links.append(Link(place, "wiki", name + anchor, at, at, self._block, self._entry))

    def _add_footnote_texts(self, start: int, end: int, _in_table: bool) -> None:
        """Add references that stayed text, to footnotes that the note does not have."""
        if self._text.find("[^", start, end) < 0:
            return
        for match in self._find_in_text(_FOOTNOTE, start, end):
            if not is_escaped(self._text, match.start()):
                self._add_reference("text", *match.span())

    def _add_bare_urls(self, start: int, end: int, _in_table: bool) -> None:
        """Add the URLs of files on GitHub that are written as text, which GitHub makes links of."""
        if self._text.find("github", start, end) < 0:
            return
        for match in self._find_in_text(_GITHUB_URL, start, end):
            url = match[0].rstrip(_URL_TRAIL)
            while url.endswith(")") and url.count(")") > url.count("("):
                url = url[:-1].rstrip(_URL_TRAIL)
            place = self._to_span(match.start(), match.start() + len(url))
            self.links.append(Link(place, "bare", unescape_markdown(url), place, place, self._block, self._entry))

    def _find_in_text(self, pattern: re.Pattern[str], start: int, end: int) -> Iterator[re.Match[str]]:
        """Yield the matches in a block's text that do not begin in code, a link, an image or a tag."""
        taken = iter(self.taken)
        first = last = 0
        for match in pattern.finditer(self._text, start, end):
            while last <= match.start() and (following := next(taken, None)):
                first, last = following[0], max(last, following[1])
            if not first <= match.start() < last:
                yield match

    # emphasis marks

    def _add_strays(self, lines: list[Range]) -> None:
        starts, ends = {start for start, _ in lines}, {end for _, end in lines}
        for first, last in self._find_marks():
            start = find_run_start(self._text, first, lines[0][0])
            end = last
            while end < lines[-1][1] and self._text[end] == self._text[first]:
                end += 1
            before = " " if start in starts else self._text[start - 1]
            after = " " if end in ends else self._text[end]
            opens, closes = compute_flanks(self._text[first], before, after)
            self.strays.append(UnmatchedDelimiter(self._to_span(first, last), opens, closes, self._block))

    def _find_marks(self) -> list[Range]:
        """Return the ranges of the emphasis marks that stayed text; those of one run are one range."""
        found: list[Range] = []
        for value, where in self._marked:
            start, end = self._to_range(where)
            if self._text[start] == "&" and value[0] != "&":  # an entity
                continue
            for match in _RUN.finditer(self._text, start + is_escaped(self._text, start), end):
                first, last = match.span()
                if found and found[-1][1] == first and self._text[first - 1] == self._text[first]:
                    first = found.pop()[0]
                found.append((first, last))
        return found


_SEARCHES = {
    "[[": InlineFactBuilder._add_wiki_links,
    "[^": InlineFactBuilder._add_footnote_texts,
    "github": InlineFactBuilder._add_bare_urls,
}


def _count_omitted(data: Any) -> int:
    """Return the length of the `[]` behind a link, which the parser's range leaves out."""
    return 2 if type(data) is dict and data.get("link_type") == "Collapsed" else 0


def is_escaped(text: str, at: int) -> bool:
    """Return whether an odd number of backslashes stands before a position."""
    first = at
    while first and text[first - 1] == "\\":
        first -= 1
    return (at - first) % 2 == 1


def find_run_start(text: str, at: int, start: int) -> int:
    """Return the start of the run of emphasis marks around a position, in a text that begins at `start`."""
    first = at
    while first > start and text[first - 1] == text[at]:
        first -= 1
    return first + (first < at and is_escaped(text, first))


def compute_flanks(mark: str, before: str, after: str) -> tuple[bool, bool]:
    """Return whether a run of `mark` between these characters may open and may close emphasis."""
    space_before, space_after = before.isspace(), after.isspace()
    sign_before, sign_after = _is_punctuation(before), _is_punctuation(after)
    left = not space_after and (not sign_after or space_before or sign_before)
    right = not space_before and (not sign_before or space_after or sign_after)
    if mark == "*":
        return left, right
    return left and (not right or sign_before), right and (not left or sign_after)


def _is_punctuation(character: str) -> bool:
    """Return whether GitHub takes a character for punctuation: beyond ASCII, symbols are none."""
    if character < "\x80":
        return character in "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
    return category(character)[0] == "P"


def unescape_markdown(text: str) -> str:
    """Return a link destination as written without its backslashes and entities."""
    return _ESCAPE.sub(_decode, text) if "\\" in text or "&" in text else text


def _decode(match: re.Match[str]) -> str:
    if match[1]:
        return match[1]
    name = match[2][1:]
    if name[0] != "#":
        from html.entities import html5

        return html5.get(name, match[2])
    code = int(name[2:-1], 16) if name[1] in "xX" else int(name[1:-1])
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
