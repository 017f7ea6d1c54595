"""Details of each copy that are shown before a merge."""

import msgspec

from techstock.merge.pointing import Goal
from techstock.model import Corpus, Note
from techstock.references.inbound import inbound
from techstock.similarity.apart import name
from techstock.similarity.units import Unit
from techstock.text.columns import column


class Shown(msgspec.Struct, frozen=True):
    """A copy: its location, its term, and its source without the indentation of its first line.

    `lines` are its lines in the note, each with its index; `marker` is the marker of the entry. `to_heading` counts the
    links to the heading above the copy, `to_note` the other links to its note.
    """

    path: str
    line: int
    term: str
    source: tuple[str, ...]
    lines: tuple[tuple[int, str], ...]
    marker: str
    to_heading: int
    to_note: int


def shown(corpus: Corpus, unit: Unit) -> Shown:
    """Return the summary of a copy."""
    note = corpus.notes[unit.note]
    first, last = _range(note, unit.entry)
    lines = tuple((at, note.text[note.lines.starts[at] : note.lines.ends[at]]) for at in range(first, last + 1))
    anchor = Goal(corpus, unit).anchor.casefold()
    fragments = [fragment.casefold().removeprefix("user-content-") for _, _, fragment in inbound(corpus, note)]
    heading = sum(bool(anchor) and fragment == anchor for fragment in fragments)
    indent = column(note, note.entries[unit.entry].place.start)
    source = tuple(_dedented(text, indent) for _, text in lines)
    own = name(corpus, unit)
    marker = f"{note.entries[unit.entry].marker.of(note.text)} "
    return Shown(note.path, first + 1, own, source, lines, marker, heading, len(fragments) - heading)


def _range(note: Note, entry: int) -> tuple[int, int]:
    place = note.entries[entry].place
    return note.lines.index(place.start), note.lines.index(max(place.end - 1, place.start))


def _dedented(text: str, columns: int) -> str:
    text = text.expandtabs(4)
    return text[min(columns, len(text) - len(text.lstrip(" "))) :]
