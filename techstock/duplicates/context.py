"""Compared entries of a corpus, and their relations to each other."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from techstock.duplicates.candidates import (
    get_recurrence,
    make_scope_key,
    make_translation_key,
)
from techstock.duplicates.entries import ComparedEntry, make_label_key, make_natural_sort_key
from techstock.duplicates.entry_kinds import (
    get_author,
    get_outline,
    is_condition,
    is_cram_path,
    is_journal_path,
    is_project_path,
)
from techstock.duplicates.normalize import compute_weight, normalize_text
from techstock.duplicates.prose import PARAGRAPH, get_compared_entry
from techstock.duplicates.recurrence import Recurrence
from techstock.duplicates.term_keys import is_label, is_same_term, normalize_term
from techstock.model import Corpus

_NAME = 20  # weight of a term; what says more is a sentence that leads in
_TITLES = 5  # that an outline has at least
_OUTLINE = 0.6  # of the titles of one note in another: two editions
_PARALLEL = 2  # subheadings that two sections have in common
_TITLE = 3  # weight; what says less is the title of many things


Spot = tuple[int, int]
"""The index of a note, and that of an entry in it."""


class ComparisonContext:
    """Units in the order of the corpus, and where they stand to each other.

    `scope` is how far apart two entries may be to be compared: `file`, `directory` (not its subfolders) or `corpus`.
    `recurrence` is learned from all units of the corpus, where `units` are not all of them. `runs` are the pairs of
    entries that are part of a copied run, each with the number of that; `nested` are the pairs of units inside two
    blocks that are copies, and `editions` tells of some pairs of notes whether they are editions of one text.
    """

    def __init__(
        self, corpus: Corpus, units: Sequence[ComparedEntry], scope: str, recurrence: Recurrence | None = None
    ) -> None:
        self.corpus = corpus
        self.units = units
        self.recurrence = recurrence or get_recurrence(corpus.around or corpus)
        self.runs: dict[tuple[Spot, Spot], int] = {}
        self.nested: set[tuple[int, int]] = set()
        self.editions: dict[tuple[int, int], bool] = {}
        paths = {number: corpus.notes[number].path for number in dict.fromkeys(unit.note for unit in units)}
        self._groups = {number: make_scope_key(path, number, scope) for number, path in paths.items()}
        self._works = {number: make_translation_key(path) for number, path in paths.items()}
        self._repeats = _find_untranslated_copies(units, self._works)
        self._heads: dict[tuple[object, str], set[str]] = {}  # of terms with a parenthesis that does not expand them
        self._authors: dict[int, str] = {}
        self._told_by_path: dict[tuple[int, Callable[[str], bool]], bool] = {}
        self._outlines: dict[int, frozenset[str]] = {}
        self._times: dict[tuple[int, int, str], int] = {}
        for unit in units:
            if unit.short and not unit.expands:
                self._heads.setdefault((self.get_scope_key(unit), unit.short), set()).add(unit.key)
            if unit.name:
                place = (unit.note, unit.list, unit.name)
                self._times[place] = self._times.get(place, 0) + 1
        self._repeating_lists = Counter((note, name) for (note, _, name), count in self._times.items() if count > 1)

    def list_learned(self) -> tuple[object, ...]:
        """Return in a fixed order all that a comparison of two notes depends on beside these."""
        classes = sorted(repr(place) for place, keys in self._heads.items() if len(keys) > 1)
        return (*self.recurrence.listed(), classes)

    def get_scope_key(self, unit: ComparedEntry) -> object:
        """Return the key that entries share if they are compared with each other."""
        return self._groups[unit.note]

    def get_position(self, unit: ComparedEntry) -> int:
        """Return the position of a unit among all entries of its note."""
        return unit.position if unit.position >= 0 else unit.entry

    def count_term_in_list(self, unit: ComparedEntry) -> int:
        """Return how often the list of an entry contains its term."""
        return self._times[unit.note, unit.list, unit.name]

    def count_repeating_lists(self, unit: ComparedEntry) -> int:
        """Return the number of lists of its note in which the term of an entry appears more than once."""
        return self._repeating_lists[unit.note, unit.name]

    def is_label(self, unit: ComparedEntry) -> bool:
        """Return whether the term of an entry is a label: a known one, or with other content under other subjects."""
        return bool(unit.key) and (
            (unit.name != "" and is_label(unit.name)) or make_label_key(unit) in self.recurrence.labels
        )

    def is_in_run(self, a: ComparedEntry, b: ComparedEntry) -> bool:
        """Return whether two units are copied together with their neighbors."""
        return ((a.note, a.entry), (b.note, b.entry)) in self.runs

    def is_framed(self, unit: ComparedEntry) -> bool:
        """Return whether a heading that recurs with other content is the nearest thing that names a unit's subject."""
        learned = self.recurrence
        return (unit.title in learned.frames or unit.title in learned.templates) and self.has_no_term(unit)

    def has_no_term(self, unit: ComparedEntry) -> bool:
        """Return whether an entry has no term, and is below none: only a heading names its subject."""
        if unit.key:
            return False
        note, index = self.corpus.notes[unit.note], unit.parent
        while index >= 0:
            entry = note.entries[index]
            if entry.term is not None and _names_subject(entry.name):
                return False
            index = entry.parent
        return True

    def have_headings_alone(self, a: ComparedEntry, b: ComparedEntry) -> bool:
        """Return whether only headings name the subjects of two entries, and so even one subject is uncertain."""
        return bool(a.title or b.title) and self.has_no_term(a) and self.has_no_term(b)

    def is_source(self, unit: ComparedEntry) -> bool:
        """Return whether a unit is below a heading whose entries mostly lead somewhere."""
        return unit.title in self.recurrence.sources

    def is_journal(self, number: int) -> bool:
        """Return whether the note with this index is a diary or a log of releases."""
        return self._know_path(number, is_journal_path)

    def _know_path(self, number: int, tells: Callable[[str], bool]) -> bool:
        """Return what the path of a note, given by index, tells of it."""
        known = self._told_by_path.get((number, tells))
        if known is None:
            known = self._told_by_path[number, tells] = tells(self.corpus.notes[number].path)
        return known

    def are_publications(self, one: int, other: int) -> bool:
        """Return whether two notes, by index, are publications with an author, in a corpus of several authors."""
        return one != other and self.recurrence.is_anthology and bool(self._author(one) and self._author(other))

    def _author(self, number: int) -> str:
        if number not in self._authors:
            self._authors[number] = get_author(self.corpus.notes[number])
        return self._authors[number]

    def get_reading_position(self, number: int) -> tuple[tuple[int, int, str], ...]:
        """Return a key that sorts notes, given by index, in reading order."""
        return make_natural_sort_key(self.corpus.notes[number].path)

    def are_editions(self, one: int, other: int) -> bool:
        """Return whether two notes, by index, have one outline that few others have: editions of one text."""
        if one == other:
            return False
        if (one, other) in self.editions:
            return self.editions[one, other]
        a, b = self._outline(one), self._outline(other)
        least = min(len(a), len(b))
        return least >= _TITLES and len(a & b) >= _OUTLINE * least

    def _outline(self, number: int) -> frozenset[str]:
        if number not in self._outlines:
            titles = {
                normalize_text(heading.title) for heading in self.corpus.notes[number].headings if heading.entry < 0
            }
            some = {title for title in titles if compute_weight(title) >= _TITLE and not title.isdigit()}
            self._outlines[number] = frozenset(some - self.recurrence.templates)
        return self._outlines[number]

    def are_below_siblings(self, a: ComparedEntry, b: ComparedEntry) -> bool:
        """Return whether they are below two headings, of different titles, of one section of a note."""
        return (
            a.note == b.note
            and a.section != b.section
            and a.outer == b.outer
            and bool(a.title and b.title)
            and a.title != b.title
        )

    def has_same_term(self, a: ComparedEntry, b: ComparedEntry) -> bool:
        """Return whether two entries with a key in common define one term, by their names and parents."""
        if a.other != b.other or not self.is_same_term(a, b):
            return False
        return min(a.depth, b.depth) == 1 or (a.above == b.above and not is_label(a.above))

    def are_in_one_note(self, a: ComparedEntry, b: ComparedEntry) -> bool:
        """Return whether two units of one note are not compared, for one of them is a paragraph."""
        return a.note == b.note and PARAGRAPH in (a.form, b.form)

    def are_project_files(self, a: ComparedEntry, b: ComparedEntry) -> bool:
        """Return whether prose is from two files that programs and habit write anew for each project, as a README."""
        if a.note == b.note or not (a.form or b.form):
            return False
        return self._know_path(a.note, is_project_path) and self._know_path(b.note, is_project_path)

    def is_cram_note(self, a: ComparedEntry, b: ComparedEntry) -> bool:
        """Return whether one of two notes is a short form of others, which says again what these say."""
        return a.note != b.note and (self._know_path(a.note, is_cram_path) or self._know_path(b.note, is_cram_path))

    def are_named_apart(self, a: ComparedEntry, b: ComparedEntry) -> bool:
        """Return whether two headings with one term have it from two notes whose names say more: two kinds of it."""
        if not (a.form and b.form) or a.note == b.note:
            return False
        one, other = (self._name(unit) for unit in (a, b))
        return one != other and all(
            len(name) > len(unit.key) and unit.key in name for name, unit in ((one, a), (other, b))
        )

    def _name(self, unit: ComparedEntry) -> str:
        return normalize_text(self.corpus.notes[unit.note].path.rpartition("/")[2].removesuffix(".md"))

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

    def are_works(self, one: int, other: int) -> bool:
        """Return whether one of two notes, by index, is the other in another language."""
        return len({make_translation_key(self.corpus.notes[number].path) for number in (one, other)}) == 1

    def is_untranslated_copy(self, index: int) -> bool:
        """Return whether an entry is in an earlier translation of its note, word for word, so left untranslated."""
        return index in self._repeats

    def is_sibling(self, a: ComparedEntry, b: ComparedEntry) -> bool:
        """Return whether two entries are in one list, or in two lists of one entry."""
        return a.note == b.note and (a.list == b.list or (a.parent >= 0 and a.parent == b.parent))

    def is_cousin(self, a: ComparedEntry, b: ComparedEntry) -> bool:
        """Return whether two entries are below two different entries of one list, or in two parallel sections."""
        if a.form and b.form and a.note == b.note:
            return self._are_in_parallel(a, b)
        if a.note != b.note or min(a.parent, b.parent) < 0 or a.parent == b.parent:
            return False
        entries = self.corpus.notes[a.note].entries
        return entries[a.parent].list == entries[b.parent].list

    def _are_in_parallel(self, a: ComparedEntry, b: ComparedEntry) -> bool:
        """Return whether the headings around two terms have subheadings in common: they say the same of two things."""
        if a.section == b.section:
            return False
        note = self.corpus.notes[a.note]
        below = note.memo.get("titles below")
        if below is None:
            below = note.memo["titles below"] = get_outline(note).list_titles_below()
        one, other = below.get(a.section, frozenset()), below.get(b.section, frozenset())
        common = len(one & other)
        return common >= _PARALLEL and 2 * common >= min(len(one), len(other))

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
        one, other = (get_compared_entry(self.corpus.notes[a.note], unit.entry).place for unit in (a, b))
        return one.contains(other) or other.contains(one)


def _names_subject(name: str) -> bool:
    """Return whether a term names what is below it: it is no label, no condition and no lead-in sentence."""
    return (
        compute_weight(normalize_text(name)) <= _NAME and not is_label(normalize_term(name)) and not is_condition(name)
    )


def _find_untranslated_copies(units: Sequence[ComparedEntry], works: Mapping[int, str]) -> frozenset[int]:
    """Return the entries, by index, whose text is also in an earlier translation of their note, in reading order.

    `works` are the keys by which notes are known as translations of each other.
    """
    counts = Counter(works.values())
    several = {number for number, work in works.items() if counts[work] > 1}
    first: dict[tuple[str, str, tuple[str, ...]], int] = {}
    return frozenset(
        index
        for index, unit in enumerate(units)
        if unit.note in several and first.setdefault((works[unit.note], unit.own, unit.items), unit.note) != unit.note
    )
