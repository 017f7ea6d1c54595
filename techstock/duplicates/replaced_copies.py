"""Links that stand for what an entry said before a merge: `- term: → [note](note.md#heading)`."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from techstock.duplicates.term_keys import normalize_term
from techstock.links.anchors import get_anchors
from techstock.links.file_index import get_file_index
from techstock.links.resolver import resolve_link
from techstock.model import Corpus, Link, Note

_ARROWS = ("→", "⇒")


class ReplacedCopy(msgspec.Struct, frozen=True):
    """An entry with a link behind an arrow, and the entries of `note` one of which says what it said; all by index."""

    entry: int
    note: int
    targets: Sequence[int]


def find_replaced_copies(corpus: Corpus, note: Note, numbers: Mapping[str, int]) -> Sequence[ReplacedCopy]:
    """Return the entries of a note in which an arrow leads to others, in order.

    `numbers` are the indexes of the notes that count, by path.
    """
    found: list[ReplacedCopy] = []
    for link in _iter_arrow_links(note):
        index = get_file_index(corpus.around or corpus)
        there = resolve_link(index, note, link)
        path = index.notes[there.path].path if there.path in index.notes else ""
        if path in numbers:
            other = corpus.notes[numbers[path]]
            targets = _list_target_entries(other, there.fragment, note.entries[link.entry].name)
            found.append(ReplacedCopy(link.entry, numbers[path], targets))
    return found


def _iter_arrow_links(note: Note) -> Iterator[Link]:
    """Yield the links behind an arrow in the first paragraphs of entries."""
    for link in note.links:
        if link.entry >= 0 and link.kind not in ("bare", "html"):
            lead = note.text[note.entries[link.entry].head.start : link.place.start]
            if lead.rstrip(" \t\u3000").endswith(_ARROWS):
                yield link


def _list_target_entries(note: Note, fragment: str, name: str) -> Sequence[int]:
    """Return the entries directly below a heading, all of a note without a fragment; those of this name if any are."""
    inside = range(len(note.entries))
    if fragment:
        anchors = get_anchors(note)
        wanted = (anchors.find_heading(fragment) or fragment).casefold().removeprefix("user-content-")
        at = next((at for at, anchor in enumerate(anchors.headings) if anchor.casefold() == wanted), -1)
        if at < 0:
            return ()
        ends = [*(heading.place.start for heading in note.headings), len(note.text)]
        first, last = (
            bisect_left(note.entries, end, key=lambda entry: entry.place.start) for end in (ends[at], ends[at + 1])
        )
        inside = range(first, last)
    term = normalize_term(name)
    return [index for index in inside if term and normalize_term(note.entries[index].name) == term] or inside
