"""Index of all terms of a corpus, with their definitions and locations."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property

import msgspec

from techstock.analysis.entries import find_entries_without_definition, select_facts_starting_in
from techstock.duplicates.entries import (
    ComparedEntry,
    collect_compared_entries,
    extract_visible_text,
    make_natural_sort_key,
)
from techstock.duplicates.normalize import normalize_text
from techstock.duplicates.term_keys import has_abbreviation, is_label, strip_term_markup
from techstock.model import Block, Corpus, Note, Span
from techstock.text.sort_key import make_collation_key

_PLACEHOLDERS = {
    "paragraph": "(image)",
    "heading": "",
    "html": "(image)",
    "table": "(table)",
    "fence": "(code)",
    "code": "(code)",
}
_FOLLOWING_PLACEHOLDER = "(what follows it)"


class DefinitionTexts:
    """Definition texts of one note."""

    def __init__(self, note: Note) -> None:
        self._note = note

    def get_text(self, index: int) -> str:
        """Return the definition of a term entry, by index: the text after the colon, then a line for each nested item.

        Images, tables and code are shown as a placeholder in parentheses, and so is a definition that only follows the
        entry. Empty if there is no definition.
        """
        lines = [line for line in self._iter_lines(index) if line]
        if not lines and index not in self._undefined:
            return _FOLLOWING_PLACEHOLDER  # an image, a table or code behind the entry serves as one
        return "\n".join(lines)

    @cached_property
    def _undefined(self) -> frozenset[int]:
        return frozenset(index for index, _ in find_entries_without_definition(self._note))

    def _iter_lines(self, index: int) -> Iterator[str]:
        note, entry = self._note, self._note.entries[index]
        if entry.definition is not None:
            yield _extract_line(note, (entry.definition,))
        for block in select_facts_starting_in(note.blocks, entry.place):
            if block.place.start > entry.head.start and block.kind in _PLACEHOLDERS:
                yield _describe_block(note, block)


def _describe_block(note: Note, block: Block) -> str:
    if block.kind in ("paragraph", "heading"):
        return _extract_line(note, block.texts) or _PLACEHOLDERS[block.kind]
    if block.kind == "html" and not any(block.place.contains(image.place) for image in note.images):
        return ""
    return _PLACEHOLDERS[block.kind]


def _extract_line(note: Note, places: tuple[Span, ...]) -> str:
    """Return running text as one line, without bold marks."""
    texts = (
        "".join(extract_visible_text(note, piece) for piece in _skip_link_openings(note, place)) for place in places
    )
    return " ".join(" ".join(texts).replace("**", "").split())


def _skip_link_openings(note: Note, place: Span) -> Iterator[Span]:
    """Yield the parts of `place` outside the opening `[` of links; the ends of links are not visible text anyway."""
    at = place.start
    for link in select_facts_starting_in(note.links, place):
        yield Span(at, max(link.place.start, at))
        at = max(at, min(link.text.start, place.end))
    yield Span(at, place.end)


class TermLocation(msgspec.Struct, frozen=True):
    """A location of a term; `definition` is the index of its definition there, -1 if it has none."""

    place: Span
    definition: int = -1


class IndexedTerm(msgspec.Struct, frozen=True):
    """A term in its most common spelling, and all its `spellings`, the most common first.

    `key` is its normal form, which the duplicate rules compare as well. `definitions` are those that differ in more
    than spaces, width and punctuation, each with a line for every nested entry. `places` are in reading order.
    """

    term: str
    key: str
    spellings: tuple[str, ...]
    definitions: tuple[str, ...]
    places: tuple[TermLocation, ...]


def build_term_index(corpus: Corpus, *, labels: bool = False) -> tuple[list[IndexedTerm], int]:
    """Return the terms of all notes in index order, and the number of labels that were left out.

    A label, for instance 例 or `note`, appears under every subject; `labels` includes them.
    """
    found: dict[str, list[ComparedEntry]] = {}
    for unit in collect_compared_entries(corpus):
        if unit.name and not unit.form:
            found.setdefault(unit.key or unit.name, []).append(unit)
    left = {key for key, some in found.items() if not labels and is_label(some[0].name)}
    groups = _merge_abbreviations({key: some for key, some in found.items() if key not in left}, corpus)
    read: dict[int, DefinitionTexts] = {}
    every = (_make_indexed_term(corpus, key, some, read) for key, some in groups.items())
    return sorted(every, key=lambda term: (make_collation_key(term.key), term.key)), len(left)


def _merge_abbreviations(found: dict[str, list[ComparedEntry]], corpus: Corpus) -> dict[str, list[ComparedEntry]]:
    """Return the entries by term, with a term and its abbreviation merged under the shorter key.

    `RTO(Recovery Time Objective)` and its long form are merged into `RTO`. A parenthesis only merges two terms if both
    are given with each other in parentheses, or if one consists of initials of the other.
    """
    homes: dict[str, str] = {}
    for key, some in found.items():
        for other in dict.fromkeys(unit.short for unit in some if unit.short in found and unit.short != key):
            mutual = any(unit.short == key for unit in found[other])
            names = (corpus.notes[unit.note].entries[unit.entry].name for unit in some if unit.short == other)
            if mutual or any(map(has_abbreviation, names)):
                short, long = sorted(
                    (_find_main_key(homes, key), _find_main_key(homes, other)), key=lambda home: (len(home), home)
                )
                if short != long:
                    homes[long] = short
    groups: dict[str, list[ComparedEntry]] = {}
    for key, some in found.items():
        groups.setdefault(_find_main_key(homes, key), []).extend(some)
    for key in set(homes.values()).intersection(groups):
        groups[key].sort(key=lambda unit: (make_natural_sort_key(corpus.notes[unit.note].path), unit.entry))
    return groups


def _find_main_key(homes: dict[str, str], key: str) -> str:
    while key in homes:
        key = homes[key]
    return key


def _make_indexed_term(
    corpus: Corpus, key: str, some: Sequence[ComparedEntry], read: dict[int, DefinitionTexts]
) -> IndexedTerm:
    numbers: dict[str, int] = {}
    definitions: list[str] = []
    places: list[TermLocation] = []
    spellings: Counter[str] = Counter()
    for unit in some:
        note = corpus.notes[unit.note]
        entry = note.entries[unit.entry]
        shown = _extract_line(note, (entry.term,)) if "](" in entry.name and entry.term else ""  # a link: its text
        spellings[" ".join(strip_term_markup(shown or entry.name).split())] += 1
        text = read.setdefault(unit.note, DefinitionTexts(note)).get_text(unit.entry)
        number = numbers.setdefault(normalize_text(text) or text, len(numbers)) if text else -1
        if number == len(definitions):
            definitions.append(text)
        places.append(TermLocation(note.add_path_to(entry.term or entry.head), number))
    names = tuple(spelling for spelling, _ in spellings.most_common())
    return IndexedTerm(names[0], key, names, tuple(definitions), tuple(places))
