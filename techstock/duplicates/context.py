"""Compared entries of a corpus, and their relations to each other."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from techstock.duplicates.checksums import TermContext
from techstock.duplicates.entries import ComparedEntry
from techstock.duplicates.term_keys import is_label, is_same_term
from techstock.model import Corpus

LabelKey = tuple[bool, str]
"""A term as a label: is it nested, and its key."""

_MIN_PARENTS = 4  # a term under as many others, or under as many headings, is a label
_LANGUAGE_SUFFIX = re.compile(r"[._-](?:en|ja|jp|ko|kr|zh|cn|tw|de|fr|es|pt|it|ru|vi|id|th)(?:[_-][a-z]{2})?$", re.I)


class CorpusStatistics(NamedTuple):
    """Facts about entries that may not be loaded: see `ComparisonContext.amounts` and `select_common_labels`."""

    labels: frozenset[LabelKey]
    amounts: Mapping[int, tuple[int, float]]


class ComparisonContext:
    """Compared entries in the order of the corpus, and their relations to each other.

    `amounts` maps the index of a note to the number of its entries and their total weight.

    `scope` is how far apart two entries may be to be compared: `file`, `directory` (not its subfolders) or `corpus`.
    `whole` describes all entries of the corpus if `units` are not all of them.
    """

    def __init__(
        self, corpus: Corpus, units: Sequence[ComparedEntry], scope: str, whole: CorpusStatistics | None = None
    ) -> None:
        self.corpus = corpus
        self.units = units
        self._works = get_translation_keys(corpus)
        self._groups = [make_scope_key(note.path, number, scope) for number, note in enumerate(corpus.notes)]
        self._labels = whole.labels if whole else select_common_labels(iter_term_contexts(units))
        self.amounts = whole.amounts if whole else compute_note_totals(units)
        self._repeats = _find_untranslated_copies(units, self._works)
        self._heads: dict[tuple[object, str], set[str]] = {}  # of terms with a parenthesis that does not expand them
        self._times: dict[tuple[int, int, str], int] = {}
        for unit in units:
            if unit.short and not unit.expands:
                self._heads.setdefault((self.get_scope_key(unit), unit.short), set()).add(unit.key)
            if unit.name:
                place = (unit.note, unit.list, unit.name)
                self._times[place] = self._times.get(place, 0) + 1

    def get_scope_key(self, unit: ComparedEntry) -> object:
        """Return the key that entries share if they are compared with each other."""
        return self._groups[unit.note]

    def count_term_in_list(self, unit: ComparedEntry) -> int:
        """Return how often the list of an entry contains its term."""
        return self._times[unit.note, unit.list, unit.name]

    def is_label(self, unit: ComparedEntry) -> bool:
        """Return whether the term of an entry appears under every subject, as 例 and 目的 do."""
        return bool(unit.name) and (is_label(unit.name) or (unit.depth > 1, unit.key) in self._labels)

    def has_same_term(self, a: ComparedEntry, b: ComparedEntry) -> bool:
        """Return whether two entries with a key in common define one term, by their names and parents."""
        if a.other != b.other or not self.is_same_term(a, b):
            return False
        return min(a.depth, b.depth) == 1 or (a.above == b.above and not is_label(a.above))

    def is_same_term(self, a: ComparedEntry, b: ComparedEntry) -> bool:
        """Return whether two units have one term, by its name.

        A parenthesis behind several terms is no other name of any: it tells their class.
        """
        if not is_same_term(a, b):
            return False
        named_by = [unit for unit, other in ((a, b), (b, a)) if unit.short == other.key]
        return a.key == b.key or not named_by or not all(map(self._is_class, named_by))

    def _is_class(self, unit: ComparedEntry) -> bool:
        return not unit.expands and len(self._heads.get((self.get_scope_key(unit), unit.short), ())) > 1

    def is_translation(self, a: ComparedEntry, b: ComparedEntry) -> bool:
        """Return whether the names of two notes mark them as translations: `x.md`, `x.en.md`, `x_ja.md`."""
        return a.note != b.note and self._works[a.note] == self._works[b.note]

    def is_untranslated_copy(self, index: int) -> bool:
        """Return whether an entry is in an earlier translation of its note, word for word, so left untranslated."""
        return index in self._repeats

    def is_sibling(self, a: ComparedEntry, b: ComparedEntry) -> bool:
        """Return whether two entries are in one list, or in two lists of one entry."""
        return a.note == b.note and (a.list == b.list or (a.parent >= 0 and a.parent == b.parent))

    def is_cousin(self, a: ComparedEntry, b: ComparedEntry) -> bool:
        """Return whether two entries are below two different entries of one list."""
        if a.note != b.note or min(a.parent, b.parent) < 0 or a.parent == b.parent:
            return False
        entries = self.corpus.notes[a.note].entries
        return entries[a.parent].list == entries[b.parent].list

    def is_shared_property(self, a: ComparedEntry, b: ComparedEntry) -> bool:
        """Return whether two entries have one term, a common property, below two different neighbours of one list."""
        if not a.key or a.key != b.key or a.above == b.above or not self.is_cousin(a, b):
            return False
        note = self.corpus.notes[a.note]
        siblings = note.siblings[note.entries[a.parent].list]
        return abs(siblings.index(a.parent) - siblings.index(b.parent)) == 1

    def is_nested(self, a: ComparedEntry, b: ComparedEntry) -> bool:
        """Return whether one entry is nested in the other."""
        if a.note != b.note:
            return False
        one, other = (self.corpus.notes[a.note].entries[unit.entry].place for unit in (a, b))
        return one.contains(other) or other.contains(one)


def make_scope_key(path: str, number: int, scope: str) -> object:
    """Return the key that notes share if their entries are compared; `number` is the index of the note."""
    return number if scope == "file" else path.rpartition("/")[0] if scope == "directory" else ""


def get_translation_keys(corpus: Corpus) -> Sequence[str]:
    """Return for each note the key that it shares with its translations: folder, and name without a language."""
    if "works" not in corpus.memo:
        corpus.memo["works"] = [_make_translation_key(note.path) for note in corpus.notes]
    found: list[str] = corpus.memo["works"]
    return found


def _make_translation_key(path: str) -> str:
    folder, slash, name = path.rpartition("/")
    stem = name.rpartition(".")[0] or name
    return folder + slash + _LANGUAGE_SUFFIX.sub("", stem).replace("_", "-").casefold()


def group_translations(works: Sequence[str]) -> list[list[int]]:
    """Return the groups of two or more notes, by index, that are translations of each other.

    `works` are the translation keys of all notes, in their order.
    """
    notes: dict[str, list[int]] = {}
    for number, work in enumerate(works):
        notes.setdefault(work, []).append(number)
    return [several for several in notes.values() if len(several) > 1]


def _find_untranslated_copies(units: Sequence[ComparedEntry], works: Sequence[str]) -> frozenset[int]:
    """Return the entries, by index, whose text is also in an earlier translation of their note, in reading order."""
    several = {number for notes in group_translations(works) for number in notes}
    first: dict[tuple[str, str, tuple[str, ...]], int] = {}
    return frozenset(
        index
        for index, unit in enumerate(units)
        if unit.note in several and first.setdefault((works[unit.note], unit.own, unit.items), unit.note) != unit.note
    )


def iter_term_contexts(units: Iterable[ComparedEntry]) -> Iterator[TermContext]:
    """Yield for each term whether it is nested, its key, and the term or heading above it."""
    return ((unit.depth > 1, unit.key, unit.above) for unit in units if unit.key and unit.above)


def compute_note_totals(units: Iterable[ComparedEntry]) -> dict[int, tuple[int, float]]:
    """Return for each note, by its index, the number of its entries and their total weight."""
    found: dict[int, tuple[int, float]] = {}
    for unit in units:
        count, weight = found.get(unit.note, (0, 0))
        found[unit.note] = count + 1, weight + unit.weight
    return found


def select_common_labels(found: Iterable[TermContext]) -> frozenset[LabelKey]:
    """Return the terms that appear under many different entries or headings."""
    every = list(found)
    often = Counter((nested, key) for nested, key, _ in every)  # most terms stand in one place: no set for these
    above: dict[LabelKey, set[str]] = {place: set() for place, count in often.items() if count >= _MIN_PARENTS}
    for nested, key, name in every:
        if (nested, key) in above:
            above[nested, key].add(name)
    return frozenset(place for place, names in above.items() if len(names) >= _MIN_PARENTS)
