"""Marks of a text: what it says beyond its words."""

import re
from collections.abc import Iterator
from unicodedata import category

from techstock.analysis.entries import select_facts_starting_in
from techstock.duplicates.entries import extract_visible_text
from techstock.merge.sentence_containment import tokenize_sentence
from techstock.model import Note, Span

_STRUCK = re.compile(r"(?s)~~(?=\S)(.+?)~~")
_SIGNED = re.compile(r"(?<![\w)\]}-])[-\u2212±][0-9]+(?:[.,][0-9]+)*")
_MARKUP_SIGNS = frozenset("|<>^`~=+$→")  # of Markdown and HTML, and those that are words of a sentence already


def find_marks(note: Note, place: Span) -> frozenset[str]:
    """Return what a text says beyond its words: code as it is written, signs, signed numbers, and struck text."""
    return frozenset(_iter_marks(note, place))


def _iter_marks(note: Note, place: Span) -> Iterator[str]:
    for span in select_facts_starting_in(note.spans, place):
        if span.kind == "code":
            yield " ".join(span.place.extract_from(note.text).strip("`").split())
    text = extract_visible_text(note, place)
    for match in _STRUCK.finditer(text):
        yield f"~~{' '.join(tokenize_sentence(match[1]))}~~"
    yield from (match[0].replace("\u2212", "-") for match in _SIGNED.finditer(text))
    yield from (char for char in text if char not in _MARKUP_SIGNS and category(char) in ("So", "Sm", "Sc"))
