"""Entries in the form in which they are compared."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from techstock.model import Corpus, Entry, Note, Place
from techstock.model.entries import is_link_only, is_pointer
from techstock.similarity.order import reading_order
from techstock.similarity.terms import keys
from techstock.similarity.words import plain, plains, sentences, weight
from techstock.text.labels import term_key

_BREAK = re.compile(r"<br ?/?>|&nbsp;")
# Not a colon, but much the same to who looks for a term: `用語・・・説明`, `用語 → 説明`.
_PARTED = re.compile(r"([^。:：]{1,60}?)[ \u3000]*(?:・・・|……|→|⇒)[ \u3000]*(?=\S)")
_END = re.compile(r"[。．！？.!?]\s*$")
# What such an entry says is of another text, or of a list of things to do.
_SOURCE_OR_TASK = re.compile(r"(?:出典|参考|参照|引用|source|ref(?:erence)?s?)\b|\[[ x]\]\s|[☐☑☒]", re.I)


class Unit(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """An entry as it is compared; all fields but `name` and `text` are normalized by `normalize_text`.

    `note` is the index of its note, `entry` its own, `parent` that of the entry around it (-1: none), `list` that of
    its list among the note's blocks. `text` is its first paragraph as a reader sees it, `own` the same, normalized, and
    `weight` the weight of that. `name` is its term as compared within a list, `key` as compared in the corpus, `short`
    the parenthesis that means the same as the term, `other` one that does not. `body` is the definition after the colon
    (the whole text without a colon; empty if it is only the heading of nested entries), `sentences` are those of it.
    `items` are the texts nested in it, in order; `above` is the term or text of the entry around it, or at the top
    level the heading, unless that is numbered.
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


def units(corpus: Corpus, chosen: Mapping[int, Sequence[int]] | None = None) -> list[Unit]:
    """Return the entries of all notes that have content of their own, in reading order.

    With `chosen`, return only these entries of these notes, by indexes; those of one note are in order.
    """
    numbers = range(len(corpus.notes)) if chosen is None else chosen
    found: list[Unit] = []
    for number in sorted(numbers, key=lambda number: reading_order(corpus.notes[number].path)):
        own = corpus.notes[number].worked_out("units", of_note)
        for unit in own if chosen is None else map(own.__getitem__, chosen[number]):
            msgspec.structs.force_setattr(unit, "note", number)  # it is new, and nobody has seen it
            found.append(unit)
    return found


def of_note(note: Note) -> Sequence[Unit]:
    """Return the compared entries of one note, in its order; their `note` is -1."""
    return list(_of_note(note))


def _of_note(note: Note) -> Iterator[Unit]:
    texts = [words(note, entry.head) for entry in note.entries]
    terms = [parted(entry.name, text) for entry, text in zip(note.entries, texts, strict=True)]
    bodies = [_body(note, entry, text[term[1] :]) for entry, text, term in zip(note.entries, texts, terms, strict=True)]
    sentences_of = sentences(bodies)
    owns = _owns(texts, bodies, sentences_of)
    items = _nested(note, owns)
    names = [keys(term) if term else ("", "", "") for term, _ in terms]
    titles = _Titles(note)
    for index, entry in enumerate(note.entries):
        if _is_heading(entry, bodies[index], items[index]):
            sentences_of[index] = ()
        if owns[index] and not _defines_nothing(note, index, texts[index]):
            yield Unit(
                -1,
                index,
                entry.parent,
                entry.list,
                entry.depth,
                texts[index],
                owns[index],
                weight(owns[index]),
                term_key(entry.name) if entry.term else "",
                *names[index],
                "".join(sentences_of[index]),
                sentences_of[index],
                tuple(items[index]),
                (names[entry.parent][0] or owns[entry.parent]) if entry.parent >= 0 else titles.above(entry.place),
            )


def _body(note: Note, entry: Entry, rest: str) -> str:
    """Return the definition of an entry; `rest` is the text after its term if it has no colon."""
    return words(note, entry.definition) if entry.definition else rest


def _is_heading(entry: Entry, body: str, items: list[str]) -> bool:
    """Return whether an entry is only the heading of its nested entries and defines nothing."""
    return bool(items) and entry.term is None and not _END.search(body)


def _owns(texts: Sequence[str], bodies: Sequence[str], sentences_of: Sequence[tuple[str, ...]]) -> list[str]:
    """Return the normalized texts of the entries.

    Most of a text is its body, whose sentences are normalized already, and the marks between them are dropped anyway.
    """
    fronts = plains([text.removesuffix(body) for text, body in zip(texts, bodies, strict=True)])
    return [
        front + "".join(said) if text.endswith(body) else front
        for text, front, body, said in zip(texts, fronts, bodies, sentences_of, strict=True)
    ]


class _Titles:
    """The headings of a note, by offset."""

    def __init__(self, note: Note) -> None:
        headings = [heading for heading in note.headings if heading.entry < 0]
        self._starts = [heading.place.start for heading in headings]
        self._titles = ["" if heading.numeral else plain(heading.title) for heading in headings]

    def above(self, place: Place) -> str:
        """Return the normalized title of the heading before a place; empty if there is none or it is numbered."""
        index = bisect_left(self._starts, place.start) - 1
        return self._titles[index] if index >= 0 else ""


def parted(name: str, text: str) -> tuple[str, int]:
    """Return the term of an entry, and the offset of its definition if an arrow or dots replace the colon, else 0."""
    match = None if name else _PARTED.match(text)
    return (match[1], match.end()) if match else (name, 0)


def _nested(note: Note, owns: list[str]) -> list[list[str]]:
    items: list[list[str]] = [[] for _ in owns]
    for index, own in enumerate(owns):
        parent = note.entries[index].parent
        while parent >= 0:
            if own:
                items[parent].append(own)
            parent = note.entries[parent].parent
    return items


def words(note: Note, place: Place) -> str:
    """Return the text that a reader sees at `place`: no link targets, images or tags; code is unchanged."""
    starts = note.span_starts
    first = bisect_left(starts, place.start)
    if first == len(starts) or starts[first] >= place.end:
        return _unbroken(place.of(note.text))
    parts, at = [], place.start
    for index in range(first, len(starts)):
        span = note.spans[index]
        if starts[index] >= place.end:
            break
        if span.kind != "code":
            parts.append(note.text[at : max(span.place.start, at)])
            at = max(at, span.place.end)
    parts.append(note.text[at : max(place.end, at)])
    return _unbroken("".join(parts))


def _unbroken(text: str) -> str:
    return _BREAK.sub(" ", text) if "<" in text or "&" in text else text


def _defines_nothing(note: Note, index: int, text: str) -> bool:
    """Return whether an entry only gives a source, points to a definition, or is a task."""
    return bool(_SOURCE_OR_TASK.match(text)) or is_link_only(note, index) or is_pointer(note, index)
