"""Index of all terms of a corpus, with their definitions and locations."""

from collections import Counter
from collections.abc import Sequence

import msgspec

from techstock.model import Corpus, Place
from techstock.similarity.order import reading_order
from techstock.similarity.terms import abbreviated
from techstock.similarity.units import Unit, units
from techstock.similarity.words import plain
from techstock.survey.definitions import Definitions
from techstock.text.collation import index_key
from techstock.text.labels import is_label, shown


class Stand(msgspec.Struct, frozen=True):
    """A location of a term; `definition` is the index of its definition there, -1 if it has none."""

    place: Place
    definition: int = -1


class Term(msgspec.Struct, frozen=True):
    """A term in its most common spelling, and all its `spellings`, the most common first.

    `key` is its normal form, which the duplicate rules compare as well. `definitions` are those that differ in more
    than spaces, width and punctuation, each with a line for every nested entry. `places` are in reading order.
    """

    term: str
    key: str
    spellings: tuple[str, ...]
    definitions: tuple[str, ...]
    places: tuple[Stand, ...]


def terms(corpus: Corpus, *, labels: bool = False) -> tuple[list[Term], int]:
    """Return the terms of all notes in index order, and the number of labels that were left out.

    A label, for instance 例 or `note`, appears under every subject; `labels` includes them.
    """
    found: dict[str, list[Unit]] = {}
    for unit in units(corpus):
        if unit.name:
            found.setdefault(unit.key or unit.name, []).append(unit)
    left = {key for key, some in found.items() if not labels and is_label(some[0].name)}
    groups = _joined({key: some for key, some in found.items() if key not in left}, corpus)
    read: dict[int, Definitions] = {}
    every = (_term(corpus, key, some, read) for key, some in groups.items())
    return sorted(every, key=lambda term: (index_key(term.key), term.key)), len(left)


def _joined(found: dict[str, list[Unit]], corpus: Corpus) -> dict[str, list[Unit]]:
    """Return the entries by term, with a term and its abbreviation merged under the shorter key.

    `RTO(Recovery Time Objective)` and its long form are merged into `RTO`. A parenthesis only merges two terms if both
    are given with each other in parentheses, or if one consists of initials of the other.
    """
    homes: dict[str, str] = {}
    for key, some in found.items():
        for other in dict.fromkeys(unit.short for unit in some if unit.short in found and unit.short != key):
            mutual = any(unit.short == key for unit in found[other])
            if mutual or any(abbreviated(_name(corpus, unit)) for unit in some if unit.short == other):
                short, long = sorted((_home(homes, key), _home(homes, other)), key=lambda home: (len(home), home))
                if short != long:
                    homes[long] = short
    groups: dict[str, list[Unit]] = {}
    for key, some in found.items():
        groups.setdefault(_home(homes, key), []).extend(some)
    for key in set(homes.values()).intersection(groups):
        groups[key].sort(key=lambda unit: (reading_order(corpus.notes[unit.note].path), unit.entry))
    return groups


def _home(homes: dict[str, str], key: str) -> str:
    while key in homes:
        key = homes[key]
    return key


def _name(corpus: Corpus, unit: Unit) -> str:
    return corpus.notes[unit.note].entries[unit.entry].name


def _term(corpus: Corpus, key: str, some: Sequence[Unit], read: dict[int, Definitions]) -> Term:
    numbers: dict[str, int] = {}
    definitions: list[str] = []
    places: list[Stand] = []
    spellings: Counter[str] = Counter()
    for unit in some:
        note = corpus.notes[unit.note]
        entry = note.entries[unit.entry]
        spellings[" ".join(shown(entry.name).split())] += 1
        text = read.setdefault(unit.note, Definitions(note)).of(unit.entry)
        number = numbers.setdefault(plain(text) or text, len(numbers)) if text else -1
        if number == len(definitions):
            definitions.append(text)
        places.append(Stand(note.at(entry.term or entry.head), number))
    names = tuple(spelling for spelling, _ in spellings.most_common())
    return Term(names[0], key, names, tuple(definitions), tuple(places))
