"""The outline of a note, and the index of terms."""

from bisect import bisect_right
from functools import partial
from typing import Any

import msgspec

from techstock.duplicates.term_keys import strip_term_markup
from techstock.model import Corpus, Note, Span
from techstock.server.context import Context
from techstock.server.framing import Json
from techstock.server.live_project import LiveProject
from techstock.server.parameters import DocumentParameters, SymbolParameters
from techstock.server.positions import TextPositions
from techstock.server.term_table import fold_search

_SECTION, _TERM = 15, 20  # the kinds `String` and `Key`: no kind of the protocol is about text
_MAX_SYMBOLS = 300
_MAX_NAME = 80  # characters


class _OutlineItem(msgspec.Struct):
    """A heading or a term entry; `rank` is smaller for what is further out."""

    name: str
    kind: int
    rank: int
    place: Span
    name_place: Span
    children: list["_OutlineItem"] = []


def list_document_symbols(context: Context, asked: DocumentParameters) -> list[Json]:
    """Return the sections of a note and the entries in them."""
    opened = context.find_note(asked.text_document.uri)
    if opened is None:
        return []

    def make(corpus: Corpus) -> list[Json]:
        positions = context.make_positions(opened.project, corpus, opened.path)
        items = build_outline(corpus.by_path[opened.path])
        if context.client.outlines:
            return [_write_item(item, positions) for item in items]
        return [_write_flat(item, positions, opened.document.uri) for item in _flatten(items)]

    return opened.project.read(make)


def build_outline(note: Note) -> list[_OutlineItem]:
    """Return the headings of a note with the term entries below them, nested as they are."""
    items = [
        _OutlineItem(heading.title.strip() or "#" * heading.level, _SECTION, heading.level, heading.place, heading.text)
        for heading in note.outer_headings
    ]
    items += [
        _OutlineItem(" ".join(strip_term_markup(entry.name).split()), _TERM, 6 + entry.depth, entry.place, entry.term)
        for entry in note.entries
        if entry.term and entry.name.strip()
    ]
    roots: list[_OutlineItem] = []
    around: list[_OutlineItem] = []
    for item in sorted(items, key=lambda item: item.place.start):
        while around and (around[-1].rank >= item.rank or _ends_before(around[-1], item)):
            around.pop()
        (around[-1].children if around else roots).append(item)
        item.children = []
        around.append(item)
    _extend_sections(roots, len(note.text))
    return roots


def _ends_before(outer: _OutlineItem, item: _OutlineItem) -> bool:
    return outer.kind == _TERM and outer.place.end < item.place.end


def _extend_sections(items: list[_OutlineItem], end: int) -> None:
    """Let each section end where the next one of its level begins."""
    for number, item in enumerate(items, 1):
        stop = items[number].place.start if number < len(items) else end
        if item.kind == _SECTION:
            item.place = Span(item.place.start, max(stop, item.place.end))
        _extend_sections(item.children, item.place.end)


def _flatten(items: list[_OutlineItem]) -> list[_OutlineItem]:
    return [one for item in items for one in (item, *_flatten(item.children))]


def _write_item(item: _OutlineItem, positions: TextPositions) -> Json:
    return {
        "name": item.name[:_MAX_NAME],
        "kind": item.kind,
        "range": positions.to_range(item.place),
        "selectionRange": positions.to_range(item.name_place),
        "children": [_write_item(child, positions) for child in item.children],
    }


def _write_flat(item: _OutlineItem, positions: TextPositions, uri: str) -> Json:
    location = {"uri": uri, "range": positions.to_range(item.place)}
    return {"name": item.name[:_MAX_NAME], "kind": item.kind, "location": location}


def search_terms(context: Context, asked: SymbolParameters) -> list[Json]:
    """Return the terms of all projects that hold a text, without case, width and the kind of kana."""
    found: list[Json] = []
    for project in context.workspace.iter_projects():
        if not project.alone:
            found += project.read(partial(_search_project, context, project, asked.query))
    return found[:_MAX_SYMBOLS]


def _search_project(context: Context, project: LiveProject, query: str, corpus: Corpus) -> list[Json]:
    folded = fold_search(query)
    found = {term.place: term for term in project.get_terms(corpus).search(folded)}
    best = sorted(
        found.values(),
        key=lambda term: (
            term.folded != folded,
            not term.folded.startswith(folded),
            len(term.name),
            term.place.path,
            term.place,
        ),
    )
    writer = context.make_writer(project, corpus)

    def write(term: Any) -> Json:
        return {
            "name": term.name[:_MAX_NAME],
            "kind": _TERM,
            "location": writer.make_location(term.place),
            "containerName": _find_section_title(corpus.by_path[term.place.path], term.place.start),
        }

    return [write(term) for term in best[:_MAX_SYMBOLS]]


def _find_section_title(note: Note, offset: int) -> str:
    """Return the title of the section at a place; editors show the note themselves, so that its path says nothing."""
    number = bisect_right(note.outer_headings, offset, key=lambda heading: heading.place.start)
    return note.outer_headings[number - 1].title.strip()[:_MAX_NAME] if number else note.path
