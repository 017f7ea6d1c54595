"""Conventions that the notes follow, and how consistently."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable

import msgspec

from techstock import registry
from techstock.analysis.numbering import find_longest_increasing, iter_series
from techstock.model import Corpus, Note, parse_number_range

_LETTERS = {
    "Korean": re.compile("[\uac00-\ud7a3]"),
    "Japanese": re.compile("[\u3041-\u30fa]"),
    "Chinese": re.compile("[\u4e00-\u9fff]"),
}
_LATIN = re.compile("[A-Za-z]")
_LETTERS_PER_WORD = 5  # letters of a Latin word, which say about as much as one of the others
_MIN_CJK_SHARE, _MIN_CHINESE_SHARE = 0.1, 0.3  # of what is written; a few ideographs alone may be quoted


def detect_language(text: str) -> str:
    """Return `Japanese`, `Korean`, `Chinese` or `Latin letters` for a note; empty if it has none of their letters.

    English and other languages in Latin letters are not distinguished. Japanese and Korean notes may contain much Latin
    text, code and names; kana or Hangul take precedence over ideographs.
    """
    counts = {name: len(pattern.findall(text)) for name, pattern in _LETTERS.items()}
    latin = len(_LATIN.findall(text)) / _LETTERS_PER_WORD
    total = sum(counts.values()) + latin
    if not total:
        return ""
    ideographs = counts["Chinese"]
    for name in ("Korean", "Japanese"):
        if counts[name] and counts[name] + ideographs >= _MIN_CJK_SHARE * total and counts[name] * 10 >= ideographs:
            return name
    return "Chinese" if ideographs >= _MIN_CHINESE_SHARE * total else "Latin letters"


MIN_CONVENTION_SHARE, MIN_CONVENTION_CASES = 95, 20  # per cent that make a convention, of so many cases at least
_COLON_FORMS = (":", "：", " : ")  # as `colon-style` takes them


class Convention(msgspec.Struct, frozen=True):
    """A form and how many cases use it: `count` of `total`."""

    form: str
    count: int
    total: int

    @property
    def share(self) -> int:
        """Return the share of cases that use the form, in per cent, rounded down."""
        return 100 * self.count // self.total if self.total else 0

    @property
    def is_kept(self) -> bool:
        """Return whether enough cases use the form to call it a convention."""
        return self.total >= MIN_CONVENTION_CASES and 100 * self.count >= MIN_CONVENTION_SHARE * self.total


class CollectionSummary(msgspec.Struct, frozen=True):
    """A collection of several notes: its folder (empty: the root), number of notes, first and last section number."""

    folder: str
    notes: int
    first: int
    last: int


class CorpusConventions(msgspec.Struct, frozen=True):
    """Conventions of a corpus. `languages` are numbers of notes, `colons` the forms of the colon after a term.

    `level` is the heading level of sections in numbered notes, `form` the form of their numbers, `numbered` the share
    of their sections with a number, `steps` the share of numbers that follow the one before without a gap, `entries`
    the share of top-level entries in numbered sections with the expected form.
    """

    notes: int
    languages: tuple[tuple[str, int], ...]
    runs: tuple[CollectionSummary, ...]
    level: Convention
    form: Convention
    numbered: Convention
    steps: Convention
    colons: tuple[Convention, ...]
    entries: Convention


def learn_conventions(corpus: Corpus) -> CorpusConventions:
    """Return the conventions of a corpus; notes that could not be read are left out."""
    notes = [note for note in corpus.notes if not note.faults]
    numbered = [note for note in notes if note.numbered_sections]
    levels = Counter(str(note.section_level) for note in numbered)
    forms = Counter(form for note in numbered for form in _iter_number_forms(note))
    sections = sum(len(note.sections) for note in numbered)
    bare = _count_problems("section-unnumbered", numbered)
    steps, gaps = sum(map(_count_steps, numbered)), _count_problems("section-number-gap", numbered)
    entries = sum(map(_count_top_entries, numbered))
    return CorpusConventions(
        len(corpus.notes),
        tuple(Counter(filter(None, (detect_language(note.text) for note in notes))).most_common()),
        tuple(_summarize_collection(notes) for notes in corpus.collections if len(notes) > 1),
        _find_most_common(levels),
        _find_most_common(forms),
        Convention("a number", sections - bare, sections),
        Convention("the next number", steps - gaps, steps),
        _measure_colon_forms(notes),
        Convention("a term, an image or a link", entries - _count_problems("entry-form", numbered), entries),
    )


def _find_most_common(counts: Counter[str]) -> Convention:
    form, count = counts.most_common(1)[0] if counts else ("", 0)
    return Convention(form, count, counts.total())


def _count_problems(rule: str, notes: Iterable[Note], **options: object) -> int:
    """Return the number of problems that a note rule reports in these notes, so that survey and rule always agree."""
    check = registry.load_rule(rule).check
    return sum(1 for note in notes for _ in check(note, **options))


def _summarize_collection(notes: tuple[Note, ...]) -> CollectionSummary:
    first, last = parse_number_range(notes[0]), parse_number_range(notes[-1])
    folder = notes[0].path.rpartition("/")[0]
    return CollectionSummary(folder, len(notes), first[0] if first else 0, last[1] if last else 0)


def _iter_number_forms(note: Note) -> Iterable[str]:
    """Yield the form of each section number: `61.`, `61` or `01.`, with the word before it if there is one."""
    for section in note.numbered_sections:
        if numeral := section.numeral:
            digits = "01" if numeral.digits[0] in "0０" else "61"
            yield f"{numeral.label} {digits}{numeral.mark}".strip()


def _count_steps(note: Note) -> int:
    return sum(max(len(find_longest_increasing(note, sections)) - 1, 0) for sections in iter_series(note))


def _count_top_entries(note: Note) -> int:
    """Return the number of entries that the rule `entry-form` checks."""
    top = [index for index in note.children.get(-1, ()) if not note.blocks[note.entries[index].list].quotes]
    starts = [note.entries[index].place.start for index in top]
    return sum(
        bisect_left(starts, section.body.end) - bisect_left(starts, section.body.start)
        for section in note.numbered_sections
    )


def _measure_colon_forms(notes: list[Note]) -> tuple[Convention, ...]:
    """Return the forms of the colon, the most common first.

    An entry without a definition on its line may fit several forms.
    """
    total = sum(_has_colon_and_definition(note, index) for note in notes for index in range(len(note.entries)))
    kept = (Convention(form, total - _count_problems("colon-style", notes, colon=form), total) for form in _COLON_FORMS)
    return tuple(sorted((habit for habit in kept if habit.count), key=lambda habit: -habit.count))


def _has_colon_and_definition(note: Note, index: int) -> bool:
    entry = note.entries[index]
    return entry.colon is not None and entry.term is not None and entry.definition is not None
