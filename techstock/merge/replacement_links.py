"""Replacements of copies: the term, and a link to its definition."""

import re
from bisect import bisect_left

from techstock.duplicates.entries import ComparedEntry
from techstock.duplicates.pair_suppressions import get_display_name
from techstock.duplicates.prose import HEADED, get_compared_entry
from techstock.duplicates.term_keys import normalize_term, strip_term_markup
from techstock.links.anchors import get_anchors, iter_heading_texts
from techstock.merge.entry_tree import find_definition_offset
from techstock.merge.relocation import format_link_path
from techstock.model import Corpus, Note, Span

_LETTER = re.compile(r"[^\W\d_]")
_MARKDOWN_SPECIAL = re.compile(r"([\\`*\[\]<>|~]|&(?=[#\w])|(?<!\w)_|_(?!\w))")
_MAX_TITLE_LENGTH = 60  # characters that may stand before the arrow
_ARROW = re.compile(r"[ \u3000]*[→⇒][ \u3000]*$")


class KeptCopyLinker:
    """Formats links to the copy that is kept."""

    def __init__(self, corpus: Corpus, kept: ComparedEntry) -> None:
        self._corpus = corpus
        self.note = corpus.notes[kept.note]
        self._name = get_display_name(corpus, kept)
        start = get_compared_entry(self.note, kept.entry).place.start
        at = _find_heading_above(self.note, start + 1 if kept.form == HEADED else start)
        self.anchor = get_anchors(self.note).headings[at] if at >= 0 else ""
        self._title = list(iter_heading_texts(self.note))[at].strip() if at >= 0 else ""

    def format_link(self, here: Note, own: str) -> str:
        """Return a link from the note `here` to the kept copy; `own` is the term of the copy that it replaces."""
        path = "" if here.path == self.note.path and self.anchor else format_link_path(here, self.note)
        anchor = f"#{self.anchor}" if self.anchor else ""
        text = _MARKDOWN_SPECIAL.sub(r"\\\1", self._choose_link_text(here, own))
        return f"[{text}]({path}{anchor})"

    def _choose_link_text(self, here: Note, own: str) -> str:
        called = strip_term_markup(self._name).strip()
        if called and normalize_term(self._name) != normalize_term(own) and "](" not in called and "://" not in called:
            return called
        file = self.note.path.rpartition("/")[2]
        title = " ".join(self._title.split())
        if not title:
            return file
        return title if _LETTER.search(title) or here.path == self.note.path else f"{file}, {title}"


def _find_heading_above(note: Note, at: int) -> int:
    """Return the index of the nearest top-level heading above an offset; -1 if there is none."""
    index = bisect_left(note.headings, at, key=lambda heading: heading.place.start) - 1
    while index >= 0 and note.headings[index] not in note.outer_headings:
        index -= 1
    return index


def make_replacement_link(corpus: Corpus, copy: ComparedEntry, goal: KeptCopyLinker) -> tuple[Span, str]:
    """Return the span of a copy to replace, and its new text: a link after the term, nothing nested."""
    note = corpus.notes[copy.note]
    entry = note.entries[copy.entry]
    link = goal.format_link(note, get_display_name(corpus, copy))
    length = find_definition_offset(note, copy.entry)
    before = entry.head.extract_from(note.text)[:length]
    if not length and _is_short_title(note, copy):
        before = entry.head.extract_from(note.text).rstrip() + " "
    arrow = _ARROW.search(before)
    if arrow:
        before = before[: arrow.start()] + " "
    if entry.term is not None and not _has_balanced_marks(before):
        before = f"{strip_term_markup(entry.name)}: "
    gap = "" if not before or before[-1] in " \t：・…\u3000" else " "
    return Span(entry.head.start, entry.place.end), f"{before}{gap}→ {link}"


def _is_short_title(note: Note, copy: ComparedEntry) -> bool:
    """Return whether the text of a copy is a short title of the entries nested in it."""
    text = note.entries[copy.entry].head.extract_from(note.text)
    short = len(text) < _MAX_TITLE_LENGTH and "\n" not in text and not any(c in text for c in "。:：")
    return bool(copy.items) and not copy.body and short


def _has_balanced_marks(text: str) -> bool:
    return all(text.count(mark) % 2 == 0 for mark in ("**", "__", "`"))
