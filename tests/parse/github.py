"""GitHub's renderer as the judge of facts: the structure of a page, and the same structure made of facts.

Raw HTML is left out of the page, which stays well-formed that way, and a comment is in its place.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from html import unescape
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import unquote

from cmarkgfm import cmark, markdown_to_html_with_extensions

from techstock.model import Block, Entry, InlineMarkup, Note, Span

EXTENSIONS = ["table", "strikethrough", "autolink", "tasklist"]
OMITTED = " raw HTML omitted "
IMAGE, CODE = "\ue002", "\ue003"  # stand around the address of an image, and around code
SHOWN = {"*": "\ue000", "_": "\ue001"}  # emphasis marks that are shown
LEAVES = {"td": "cell", "th": "cell", "p": "p", "pre": "code", **{f"h{level}": f"h{level}" for level in range(1, 7)}}
# Source that is shown as another text: an escape, an entity, an emphasis mark that is none of `SHOWN`.
MARKUP = re.compile(r"\\([!-/:-@\[-`{-~\n])|(&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]*);)|[*_]")


class Piece(NamedTuple):
    """A leaf block, a cell or an entry: the number of quotes and entries around it, and its text without white space.

    Images and code are marked in the text, emphasis marks are in it only where they are shown, tags are not.
    """

    kind: str
    quotes: int
    depth: int
    text: str = ""


class Structure(NamedTuple):
    """What a page and facts can both tell: its pieces, the targets of its links, the number of pieces of raw HTML."""

    pieces: list[Piece]
    hrefs: list[str]
    html: int


def render(text: str, *, unsafe: bool = False) -> str:
    """Return the page that GitHub makes of a text."""
    options = cmark.Options.CMARK_OPT_FOOTNOTES | (cmark.Options.CMARK_OPT_UNSAFE if unsafe else 0)
    return str(markdown_to_html_with_extensions(text, options, EXTENSIONS))


def squeeze(text: str) -> str:
    """Return a text without white space and the marks of strikethrough, of which facts know nothing."""
    return "".join(text.split()).replace("~", "")


def read_page(html: str) -> Structure:
    """Return the structure of a page, in which raw HTML has been omitted."""
    reader = _PageReader()
    reader.feed(html)
    reader.close()
    return Structure(merge_paragraphs(reader.pieces), reader.hrefs, html.count(f"<!--{OMITTED}-->"))


def read_facts(note: Note) -> Structure:
    """Return the structure that the facts of a note tell."""
    wiki = {link.place for link in note.links if link.kind == "wiki"}
    wiki |= {image.place for image in note.images if image.kind == "wiki"}
    spans = [span for span in note.spans if span.place not in wiki]
    links = [link for link in note.links if link.kind in ("inline", "reference")]
    targets = [(link.text.extract_from(note.text), blank_unsafe(unquote(link.target))) for link in links]
    hrefs = [target for text, target in targets if not is_address(text, target)]
    html = sum(span.kind == "html" for span in spans) + sum(block.kind == "html" for block in note.blocks)
    return Structure(merge_paragraphs(_FactReader(note, spans).iter_pieces()), hrefs, html)


def merge_paragraphs(pieces: Iterable[Piece]) -> list[Piece]:
    """Join paragraphs that follow each other in an entry: the page does not part those of a tight list."""
    found: list[Piece] = []
    for piece in pieces:
        before = found[-1] if found else None
        if before and piece.depth and piece.kind == "p" and before[:3] == piece[:3]:
            found[-1] = piece._replace(text=before.text + piece.text)
        elif piece.text or piece.kind not in ("p", "cell"):
            found.append(piece)
    return found


def blank_unsafe(address: str) -> str:
    """Return the address as it is on a page without raw HTML, where those that may run code are left out."""
    return (
        "" if re.match(r"(?i)(?:javascript|vbscript|file|data(?!:image/(?:png|gif|jpeg|webp))):", address) else address
    )


def is_address(text: str, href: str) -> bool:
    """Return whether a link shows its own address: GitHub makes such links of text, which are no facts."""
    return unquote(text) in (href, href.removeprefix("mailto:"), href.removeprefix("http://"))


class _PageReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[Piece] = []
        self.hrefs: list[str] = []
        self._quotes = self._items = 0
        self._leaf = ""
        self._texts: list[str] = []
        self._link = ("", 0)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in ("blockquote", "li", "ul", "ol", "hr", "table", *LEAVES):
            self._finish()
        if tag == "blockquote":
            self._quotes += 1
        elif tag == "li":
            self._items += 1
            self.pieces.append(Piece("li", self._quotes, self._items))
        elif tag in LEAVES:
            self._leaf = LEAVES[tag]
        elif tag == "hr":
            self.pieces.append(Piece("hr", self._quotes, self._items))
        elif tag == "img":
            self._texts.append(IMAGE + squeeze(unquote(values["src"] or "")) + IMAGE)
        elif tag == "code":
            self._texts.append(CODE)
        elif tag == "input":
            self._texts.append("[x]" if "checked" in values else "[]")
        elif tag == "a":
            self._link = (unquote(values["href"] or ""), len(self._texts))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("blockquote", "li", *LEAVES):
            self._finish()
        if tag == "blockquote":
            self._quotes -= 1
        elif tag == "li":
            self._items -= 1
        elif tag == "code":
            self._texts.append(CODE)
        elif tag == "a":
            href, start = self._link
            text = "".join(self._texts[start:])
            if not is_address(text, href):
                self.hrefs.append(href)

    def handle_data(self, data: str) -> None:
        self._texts.append(data)

    def _finish(self) -> None:
        """Add the leaf that ends here; in a tight list, text without a tag is a paragraph."""
        text = squeeze("".join(self._texts))
        if self._leaf == "code":
            self.pieces.append(Piece("code", self._quotes, self._items))
        elif text or self._leaf not in ("", "p", "cell"):
            self.pieces.append(Piece(self._leaf or "p", self._quotes, self._items, text))
        self._leaf, self._texts = "", []


class _FactReader:
    def __init__(self, note: Note, spans: list[InlineMarkup]) -> None:
        self._note = note
        self._spans = spans
        self._starts = [span.place.start for span in spans]
        self._images = {image.place: image for image in note.images}
        self._brackets = {link.place.start for link in note.links if link.kind in ("inline", "reference")}
        self._strays = {at for stray in note.strays for at in range(stray.place.start, stray.place.end)}

    def iter_pieces(self) -> Iterator[Piece]:
        facts: list[tuple[int, int, Entry | Block]] = [(entry.place.start, 0, entry) for entry in self._note.entries]
        facts += [(block.place.start, 1, block) for block in self._note.blocks if block.kind != "list"]
        levels = {heading.block: heading.level for heading in self._note.headings}
        numbers = {id(block): number for number, block in enumerate(self._note.blocks)}
        for _, _, fact in sorted(facts, key=lambda found: found[:2]):
            if isinstance(fact, Entry):
                yield Piece("li", self._note.blocks[fact.list].quotes, fact.depth)
                continue
            place = fact.quotes, self._note.entries[fact.entry].depth if fact.entry >= 0 else 0
            if fact.kind == "heading":
                yield Piece(f"h{levels[numbers[id(fact)]]}", *place, self._read_texts(fact.texts))
            elif fact.kind == "table":
                for text in fact.texts:
                    yield Piece("cell", *place, self._read_texts((text,), in_table=True))
            elif fact.kind in ("paragraph", "fence", "code", "rule"):
                kind = {"paragraph": "p", "rule": "hr"}.get(fact.kind, "code")
                yield Piece(kind, *place, self._read_texts(fact.texts))

    def _read_texts(self, texts: tuple[Span, ...], *, in_table: bool = False) -> str:
        parts: list[str] = []
        raw = ""
        for at, end, span in self._cut(texts):
            if span is None:
                raw += "".join(self._show(position) for position in range(at, end))
                continue
            parts.append(show_text(raw))
            raw = ""
            parts.append(self._show_span(span, in_table=in_table))
        return squeeze("".join([*parts, show_text(raw)]))

    def _cut(self, texts: tuple[Span, ...]) -> Iterator[tuple[int, int, InlineMarkup | None]]:
        """Yield the ranges between the spans in these texts, and the spans, each once."""
        done = -1
        for number, text in enumerate(texts):
            at = max(text.start, done)
            index = bisect_left(self._starts, at)
            while index < len(self._spans) and self._spans[index].place.start < text.end:
                span = self._spans[index]
                if span.place.start >= at:
                    yield at, span.place.start, None
                    yield 0, 0, span
                    at = done = span.place.end
                index += 1
            if at < text.end:
                yield at, text.end, None
                yield text.end, text.end + (number + 1 < len(texts)), None  # a backslash may stand there

    def _show(self, at: int) -> str:
        character = self._note.text[at]
        if at in self._strays:
            return SHOWN[character]
        return "" if at in self._brackets else character

    def _show_span(self, span: InlineMarkup, *, in_table: bool) -> str:
        source = span.place.extract_from(self._note.text)
        if span.kind == "code":
            content = re.sub(r"(?m)^[ \t>]+", "", source.strip("`")) if "\n" in source else source.strip("`")
            return CODE + (content.replace("\\|", "|") if in_table else content) + CODE
        if span.kind == "image":
            return IMAGE + blank_unsafe(unquote(self._images[span.place].target)) + IMAGE
        return source[1:-1] if span.kind == "target" and source.startswith("<") else ""


def decode_entity(entity: str) -> str:
    """Return the character of an entity; browsers, but not the renderer, know better than some numbers."""
    return chr(int(entity[2:-1])) if re.fullmatch("&#0*[1-9][0-9]{0,3};", entity) else unescape(entity)


def show_text(source: str) -> str:
    """Return the text that a piece of source is shown as."""
    shown = MARKUP.sub(lambda found: found[1] or decode_entity(found[2] or ""), source)
    for mark, stand_in in SHOWN.items():
        shown = shown.replace(stand_in, mark)
    return shown
