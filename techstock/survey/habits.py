"""The habits of who writes the notes: what they keep to, and how far."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable

import msgspec

from techstock import catalog
from techstock.model import Corpus, Note, number_range
from techstock.model.numbers import series, upward
from techstock.survey.languages import language

SHARE, LEAST = 95, 20  # per cent that make a convention, of so many cases at least
_COLONS = (":", "：", " : ")  # as `colon-style` takes them


class Habit(msgspec.Struct, frozen=True):
    """So many of so many cases are as `form` says."""

    form: str
    count: int
    total: int

    @property
    def share(self) -> int:
        """In per cent, never rounded up."""
        return 100 * self.count // self.total if self.total else 0

    @property
    def is_kept(self) -> bool:
        """Whether it is a convention."""
        return self.total >= LEAST and 100 * self.count >= SHARE * self.total


class Run(msgspec.Struct, frozen=True):
    """A collection of several notes: their folder (empty: the root), how many, first and last number."""

    folder: str
    notes: int
    first: int
    last: int


class Habits(msgspec.Struct, frozen=True):
    """What was learned of a corpus. `languages` are counts of notes, `colons` the forms of the colon behind a term.

    `level` is about numbered notes, `form` about the numbers in them, `numbered` about their sections, `steps` about
    the numbers that follow another without a gap, `entries` about the top-level entries of numbered sections.
    """

    notes: int
    languages: tuple[tuple[str, int], ...]
    runs: tuple[Run, ...]
    level: Habit
    form: Habit
    numbered: Habit
    steps: Habit
    colons: tuple[Habit, ...]
    entries: Habit


def habits(corpus: Corpus) -> Habits:
    """What the notes of a corpus tell. A note that could not be read tells nothing."""
    notes = [note for note in corpus.notes if not note.faults]
    numbered = [note for note in notes if note.numbered_sections]
    levels = Counter(str(note.section_level) for note in numbered)
    forms = Counter(form for note in numbered for form in _forms(note))
    sections = sum(len(note.sections) for note in numbered)
    bare = _problems("section-unnumbered", numbered)
    steps, gaps = sum(map(_steps, numbered)), _problems("section-number-gap", numbered)
    entries = sum(map(_top_entries, numbered))
    return Habits(
        len(corpus.notes),
        tuple(Counter(filter(None, (language(note.text) for note in notes))).most_common()),
        tuple(_run(notes) for notes in corpus.collections if len(notes) > 1),
        _most(levels),
        _most(forms),
        Habit("a number", sections - bare, sections),
        Habit("the next number", steps - gaps, steps),
        _colons(notes),
        Habit("a term, an image or a link", entries - _problems("entry-form", numbered), entries),
    )


def _most(counts: Counter[str]) -> Habit:
    form, count = counts.most_common(1)[0] if counts else ("", 0)
    return Habit(form, count, counts.total())


def _problems(rule: str, notes: Iterable[Note], **options: object) -> int:
    """How many problems a rule on notes has in these; what is to be held by that rule is counted by it."""
    check = catalog.load(rule).check
    return sum(1 for note in notes for _ in check(note, **options))


def _run(notes: tuple[Note, ...]) -> Run:
    first, last = number_range(notes[0]), number_range(notes[-1])
    folder = notes[0].path.rpartition("/")[0]
    return Run(folder, len(notes), first[0] if first else 0, last[1] if last else 0)


def _forms(note: Note) -> Iterable[str]:
    """How each section number is written: `61.`, `61`, `01.`; behind a word the word, too."""
    for section in note.numbered_sections:
        if numeral := section.numeral:
            digits = "01" if numeral.digits[0] in "0０" else "61"
            yield f"{numeral.label} {digits}{numeral.mark}".strip()


def _steps(note: Note) -> int:
    return sum(max(len(upward(note, sections)) - 1, 0) for sections in series(note))


def _top_entries(note: Note) -> int:
    """The entries that `entry-form` looks at."""
    top = [index for index in note.children.get(-1, ()) if not note.blocks[note.entries[index].list].quotes]
    starts = [note.entries[index].place.start for index in top]
    return sum(
        bisect_left(starts, section.body.end) - bisect_left(starts, section.body.start)
        for section in note.numbered_sections
    )


def _colons(notes: list[Note]) -> tuple[Habit, ...]:
    """The forms of the colon, the most common first; an entry without a definition on its line may be of several."""
    total = sum(_has_colon(note, index) for note in notes for index in range(len(note.entries)))
    kept = (Habit(form, total - _problems("colon-style", notes, colon=form), total) for form in _COLONS)
    return tuple(sorted((habit for habit in kept if habit.count), key=lambda habit: -habit.count))


def _has_colon(note: Note, index: int) -> bool:
    entry = note.entries[index]
    return entry.colon is not None and entry.term is not None and entry.definition is not None
