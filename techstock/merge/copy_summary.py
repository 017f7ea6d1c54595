"""Details of each copy that are shown before a merge."""

import msgspec

from techstock.analysis.columns import compute_column
from techstock.duplicates.entries import ComparedEntry
from techstock.duplicates.pair_suppressions import get_display_name
from techstock.links.resolver import find_backlinks
from techstock.merge.replacement_links import KeptCopyLinker
from techstock.model import Corpus, Note


class CopySummary(msgspec.Struct, frozen=True):
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


def summarize_copy(corpus: Corpus, unit: ComparedEntry) -> CopySummary:
    """Return the summary of a copy."""
    note = corpus.notes[unit.note]
    first, last = _find_line_range(note, unit.entry)
    lines = tuple((at, note.text[note.lines.starts[at] : note.lines.ends[at]]) for at in range(first, last + 1))
    anchor = KeptCopyLinker(corpus, unit).anchor.casefold()
    fragments = [fragment.casefold().removeprefix("user-content-") for _, _, fragment in find_backlinks(corpus, note)]
    heading = sum(bool(anchor) and fragment == anchor for fragment in fragments)
    indent = compute_column(note, note.entries[unit.entry].place.start)
    source = tuple(_dedent(text, indent) for _, text in lines)
    own = get_display_name(corpus, unit)
    marker = f"{note.entries[unit.entry].marker.extract_from(note.text)} "
    return CopySummary(note.path, first + 1, own, source, lines, marker, heading, len(fragments) - heading)


def _find_line_range(note: Note, entry: int) -> tuple[int, int]:
    place = note.entries[entry].place
    return note.lines.find_line(place.start), note.lines.find_line(max(place.end - 1, place.start))


def _dedent(text: str, columns: int) -> str:
    text = text.expandtabs(4)
    return text[min(columns, len(text) - len(text.lstrip(" "))) :]
