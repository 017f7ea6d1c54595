"""Replacements of copies: the term, and a link to its definition."""

import re
from bisect import bisect_left

from techstock.merge.moving import path_between
from techstock.merge.outline import lead
from techstock.model import Corpus, Heading, Note, Place
from techstock.references.anchors import Anchors, rendered
from techstock.similarity.apart import name
from techstock.similarity.units import Unit
from techstock.text.labels import shown, term_key

_LETTER = re.compile(r"[^\W\d_]")
_SPECIAL = re.compile(r"([\\`*\[\]<>|~]|&(?=[#\w])|(?<!\w)_|_(?!\w))")
_TITLE = 60  # characters that may stand before the arrow
_ARROW = re.compile(r"[ \u3000]*[→⇒][ \u3000]*$")


class Goal:
    """Formats links to the copy that is kept."""

    def __init__(self, corpus: Corpus, kept: Unit) -> None:
        self._corpus = corpus
        self.note = corpus.notes[kept.note]
        self._name = name(corpus, kept)
        at = _heading_above(self.note, self.note.entries[kept.entry].place.start)
        self.anchor = Anchors(self.note).headings[at] if at >= 0 else ""
        self._title = list(rendered(self.note))[at].strip() if at >= 0 else ""

    def link(self, here: Note, own: str) -> str:
        """Return a link from the note `here` to the kept copy; `own` is the term of the copy that it replaces."""
        path = "" if here.path == self.note.path and self.anchor else path_between(here, self.note)
        anchor = f"#{self.anchor}" if self.anchor else ""
        return f"[{_SPECIAL.sub(_escaped, self._text(here, own))}]({path}{anchor})"

    def _text(self, here: Note, own: str) -> str:
        called = shown(self._name).strip()
        if called and term_key(self._name) != term_key(own) and not _is_link(called):
            return called
        file = self.note.path.rpartition("/")[2]
        title = " ".join(self._title.split())
        if not title:
            return file
        return title if _LETTER.search(title) or here.path == self.note.path else f"{file}, {title}"


def _escaped(match: re.Match[str]) -> str:
    return f"\\{match[1]}"


def _is_link(text: str) -> bool:
    return "](" in text or "://" in text


def _heading_above(note: Note, at: int) -> int:
    """Return the index of the nearest top-level heading above an offset; -1 if there is none."""
    index = bisect_left(note.headings, at, key=lambda heading: heading.place.start) - 1
    while index >= 0 and not _divides(note, note.headings[index]):
        index -= 1
    return index


def _divides(note: Note, heading: Heading) -> bool:
    return heading.entry < 0 and not note.blocks[heading.block].quotes


def pointer(corpus: Corpus, copy: Unit, goal: Goal) -> tuple[Place, str]:
    """Return the span of a copy to replace, and its new text: a link after the term, nothing nested."""
    note = corpus.notes[copy.note]
    entry = note.entries[copy.entry]
    link = goal.link(note, name(corpus, copy))
    length = lead(note, copy.entry)
    before = entry.head.of(note.text)[:length]
    if not length and _is_title(note, copy):
        before = entry.head.of(note.text).rstrip() + " "
    arrow = _ARROW.search(before)
    if arrow:
        before = before[: arrow.start()] + " "
    if entry.term is not None and not _is_even(before):
        before = f"{shown(entry.name)}: "
    gap = "" if not before or before[-1] in " \t：・…\u3000" else " "
    return Place(entry.head.start, entry.place.end), f"{before}{gap}→ {link}"


def _is_title(note: Note, copy: Unit) -> bool:
    """Return whether the text of a copy is a short title of the entries nested in it."""
    text = note.entries[copy.entry].head.of(note.text)
    short = len(text) < _TITLE and "\n" not in text and not any(c in text for c in "。:：")
    return bool(copy.items) and not copy.body and short


def _is_even(text: str) -> bool:
    return all(text.count(mark) % 2 == 0 for mark in ("**", "__", "`"))
