"""Sentences of an entry, with their spans in the source."""

import re
from collections.abc import Iterator, Sequence

import msgspec

from techstock.merge.assets import assets
from techstock.model import Image, Link, Note, Place, Span
from techstock.model.entries import starting_in
from techstock.similarity.units import words

_STOP = re.compile(r"[。！？!?]+|\.(?=\s|$)|<br ?/?>", re.I)
_ABBREVIATED = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|cf|no|fig|approx|inc|[A-Z])|^\W*[0-9]+)$", re.I)
_CLOSING = re.compile(r"[」』）)】\]\"'”’]+")
_SIDES = {**dict.fromkeys("「『（(【［[", 1), **dict.fromkeys("」』）)】］]", -1)}
_BLANK = re.compile(r"(?:\s|<br ?/?>|&nbsp;)+", re.I)


class Sentence(msgspec.Struct, frozen=True):
    """A sentence: its span, its visible text, and the targets of its links and images."""

    place: Place
    text: str
    assets: frozenset[str]


def sentences(note: Note, place: Place) -> list[Sentence]:
    """Return the sentences within `place`, in order; markup, quotations and brackets are not split."""
    found = []
    for start, end in _split(note, place):
        own = Place(start, end)
        text, held = " ".join(words(note, own).split()), assets(note, own)
        if text or held:
            found.append(Sentence(own, text, held))
    return found


def trimmed(text: str, place: Place) -> Place:
    """Return `place` without surrounding white space and line breaks."""
    start, end = place.start, place.end
    while blank := _BLANK.match(text, start, end):
        start = blank.end()
    source = text[start:end]
    while source and (blank := re.search(rf"{_BLANK.pattern}\Z", source, re.I)):
        source = source[: blank.start()]
    return Place(start, start + len(source))


def _split(note: Note, place: Place) -> Iterator[tuple[int, int]]:
    text, start = note.text, place.start
    held = _held(note, place)
    for match in _STOP.finditer(text, place.start, place.end):
        tag, at = match[0].startswith("<"), match.start()
        if at < start or any(own.start <= at < own.end for own in held if not (tag and at == own.start)):
            continue
        end = match.end()
        if not tag and (closing := _CLOSING.match(text, end, place.end)):
            end = closing.end() if _is_whole(text[start : closing.end()]) else end
        end = _with_marks(text, start, end, place.end)
        piece = text[start:end]
        if _is_whole(piece) and not (match[0] == "." and _ABBREVIATED.search(text[start:at])):
            yield from _piece(text, Place(start, end))
            start = end
    yield from _piece(text, Place(start, place.end))


def _with_marks(text: str, start: int, end: int, last: int) -> int:
    """Return the end of a sentence, including the emphasis marks that close after it."""
    marks = re.compile(r"[*_~]+").match(text, end, last)
    return marks.end() if marks and not _is_whole(text[start:end]) and _is_whole(text[start : marks.end()]) else end


def _piece(text: str, place: Place) -> Iterator[tuple[int, int]]:
    place = trimmed(text, place)
    if place.start < place.end:
        yield place.start, place.end


def _held(note: Note, place: Place) -> list[Place]:
    """Return the spans of code, links, images and tags: a full stop inside them ends no sentence."""
    kinds: tuple[Sequence[Span | Link | Image], ...] = (note.spans, note.links, note.images)
    return [fact.place for facts in kinds for fact in starting_in(facts, place)]


def _is_whole(piece: str) -> bool:
    """Return whether all brackets and emphasis marks are closed."""
    depth = 0
    for character in piece:
        depth = max(depth + _SIDES.get(character, 0), 0)
    return depth == 0 and all(piece.count(mark) % 2 == 0 for mark in ("**", "__", "`", "~~"))
