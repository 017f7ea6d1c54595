"""Index of all terms of a corpus, with their definitions and locations."""

from collections import Counter
from collections.abc import Sequence

import msgspec

from techstock.model import Corpus, Span
from techstock.similarity.order import make_natural_sort_key
from techstock.similarity.terms import has_abbreviation
from techstock.similarity.units import ComparedEntry, collect_compared_entries
from techstock.similarity.words import normalize_text
from techstock.survey.definitions import DefinitionTexts
from techstock.text.collation import make_collation_key
from techstock.text.labels import is_label, strip_term_markup


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
        if unit.name:
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
            if mutual or any(has_abbreviation(_get_term(corpus, unit)) for unit in some if unit.short == other):
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


def _get_term(corpus: Corpus, unit: ComparedEntry) -> str:
    return corpus.notes[unit.note].entries[unit.entry].name


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
        spellings[" ".join(strip_term_markup(entry.name).split())] += 1
        text = read.setdefault(unit.note, DefinitionTexts(note)).get_text(unit.entry)
        number = numbers.setdefault(normalize_text(text) or text, len(numbers)) if text else -1
        if number == len(definitions):
            definitions.append(text)
        places.append(TermLocation(note.add_path_to(entry.term or entry.head), number))
    names = tuple(spelling for spelling, _ in spellings.most_common())
    return IndexedTerm(names[0], key, names, tuple(definitions), tuple(places))
