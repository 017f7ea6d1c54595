"""Entries as they are compared."""

import re
from collections.abc import Iterator

import msgspec

from techstock.model import Corpus, Note, Place
from techstock.similarity.terms import is_label, keys
from techstock.similarity.words import plain, sentences, weight

_BREAK = re.compile(r"<br ?/?>|&nbsp;")
_CITATION = re.compile(r"(?:出典|参考|参照|引用|source|ref(?:erence)?s?)\s*[:：]?", re.I)
_URL = re.compile(r"https?://\S+")


class Unit(msgspec.Struct, frozen=True):
    """An entry in the words by which it is compared.

    `note` is the index of its note, `entry` its own. `own` is its first paragraph, plain; `key` its term (`short`: the
    parenthesis that means the same, `other`: one that does not); `body` the definition behind the colon, plain;
    `items` the plain texts of all that is nested in it, in order; `path` the keys of the entries around it.
    """

    note: int
    entry: int
    own: str
    key: str
    short: str
    other: str
    body: str
    items: tuple[str, ...]
    sentences: tuple[str, ...]
    parent: str
    depth: int
    weight: float
    text: str


def units(corpus: Corpus) -> Iterator[Unit]:
    """The entries of all notes that say something, in reading order."""
    for number, note in enumerate(corpus.notes):
        yield from _of_note(number, note)


def _of_note(number: int, note: Note) -> Iterator[Unit]:
    texts = [_words(note, entry.head) for entry in note.entries]
    owns = [plain(text) for text in texts]
    items: list[list[str]] = [[] for _ in note.entries]
    for index, entry in enumerate(note.entries):
        parent = entry.parent
        while parent >= 0:
            if owns[index]:
                items[parent].append(owns[index])
            parent = note.entries[parent].parent
    names = [keys(entry.name) if entry.name else ("", "", "") for entry in note.entries]
    for index, entry in enumerate(note.entries):
        own = owns[index]
        if not own or _is_citation(note, index, texts[index]):
            continue
        body = _words(note, entry.definition) if entry.definition else texts[index]
        key, short, other = names[index]
        yield Unit(
            number,
            index,
            own,
            key,
            short,
            other,
            plain(body) if entry.term else own,
            tuple(items[index]),
            tuple(sentences(body)),
            (names[entry.parent][0] or owns[entry.parent]) if entry.parent >= 0 else "",
            entry.depth,
            weight(own),
            texts[index],
        )


def _words(note: Note, place: Place) -> str:
    """What a reader reads at `place`: no link targets, images or tags; code as it stands."""
    from bisect import bisect_left

    first = bisect_left(note.spans, place.start, key=lambda span: span.place.start)
    parts, at = [], place.start
    for span in note.spans[first:]:
        if span.place.start >= place.end:
            break
        if span.kind != "code":
            parts.append(note.text[at : max(span.place.start, at)])
            at = max(at, span.place.end)
    parts.append(note.text[at : max(place.end, at)])
    return _BREAK.sub(" ", "".join(parts))


def _is_citation(note: Note, index: int, text: str) -> bool:
    """Whether an entry only says where something comes from."""
    rest = _URL.sub("", text).strip()
    if not plain(rest):
        return True
    entry = note.entries[index]
    if _CITATION.match(rest) and any(entry.place.holds(link.place) for link in note.links):
        return True
    linked = [link.text.of(note.text) for link in note.links if entry.head.holds(link.place)]
    return bool(linked) and plain("".join(linked)) == plain(rest)
