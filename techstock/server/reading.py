"""Look up a place in a note: the term, link or image there, and where else it is."""

from collections.abc import Iterable, Iterator

import msgspec

from techstock.links.anchors import get_anchors
from techstock.links.file_index import FileIndex, get_file_index
from techstock.links.resolver import BLOCK, HEADING, NOTE, Destination, find_backlinks, resolve_link
from techstock.model import Corpus, Heading, Image, Link, Note, Span
from techstock.model.files import FILE
from techstock.server.context import Context, Spot
from techstock.server.framing import Json
from techstock.server.parameters import PositionParameters
from techstock.server.term_table import NoteTerm, find_uses, get_definition
from techstock.server.uris import make_file_uri


class TermSpot(msgspec.Struct, frozen=True):
    """A term at a place: its span, and its entries in all notes."""

    place: Span
    terms: list[NoteTerm]

    @property
    def names(self) -> list[str]:
        return list(dict.fromkeys(term.name for term in self.terms))


def find_term(spot: Spot) -> TermSpot | None:
    """Return the term at a place, wherever it is written."""
    lines = spot.note.lines
    line = lines.find_line(spot.offset)
    whole = Span(lines.starts[line], lines.ends[line])
    table = spot.project.get_terms(spot.corpus)
    found = table.find_at(spot.note.text, whole, spot.offset)
    if found is None:
        return None
    place, key = found
    return TermSpot(spot.note.add_path_to(place), table.find_terms(key))


def find_link(spot: Spot) -> Link | Image | None:
    """Return the innermost link or image at a place."""
    facts: tuple[Link | Image, ...] = (*spot.note.links, *spot.note.images)
    around = [one for one in facts if one.place.start <= spot.offset < one.place.end]
    return min(around, key=lambda one: one.place.end - one.place.start, default=None)


class LinkEnd(msgspec.Struct, frozen=True):
    """The end of a link: a note with the heading there, or the path of another file below the repository."""

    destination: Destination
    note: Note | None = None
    heading: Heading | None = None

    @property
    def place(self) -> Span | None:
        """Return the span of the heading, or the beginning of the note."""
        if self.note is None:
            return None
        return self.note.add_path_to(self.heading.place if self.heading else Span(0, 0))


def follow_link(corpus: Corpus, note: Note, link: Link | Image) -> LinkEnd:
    """Return where a link leads."""
    index = get_file_index(corpus)
    there = resolve_link(index, note, link)
    if there.kind not in (NOTE, HEADING, BLOCK):
        return LinkEnd(there)
    target = index.notes.get(there.path)
    if target is None or there.kind != HEADING:
        return LinkEnd(there, target)
    anchors = get_anchors(target)
    name = anchors.find_heading(there.fragment) if link.kind == "wiki" else None
    owner = anchors.find_owner(name or there.fragment)
    return LinkEnd(there, target, target.headings[owner] if owner is not None and owner >= 0 else None)


def find_definition(context: Context, asked: PositionParameters) -> list[Json]:
    """Return where a link leads, or where a term is defined: elsewhere, if the place is a definition itself."""
    return context.read_spot(asked, _find_definition_locations) or []


def _find_definition_locations(context: Context, spot: Spot) -> list[Json]:
    writer = context.make_writer(spot.project, spot.corpus)
    if link := find_link(spot):
        end = follow_link(spot.corpus, spot.note, link)
        if place := end.place:
            return [writer.make_location(place)]
        if end.destination.kind == FILE:
            return [{"uri": make_repository_uri(spot, end.destination.path), "range": _START}]
        return []
    found = find_term(spot)
    if found is None:
        return []
    defined = [term for term in found.terms if get_definition(spot.corpus, term)] or found.terms
    others = [term for term in defined if not _is_at(term, found.place)]
    return [writer.make_location(term.place) for term in others or defined]


_START: Json = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}


def _is_at(term: NoteTerm, place: Span) -> bool:
    return term.place.path == place.path and term.place.start <= place.start < max(term.place.end, place.start + 1)


def make_repository_uri(spot: Spot, path: str) -> str:
    """Return the URI of a file below the repository."""
    project = spot.project.session.project
    files = spot.corpus.files
    top = project.git.top if project.git and files and files.in_git else str(project.root)
    return make_file_uri(f"{top}/{path}")


def find_references(context: Context, asked: PositionParameters) -> list[Json]:
    """Return where a term is written, or the links to what a link or a heading at the place leads to."""
    return context.read_spot(asked, _find_reference_locations) or []


def _find_reference_locations(context: Context, spot: Spot) -> list[Json]:
    writer = context.make_writer(spot.project, spot.corpus)
    heading = next((one for one in spot.note.headings if one.place.start <= spot.offset <= one.place.end), None)
    link = find_link(spot)
    places: Iterable[Span] = ()
    if link or heading:
        if context.settings.is_on("linkReferences"):
            places = _find_links_alike(spot, link, heading)
    elif found := find_term(spot):
        places = find_uses(spot.corpus.notes, found.names)
    return [writer.make_location(place) for place in places]


def _find_links_alike(spot: Spot, link: Link | Image | None, heading: Heading | None) -> Iterator[Span]:
    """Return the links that lead where a link leads, or to a heading."""
    if link is None:
        return _find_links_to(spot.corpus, spot.note, heading)
    end = follow_link(spot.corpus, spot.note, link)
    if end.note:
        return _find_links_to(spot.corpus, end.note, end.heading)
    return _find_links_to_path(spot.corpus, end.destination)


def _find_links_to(corpus: Corpus, note: Note, heading: Heading | None) -> Iterator[Span]:
    """Yield the links to a note, or to one of its headings."""
    anchors = get_anchors(note)
    for origin, link, fragment in find_backlinks(corpus, note):
        owner = anchors.find_owner(fragment) if fragment else None
        if heading is None or (owner is not None and owner >= 0 and note.headings[owner] is heading):
            yield origin.add_path_to(link.place)


def _find_links_to_path(corpus: Corpus, there: Destination) -> Iterator[Span]:
    """Yield the links and images that lead to a file, or to one address of the web."""
    index = get_file_index(corpus)
    for note in corpus.notes:
        facts: tuple[Link | Image, ...] = (*note.links, *note.images)
        for link in facts:
            if _leads_to(index, note, link, there):
                yield note.add_path_to(link.place)


def _leads_to(index: FileIndex, note: Note, link: Link | Image, there: Destination) -> bool:
    found = resolve_link(index, note, link)
    return (found.kind, found.path) == (there.kind, there.path)
