"""Hovers beside a place: the definition of a term, the section behind a link, the state of an image."""

import re
from collections.abc import Iterator, Sequence
from posixpath import basename

from techstock.links.file_index import get_file_index
from techstock.links.resolver import Destination
from techstock.links.targets import WEB
from techstock.model import Corpus, Heading, Image, Note
from techstock.model.files import FILE, FOLDER
from techstock.model.web import BROKEN, OK
from techstock.server.context import Context, Spot
from techstock.server.framing import Json
from techstock.server.parameters import PositionParameters
from techstock.server.reading import LinkEnd, TermSpot, find_link, find_term, follow_link, make_repository_uri
from techstock.server.term_table import NoteTerm, get_definition
from techstock.text.escape import escape
from techstock.text.phrases import format_count

_MAX_DEFINITION = 1_200  # characters
_MAX_SECTION_LINES = 12
_MAX_PLACES = 5
_MARKDOWN = re.compile(r"[\\`*_{}\[\]()<>#+!|&~$-]")


class HoverText:
    """A text with links, as Markdown or plain, whatever a note brings into it."""

    def __init__(self, context: Context, spot: Spot) -> None:
        self._spot = spot
        self._markdown = context.client.markdown
        self._writer = context.make_writer(spot.project, spot.corpus)
        self._blocks: list[str] = []

    def add_block(self, text: str, *, strong: bool = False) -> None:
        """Add a paragraph; each line of the text stays a line."""
        lines = [self.escape(line) for line in text.split("\n")]
        if strong and self._markdown:
            lines = [f"**{line}**" if line.strip() else line for line in lines]
        self._blocks.append(("  \n" if self._markdown else "\n").join(lines))

    def add_list(self, before: str, pieces: Sequence[str]) -> None:
        """Add a paragraph of pieces that are written already."""
        self._blocks.append(f"{self.escape(before)} {', '.join(pieces)}")

    def add_image(self, uri: str) -> None:
        """Add a picture, where pictures can be shown."""
        if self._markdown:
            self._blocks.append(f"![]({uri.replace('(', '%28').replace(')', '%29')}|width=320)")

    def escape(self, text: str) -> str:
        """Return a text without what a terminal would obey, or Markdown."""
        shown = escape(text)
        return _MARKDOWN.sub(r"\\\g<0>", shown) if self._markdown else shown

    def link_to(self, term: NoteTerm) -> str:
        """Return the place of a term entry, as a link where there are any."""
        line = self._spot.corpus.find_position(term.place)[0]
        shown = self.escape(f"{term.place.path}:{line}")
        uri = self._writer.make_location(term.place)["uri"].replace("(", "%28").replace(")", "%29")
        return f"[{shown}]({uri}#L{line})" if self._markdown else shown

    def to_contents(self) -> Json:
        """Return the text as the protocol has it."""
        return {"kind": "markdown" if self._markdown else "plaintext", "value": "\n\n".join(self._blocks)}


def show_hover(context: Context, asked: PositionParameters) -> Json | None:
    """Return what is shown of a place; `None` if there is nothing to say."""
    return context.read_spot(asked, _make_hover)


def _make_hover(context: Context, spot: Spot) -> Json | None:
    text = HoverText(context, spot)
    positions = context.make_positions(spot.project, spot.corpus, spot.note.path)
    link = find_link(spot)
    if isinstance(link, Image) and not context.settings.is_on("imageHover"):
        return None
    if link:
        end = follow_link(spot.corpus, spot.note, link)
        said = _describe_image(text, spot, link, end) if isinstance(link, Image) else _describe_link(text, end)
        if said:
            return {"contents": text.to_contents(), "range": positions.to_range(link.place)}
    found = find_term(spot)
    if found is None:
        return None
    _describe_term(text, spot, found)
    return {"contents": text.to_contents(), "range": positions.to_range(found.place)}


def _describe_term(text: HoverText, spot: Spot, found: TermSpot) -> None:
    """Add the first definition of a term, where else it is defined, and where it is used."""
    defined = [(term, said) for term in found.terms if (said := get_definition(spot.corpus, term))]
    here = spot.note.path, found.place.start
    others = [
        one
        for one in defined
        if not (one[0].place.path == here[0] and one[0].place.start <= here[1] < one[0].place.end)
    ]
    shown = (others or defined)[:1]
    for term, said in shown:
        text.add_block(term.name, strong=True)
        text.add_block(said if len(said) <= _MAX_DEFINITION else f"{said[:_MAX_DEFINITION]}…")
        text.add_list("defined in", [text.link_to(term)])
    if not shown:
        text.add_block(found.terms[0].name, strong=True)
        text.add_list("an entry without a definition:", [text.link_to(found.terms[0])])
    rest = [term for term, _ in others[1:]]
    if rest:
        more = [f"and {len(rest) - _MAX_PLACES:,} more"] if len(rest) > _MAX_PLACES else []
        text.add_list("also defined in", [*map(text.link_to, rest[:_MAX_PLACES]), *more])
    text.add_block(_describe_uses(spot.corpus, found))


def _describe_uses(corpus: Corpus, found: TermSpot) -> str:
    entries = {term.place.path for term in found.terms}
    using = [note.path for note in corpus.notes if note.path not in entries and _has_any(note, found.names)]
    if not using:
        return "used in no other note"
    named = ", ".join(using[:_MAX_PLACES])
    more = f" and {len(using) - _MAX_PLACES:,} more" if len(using) > _MAX_PLACES else ""
    return f"used in {format_count(len(using), 'other note')}: {named}{more}"


def _has_any(note: Note, names: Sequence[str]) -> bool:
    return any(name in note.text for name in names)


def _describe_link(text: HoverText, end: LinkEnd) -> bool:
    """Add the section that a link leads to; return whether there is anything to say."""
    there = end.destination
    if end.note is None:
        if there.kind in (FILE, FOLDER):
            text.add_block(f"{there.path} ({there.kind})")
            return True
        return False
    text.add_block(end.heading.title if end.heading else end.note.path, strong=True)
    text.add_block("\n".join(_iter_section_lines(end.note, end.heading)))
    if there.fragment and not end.heading:
        text.add_block(f"no heading of {end.note.path} has the anchor {there.fragment}")
    elif end.heading:
        text.add_block(end.note.path)
    return True


def _iter_section_lines(note: Note, heading: Heading | None) -> Iterator[str]:
    """Yield the first lines below a heading, up to the next one of its level; without one, those of the note."""
    start, end = (heading.place.end, len(note.text)) if heading else (note.lines.starts[0], len(note.text))
    for other in note.headings:
        if heading and other.place.start >= start and other.level <= heading.level:
            end = other.place.start
            break
    first, last = note.lines.find_line(start) + bool(heading), note.lines.find_line(end)
    lines = [note.text[note.lines.starts[n] : note.lines.ends[n]] for n in range(first, min(last + 1, first + 200))]
    said = [line for line in lines if line.strip()][:_MAX_SECTION_LINES]
    yield from said or ["(nothing)"]


def _describe_image(text: HoverText, spot: Spot, image: Image, end: LinkEnd) -> bool:
    """Add the size and the state of an image; return whether there is anything to say."""
    there = end.destination
    if there.kind == WEB:
        return _describe_remote_image(text, spot.corpus, image)
    files = spot.corpus.files
    if there.kind != FILE or files is None:
        return False
    found = get_file_index(spot.corpus).files.inspect_contents([there.path]).get(there.path)
    size = f"{found.size:,} bytes" if found and found.size else "size unknown"
    kind = found.format.upper() if found and found.format else "unknown format"
    text.add_block(basename(there.path), strong=True)
    text.add_block(f"{kind}, {size}, {_describe_state(there)}")
    if found and found.fault:
        text.add_block(f"cannot be shown: {found.fault}{f' ({found.detail})' if found.detail else ''}")
    else:
        text.add_image(make_repository_uri(spot, there.path))
    return True


def _describe_state(there: Destination) -> str:
    return {"tracked": "in the repository", "untracked": "not in git", "ignored": "ignored by git"}.get(
        there.status, there.status or "found"
    )


def _describe_remote_image(text: HoverText, corpus: Corpus, image: Image) -> bool:
    """Add what the last check of images on the web found; the web is not asked."""
    answer = dict(corpus.web).get(image.target)
    states = {OK: "loads", BROKEN: "does not load"}
    if answer is None:
        text.add_block("an image on the web that has not been checked; `techstock images` does it")
    else:
        why = f": {answer.reason}" if answer.reason else ""
        text.add_block(
            f"an image on the web that {states.get(answer.state, 'may load or not')}{why}, when last checked"
        )
    return True
