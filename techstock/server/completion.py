"""Completion of terms, and of notes and headings in links.

Japanese has no spaces between words, so that an editor takes a whole run of text for the word that is typed. Each item
says which part of the text it replaces, and names that part as the text to filter by if its label is spelled otherwise.
"""

import re
from collections.abc import Iterator
from posixpath import dirname

from techstock.links.anchors import get_anchors, iter_heading_texts
from techstock.links.file_index import get_file_index
from techstock.links.resolver import resolve_target
from techstock.links.targets import make_relative
from techstock.model import Corpus, Note, Span
from techstock.server.context import Context, Spot
from techstock.server.framing import Json
from techstock.server.parameters import PositionParameters
from techstock.server.term_table import fold_search, get_definition, is_word_edge
from techstock.text.escape import escape
from techstock.text.percent_encoding import percent_encode

TRIGGERS = ("[", "(", "#", "/")
_MAX_ITEMS = 100
_MAX_TYPED = 24  # characters of a term
_MAX_DETAIL = 120  # characters
_TARGET = re.compile(r"\]\(<?([^()<>\s]*)$")
_WIKI = re.compile(r"\[\[([^\[\]|]*)$")
_REFERENCE = 18  # the kind `Reference`
_TEXT = 1  # the kind `Text`


def complete(context: Context, asked: PositionParameters) -> Json:
    """Return what could be written at a place."""
    items = context.read_spot(asked, _list_items) or []
    return {"isIncomplete": True, "items": items[:_MAX_ITEMS]}


def _list_items(context: Context, spot: Spot) -> list[Json]:
    start = spot.note.lines.find_start(spot.offset)
    before = spot.note.text[start : spot.offset]
    if wiki := _WIKI.search(before):
        return _list_targets(context, spot, wiki[1], is_wiki=True)
    if target := _TARGET.search(before):
        return _list_targets(context, spot, target[1], is_wiki=False)
    return list(_iter_terms(context, spot, before))


# Links


def _list_targets(context: Context, spot: Spot, typed: str, *, is_wiki: bool) -> list[Json]:
    """Return the notes, or the headings of one, that a link could lead to."""
    if not context.settings.is_on("linkCompletion"):
        return []
    path, sign, fragment = typed.partition("#")
    found = _iter_headings(spot, path, is_wiki=is_wiki) if sign else _iter_paths(spot, is_wiki=is_wiki)
    part = fragment if sign else typed
    wanted = fold_search(part)
    matching = [(text, shown) for text, shown in found if wanted in fold_search(shown) or wanted in fold_search(text)]
    place = Span(spot.offset - len(part), spot.offset)
    return [_make_item(context, spot, shown, text, place, _REFERENCE) for text, shown in matching]


def _iter_paths(spot: Spot, *, is_wiki: bool) -> Iterator[tuple[str, str]]:
    """Yield what is written for each note, and what is shown."""
    for note in spot.corpus.notes:
        if note.path == spot.note.path:
            continue
        if is_wiki:
            name = note.path.rpartition("/")[2].rpartition(".")[0]
            yield name, name
        else:
            relative = make_relative(note.path, dirname(spot.note.path))
            yield percent_encode(relative), relative


def _iter_headings(spot: Spot, path: str, *, is_wiki: bool) -> Iterator[tuple[str, str]]:
    note = _find_target(spot.corpus, spot.note, path, is_wiki=is_wiki)
    if note:
        for text, anchor in zip(iter_heading_texts(note), get_anchors(note).headings, strict=True):
            yield (text.strip() if is_wiki else percent_encode(anchor)), text.strip()


def _find_target(corpus: Corpus, note: Note, path: str, *, is_wiki: bool) -> Note | None:
    if not path:
        return note
    if is_wiki:
        names = (f"{path}.md", f"{path}.markdown", path)
        return next((one for one in corpus.notes if one.path.rpartition("/")[2] in names), None)
    index = get_file_index(corpus)
    return index.notes.get(resolve_target(index, note, path).path)


# Terms


def _iter_terms(context: Context, spot: Spot, before: str) -> Iterator[Json]:
    """Yield the terms that begin with the longest end of the text before the place with which any begins."""
    table = spot.project.get_terms(spot.corpus)
    for length in range(min(len(before), _MAX_TYPED), 0, -1):
        typed = before[-length:]
        if typed[0].isspace() or not is_word_edge(before, len(before) - length) or not _says_enough(typed):
            continue
        every = table.find_by_beginning(fold_search(typed))
        found = {
            term.name: term for term in every if (term.place.path, term.place.end) != (spot.note.path, spot.offset)
        }
        if found:
            place = Span(spot.offset - length, spot.offset)
            for name in sorted(found, key=lambda name: (len(name), name))[:_MAX_ITEMS]:
                item = _make_item(context, spot, name, name, place, _TEXT)
                said = get_definition(spot.corpus, found[name])
                path = found[name].place.path
                yield {
                    **item,
                    "detail": escape(f"{said.partition(chr(10))[0][:_MAX_DETAIL]} ({path})".strip()),
                    "documentation": "\n".join(map(escape, said.split("\n"))),
                }
            return


def _says_enough(typed: str) -> bool:
    """Return whether a beginning is worth a list: two letters or kana, or one ideograph."""
    return len(typed) > 1 or "㐀" <= typed <= "鿿"


def _make_item(context: Context, spot: Spot, label: str, text: str, place: Span, kind: int) -> Json:
    """Return an item. It has a text to filter by only if its label does not begin with what is typed.

    Neovim 0.7 does not look at the range of an item with such a text.
    """
    positions = context.make_positions(spot.project, spot.corpus, spot.note.path)
    typed, shown = place.extract_from(spot.note.text), escape(label)
    return {
        "label": shown,
        "kind": kind,
        **({} if shown.startswith(typed) else {"filterText": typed}),
        "textEdit": {"range": positions.to_range(place), "newText": text},
    }
