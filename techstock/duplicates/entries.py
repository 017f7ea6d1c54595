"""Entries in the form in which they are compared, in reading order."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from techstock.analysis.entries import is_link_only, is_pointer
from techstock.duplicates.normalize import compute_weight, normalize_sentences, normalize_text, normalize_texts
from techstock.duplicates.term_keys import has_abbreviation, make_term_keys, normalize_term
from techstock.model import Corpus, Entry, Note, Span

_DIGITS = re.compile(r"([0-9]+)")


def make_natural_sort_key(path: str) -> tuple[tuple[int, int, str], ...]:
    """Return a sort key for a path, which sorts folder by folder."""
    parts = _DIGITS.split(path.replace("/", "\0"))
    return tuple((0, int(part), part) if part.isdigit() else (1, 0, part) for part in parts if part)


_BREAK = re.compile(r"<br ?/?>|&nbsp;")
# Not a colon, but much the same to who looks for a term: `用語・・・説明`, `用語 → 説明`.
_TERM_SEPARATOR = re.compile(r"([^。:：]{1,60}?)[ \u3000]*(?:・・・|……|→|⇒)[ \u3000]*(?=\S)")
_SENTENCE_MARK = re.compile(r"[。．！？.!?]\s*$")
# What such an entry says is of another text, or of a list of things to do.
_SOURCE_OR_TASK = re.compile(r"(?:出典|参考|参照|引用|source|ref(?:erence)?s?)\b|\[[ x]\]\s|[☐☑☒]", re.I)


class ComparedEntry(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """An entry as it is compared; all fields but `name` and `text` are normalized by `normalize_text`.

    `note` is the index of its note, `entry` its own, `parent` that of the entry around it (-1: none), `list` that of
    its list among the note's blocks. `text` is its first paragraph as a reader sees it, `own` the same, normalized, and
    `weight` the weight of that. `name` is its term as compared within a list, `key` as compared in the corpus, `short`
    the parenthesis that may mean the same as the term, `other` one that does not; `expands` tells whether one of term
    and parenthesis abbreviates the other. `body` is the definition after the colon (the whole text without a colon;
    empty if it is only the heading of nested entries), `sentences` are those of it. `items` are the texts nested in it,
    in order; `above` is the term or text of the entry around it, or at the top level the heading, unless that is
    numbered.
    """

    note: int
    entry: int
    parent: int
    list: int
    depth: int
    text: str
    own: str
    weight: float
    name: str
    key: str
    short: str
    other: str
    body: str
    sentences: tuple[str, ...]
    items: tuple[str, ...]
    above: str
    expands: bool = False


def collect_compared_entries(corpus: Corpus, chosen: Mapping[int, Sequence[int]] | None = None) -> list[ComparedEntry]:
    """Return the entries of all notes that have content of their own, in reading order.

    With `chosen`, return only these entries of these notes, by indexes; those of one note are in order.
    """
    numbers = range(len(corpus.notes)) if chosen is None else chosen
    found: list[ComparedEntry] = []
    for number in sorted(numbers, key=lambda number: make_natural_sort_key(corpus.notes[number].path)):
        own = corpus.notes[number].get_or_compute("units", build_compared_entries)
        for unit in own if chosen is None else map(own.__getitem__, chosen[number]):
            msgspec.structs.force_setattr(unit, "note", number)  # it is new, and nobody has seen it
            found.append(unit)
    return found


def build_compared_entries(note: Note) -> Sequence[ComparedEntry]:
    """Return the compared entries of one note, in its order; their `note` is -1."""
    return list(_iter_compared_entries(note))


def _iter_compared_entries(note: Note) -> Iterator[ComparedEntry]:
    texts = [extract_visible_text(note, entry.head) for entry in note.entries]
    terms = [split_term(entry.name, text) for entry, text in zip(note.entries, texts, strict=True)]
    bodies = [
        _get_definition(note, entry, text[term[1] :])
        for entry, text, term in zip(note.entries, texts, terms, strict=True)
    ]
    sentences_of = normalize_sentences(bodies)
    owns = _normalize_entry_texts(texts, bodies, sentences_of)
    items = _collect_nested_texts(note, owns)
    names = [make_term_keys(term) if term else ("", "", "") for term, _ in terms]
    titles = _HeadingTitles(note)
    for index, entry in enumerate(note.entries):
        if _is_only_heading(entry, bodies[index], items[index]):
            sentences_of[index] = ()
        if owns[index] and not _is_source_or_task(note, index, texts[index]):
            yield ComparedEntry(
                -1,
                index,
                entry.parent,
                entry.list,
                entry.depth,
                texts[index],
                owns[index],
                compute_weight(owns[index]),
                normalize_term(entry.name) if entry.term else "",
                *names[index],
                "".join(sentences_of[index]),
                sentences_of[index],
                tuple(items[index]),
                (names[entry.parent][0] or owns[entry.parent]) if entry.parent >= 0 else titles.find_above(entry.place),
                bool(names[index][1]) and has_abbreviation(terms[index][0]),
            )


def _get_definition(note: Note, entry: Entry, rest: str) -> str:
    """Return the definition of an entry; `rest` is the text after its term if it has no colon."""
    return extract_visible_text(note, entry.definition) if entry.definition else rest


def _is_only_heading(entry: Entry, body: str, items: list[str]) -> bool:
    """Return whether an entry is only the heading of its nested entries and defines nothing."""
    return bool(items) and entry.term is None and not _SENTENCE_MARK.search(body)


def _normalize_entry_texts(
    texts: Sequence[str], bodies: Sequence[str], sentences_of: Sequence[tuple[str, ...]]
) -> list[str]:
    """Return the normalized texts of the entries.

    Most of a text is its body, whose sentences are normalized already, and the marks between them are dropped anyway.
    """
    fronts = normalize_texts([text.removesuffix(body) for text, body in zip(texts, bodies, strict=True)])
    return [
        front + "".join(said) if text.endswith(body) else front
        for text, front, body, said in zip(texts, fronts, bodies, sentences_of, strict=True)
    ]


class _HeadingTitles:
    """The headings of a note, by offset."""

    def __init__(self, note: Note) -> None:
        headings = [heading for heading in note.headings if heading.entry < 0]
        self._starts = [heading.place.start for heading in headings]
        self._titles = ["" if heading.numeral else normalize_text(heading.title) for heading in headings]

    def find_above(self, place: Span) -> str:
        """Return the normalized title of the heading before a place; empty if there is none or it is numbered."""
        index = bisect_left(self._starts, place.start) - 1
        return self._titles[index] if index >= 0 else ""


def split_term(name: str, text: str) -> tuple[str, int]:
    """Return the term of an entry, and the offset of its definition if an arrow or dots replace the colon, else 0."""
    match = None if name else _TERM_SEPARATOR.match(text)
    return (match[1], match.end()) if match else (name, 0)


def _collect_nested_texts(note: Note, owns: list[str]) -> list[list[str]]:
    items: list[list[str]] = [[] for _ in owns]
    for index, own in enumerate(owns):
        parent = note.entries[index].parent
        while parent >= 0:
            if own:
                items[parent].append(own)
            parent = note.entries[parent].parent
    return items


def extract_visible_text(note: Note, place: Span) -> str:
    """Return the text that a reader sees at `place`: no link targets, images or tags; code is unchanged."""
    starts = note.span_starts
    first = bisect_left(starts, place.start)
    if first == len(starts) or starts[first] >= place.end:
        return _replace_breaks(place.extract_from(note.text))
    parts, at = [], place.start
    for index in range(first, len(starts)):
        span = note.spans[index]
        if starts[index] >= place.end:
            break
        if span.kind != "code":
            parts.append(note.text[at : max(span.place.start, at)])
            at = max(at, span.place.end)
    parts.append(note.text[at : max(place.end, at)])
    return _replace_breaks("".join(parts))


def _replace_breaks(text: str) -> str:
    return _BREAK.sub(" ", text) if "<" in text or "&" in text else text


def _is_source_or_task(note: Note, index: int, text: str) -> bool:
    """Return whether an entry only gives a source, points to a definition, or is a task."""
    return bool(_SOURCE_OR_TASK.match(text)) or is_link_only(note, index) or is_pointer(note, index)
