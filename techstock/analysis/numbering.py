"""Checks on section numbers: which run upwards, which are repeated, which are outside the file's range."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

import msgspec

from techstock.model.corpus import Corpus, parse_number_range
from techstock.model.note import Note, Section
from techstock.model.span import Span
from techstock.text.lazy_patterns import compile_lazily

_PARTS = compile_lazily(r"[:：]\s*|\s[-\u2010-\u2015]\s")  # between a subject and one part of it


class RepeatedNumber(msgspec.Struct, frozen=True):
    """A repeated section number: `section` of `note` is out of place, `other` of `other_note` keeps the number."""

    note: Note
    section: Section
    other_note: Note
    other: Section


def iter_series(note: Note) -> Iterator[tuple[Section, ...]]:
    """The numbered sections of each series, in the order of the note.

    A series that begins anew at 1, behind a section without number (`## Answers`), is two; so is one that goes on from
    numbers at a lower level in such a section (`# Tools`, `## 1.`, `# 2.`).
    """
    found: dict[tuple[int, str], list[Section]] = {}
    plain: Section | None = None
    for section in note.sections if note.numbered_sections else ():
        if section.number < 0:
            plain = section if section.numeral is None else plain
            continue
        current = found.setdefault(section.series, [])
        if plain and current and (section.number <= 1 or section.number == _last_number(note, plain) + 1):
            yield tuple(current)
            current.clear()
        current.append(section)
        plain = None
    yield from map(tuple, found.values())


def _last_number(note: Note, section: Section) -> int:
    """Return the number of the last numbered heading in the body of a section; -1 without one."""
    numbers = [h.numeral.last for h in note.headings if h.numeral and section.body.contains(h.place)]
    return numbers[-1] if numbers else -1


def find_longest_increasing(note: Note, sections: Sequence[Section]) -> tuple[Section, ...]:
    """Return the longest subsequence of `sections` (of one series of `note`) whose numbers increase.

    Numbers outside the file's range are left out. Of two that exclude each other the first is taken. Empty where
    fewer than half of those in range are left: their numbers have no order.
    """
    excluded = find_out_of_range_numbers(note)
    inside = [section for section in sections if section.number not in excluded]
    heads: list[int] = []  # the number, negated, that the best rising run of each length found so far begins with
    begins: list[int] = []  # and the index of its first section
    links: dict[int, int] = {}
    for index in range(len(inside) - 1, -1, -1):
        longer = bisect_left(heads, -inside[index].number)
        heads[longer : longer + 1] = [-inside[index].number]
        begins[longer : longer + 1] = [index]
        if longer:
            links[index] = begins[longer - 1]
    if not inside or 2 * len(heads) < len(inside):
        return ()
    chain = [begins[-1]]
    while chain[-1] in links:
        chain.append(links[chain[-1]])
    return tuple(inside[index] for index in chain)


def get_number_span(section: Section) -> Span:
    """Return the span of a section's number; the span of the section where it has none."""
    return section.numeral.place if section.numeral else section.place


def find_out_of_range_numbers(note: Note) -> frozenset[int]:
    """Return the section numbers outside the range that the file name promises; empty where it promises none."""
    if not (promised := parse_number_range(note)):
        return frozenset()
    first, last = promised
    return frozenset(s.number for s in note.numbered_sections if not first <= s.number <= last)


def find_repeated_numbers(corpus: Corpus) -> Iterator[RepeatedNumber]:
    """Yield the sections whose number occurs before in the same series of a note, or in another note of the collection.

    Of two in different notes, the one outside its file's range is out of place, else the later.
    """
    for notes in corpus.collections:
        elsewhere: dict[tuple[str, int], tuple[Note, Section]] = {}
        for note in notes:
            here: dict[tuple[str, int], tuple[Note, Section]] = {}
            for sections in iter_series(note):
                yield from _find_repeats_among(note, sections, elsewhere, here)
            elsewhere.update(here)


def _are_parts(note: Note, one: Section, other: Section) -> bool:
    """Return whether two sections with one number are parts of one: `9. Lock: open` and `9. Lock: close`."""
    if one.numeral and other.numeral and one.numeral.label.casefold() == other.numeral.label.casefold() == "part":
        return True
    subjects = [_subject(note, section) for section in (one, other)]
    return bool(subjects[0]) and subjects[0] == subjects[1]


def _subject(note: Note, section: Section) -> str:
    """Return the title of a section up to a colon or a dash, without its number; empty without one."""
    start = section.numeral.place.end if section.numeral else section.heading.text.start
    title = note.text[start : section.heading.text.end].strip(" .):：-\u3000")
    parts = _PARTS.split(title, maxsplit=1)
    return parts[0].strip() if len(parts) > 1 and parts[1].strip() else ""


_SectionsByNumber = dict[tuple[str, int], tuple[Note, Section]]


def _find_repeats_among(
    note: Note, sections: Sequence[Section], elsewhere: _SectionsByNumber, here: _SectionsByNumber
) -> Iterator[RepeatedNumber]:
    """Yield the repeats among `sections`, and between them and `elsewhere`.

    Add to `here` the sections that the following notes are compared with.
    """
    seen: dict[int, Section] = {}
    for section in sections:
        key = section.series[1], section.number
        if first := seen.get(section.number):
            if not _are_parts(note, first, section):
                yield RepeatedNumber(note, section, note, first)
            continue
        seen[section.number] = section
        here.setdefault(key, (note, section))
        if key not in elsewhere:
            continue
        other_note, other = elsewhere[key]
        if section.number in find_out_of_range_numbers(other_note) and section.number not in find_out_of_range_numbers(
            note
        ):
            yield RepeatedNumber(other_note, other, note, section)
        else:
            here[key] = elsewhere[key]
            yield RepeatedNumber(note, section, other_note, other)
