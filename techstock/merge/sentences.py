"""Sentences of an entry, with their spans in the source."""

import re
from collections.abc import Iterator, Sequence

import msgspec

from techstock.merge.assets import find_linked_targets
from techstock.model import Image, InlineMarkup, Link, Note, Span
from techstock.model.entries import select_facts_starting_in
from techstock.similarity.units import extract_visible_text

_STOP = re.compile(r"[。！？!?]+|\.(?=\s|$)|<br ?/?>", re.I)
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|cf|no|fig|approx|inc|[A-Z])|^\W*[0-9]+)$", re.I)
_CLOSING_BRACKETS = re.compile(r"[」』）)】\]\"'”’]+")
_BRACKET_DEPTHS = {**dict.fromkeys("「『（(【［[", 1), **dict.fromkeys("」』）)】］]", -1)}
_BLANK = re.compile(r"(?:\s|<br ?/?>|&nbsp;)+", re.I)


class Sentence(msgspec.Struct, frozen=True):
    """A sentence: its span, its visible text, and the targets of its links and images."""

    place: Span
    text: str
    assets: frozenset[str]


def split_sentences(note: Note, place: Span) -> list[Sentence]:
    """Return the sentences within `place`, in order; markup, quotations and brackets are not split."""
    found = []
    for start, end in _find_sentence_ranges(note, place):
        own = Span(start, end)
        text, held = " ".join(extract_visible_text(note, own).split()), find_linked_targets(note, own)
        if text or held:
            found.append(Sentence(own, text, held))
    return found


def trim_span(text: str, place: Span) -> Span:
    """Return `place` without surrounding white space and line breaks."""
    start, end = place.start, place.end
    while blank := _BLANK.match(text, start, end):
        start = blank.end()
    source = text[start:end]
    while source and (blank := re.search(rf"{_BLANK.pattern}\Z", source, re.I)):
        source = source[: blank.start()]
    return Span(start, start + len(source))


def _find_sentence_ranges(note: Note, place: Span) -> Iterator[tuple[int, int]]:
    text, start = note.text, place.start
    held = _find_unsplittable_spans(note, place)
    for match in _STOP.finditer(text, place.start, place.end):
        tag, at = match[0].startswith("<"), match.start()
        if at < start or any(own.start <= at < own.end for own in held if not (tag and at == own.start)):
            continue
        end = match.end()
        if not tag and (closing := _CLOSING_BRACKETS.match(text, end, place.end)):
            end = closing.end() if _is_balanced(text[start : closing.end()]) else end
        end = _include_closing_marks(text, start, end, place.end)
        piece = text[start:end]
        if _is_balanced(piece) and not (match[0] == "." and _ABBREVIATION.search(text[start:at])):
            yield from _trim_range(text, Span(start, end))
            start = end
    yield from _trim_range(text, Span(start, place.end))


def _include_closing_marks(text: str, start: int, end: int, last: int) -> int:
    """Return the end of a sentence, including the emphasis marks that close after it."""
    marks = re.compile(r"[*_~]+").match(text, end, last)
    return (
        marks.end() if marks and not _is_balanced(text[start:end]) and _is_balanced(text[start : marks.end()]) else end
    )


def _trim_range(text: str, place: Span) -> Iterator[tuple[int, int]]:
    place = trim_span(text, place)
    if place.start < place.end:
        yield place.start, place.end


def _find_unsplittable_spans(note: Note, place: Span) -> list[Span]:
    """Return the spans of code, links, images and tags: a full stop inside them ends no sentence."""
    kinds: tuple[Sequence[InlineMarkup | Link | Image], ...] = (note.spans, note.links, note.images)
    return [fact.place for facts in kinds for fact in select_facts_starting_in(facts, place)]


def _is_balanced(piece: str) -> bool:
    """Return whether all brackets and emphasis marks are closed."""
    depth = 0
    for character in piece:
        depth = max(depth + _BRACKET_DEPTHS.get(character, 0), 0)
    return depth == 0 and all(piece.count(mark) % 2 == 0 for mark in ("**", "__", "`", "~~"))
