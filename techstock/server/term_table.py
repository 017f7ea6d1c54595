"""The terms of all notes, kept up to date note by note, and the one at a place in a text."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from techstock.duplicates.entries import make_natural_sort_key
from techstock.duplicates.term_keys import is_label, make_term_keys, normalize_term, strip_term_markup
from techstock.model import Corpus, Note, Span, compute_once
from techstock.survey.term_index import DefinitionTexts
from techstock.text.sort_key import fold_kana

_MAX_LENGTH = 40  # characters of a term that is looked for in running text


class NoteTerm(msgspec.Struct, frozen=True):
    """A term entry of a note: `name` is the term as it is shown, `place` its span with the path.

    `keys` are the names by which it is found: its own, those in parentheses that mean the same, and how it is written.
    `entry` is the index of the entry. `folded` is the name in the form in which it is searched.
    """

    name: str
    place: Span
    keys: tuple[str, ...]
    entry: int
    folded: str


def list_note_terms(note: Note) -> tuple[NoteTerm, ...]:
    """Return the term entries of a note, without labels such as 例, computed once."""
    return compute_once(note, _find_note_terms)


def _find_note_terms(note: Note) -> tuple[NoteTerm, ...]:
    return tuple(_iter_note_terms(note))


def _iter_note_terms(note: Note) -> Iterator[NoteTerm]:
    for index, entry in enumerate(note.entries):
        if not entry.name or entry.term is None:
            continue
        plain = normalize_term(entry.name)
        if is_label(plain):
            continue
        key, short, _ = make_term_keys(entry.name)
        keys = tuple(dict.fromkeys(filter(None, (key, short, plain))))
        name = " ".join(strip_term_markup(entry.name).split())
        yield NoteTerm(name, note.add_path_to(entry.term), keys, index, fold_search(name))


def fold_search(text: str) -> str:
    """Return a text in the form in which terms are searched: without case, width, spaces, and kana all katakana."""
    return fold_kana(normalize_term(text))


class TermTable:
    """The terms of a corpus by their keys. `refresh` takes the notes that are not those of the last time."""

    def __init__(self) -> None:
        self._notes: dict[str, Note] = {}
        self._by_key: dict[str, dict[str, list[NoteTerm]]] = {}  # by key and path
        self._by_start: dict[str, set[str]] = {}  # keys by the first character of their searched form

    def refresh(self, corpus: Corpus) -> None:
        """Take the terms of this corpus."""
        current = corpus.by_path
        for path in [path for path, note in self._notes.items() if current.get(path) is not note]:
            self._remove(self._notes.pop(path))
        if len(self._notes) != len(current):
            for path, note in current.items():
                if path not in self._notes:
                    self._notes[path] = note
                    self._add(note)

    def find_terms(self, key: str) -> list[NoteTerm]:
        """Return the entries of a term, and of the terms that mean the same, in reading order."""
        first = self._by_key.get(key, {})
        keys = {key, *(other for terms in first.values() for term in terms for other in term.keys)}
        found = {term.place: term for one in keys for terms in self._by_key.get(one, {}).values() for term in terms}
        return sorted(found.values(), key=lambda term: (make_natural_sort_key(term.place.path), term.place))

    def find_at(self, text: str, line: Span, offset: int) -> tuple[Span, str] | None:
        """Return the longest term around an offset in a line, with its span and its key."""
        low, high = max(line.start, offset - _MAX_LENGTH), min(line.end, offset + _MAX_LENGTH)
        best: tuple[int, int, str] | None = None
        for start in range(low, min(offset + 1, high)):
            if text[start].isspace() or not is_word_edge(text, start):
                continue
            for end in range(min(high, start + _MAX_LENGTH), max(offset, start), -1):
                if best and end - start <= best[1] - best[0]:
                    break
                if text[end - 1].isspace() or not is_word_edge(text, end):
                    continue
                key = normalize_term(text[start:end])
                if key in self._by_key and (len(key) > 1 or _stands_alone(text, start, end)):
                    best = start, end, key
                    break
        return (Span(best[0], best[1]), best[2]) if best else None

    def find_by_beginning(self, folded: str) -> Iterator[NoteTerm]:
        """Yield one entry of each term whose searched form begins with `folded`."""
        for key in self._by_start.get(folded[:1], ()):
            if fold_kana(key).startswith(folded):
                yield self.find_terms(key)[0]

    def search(self, folded: str) -> Iterator[NoteTerm]:
        """Yield the entries of the terms that hold a searched form, in no order."""
        for terms in self._by_key.values():
            for some in terms.values():
                yield from (term for term in some if folded in term.folded)

    def _add(self, note: Note) -> None:
        for term in list_note_terms(note):
            for key in term.keys:
                if key not in self._by_key:
                    self._by_start.setdefault(fold_kana(key[:1]), set()).add(key)
                self._by_key.setdefault(key, {}).setdefault(note.path, []).append(term)

    def _remove(self, note: Note) -> None:
        for term in list_note_terms(note):
            for key in term.keys:
                places = self._by_key.get(key)
                if places is not None:
                    places.pop(note.path, None)
                    if not places:
                        del self._by_key[key]
                        self._by_start[fold_kana(key[:1])].discard(key)


def is_word_edge(text: str, at: int) -> bool:
    """Return whether a word may begin or end at an offset: not within Latin letters and digits, nor within katakana."""
    if not 0 < at < len(text):
        return True
    before, after = text[at - 1], text[at]
    if before.isascii() and after.isascii():
        return not (before.isalnum() and after.isalnum())
    return not (_is_katakana(before) and _is_katakana(after))


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Return whether a term of one character is a word there: 港 is none in 空港, and `C` one only beside spaces."""
    around = text[max(start - 1, 0) : start] + text[end : end + 1]
    if "㐀" <= text[start] <= "鿿":
        return not any("㐀" <= character <= "鿿" for character in around)
    return not any(character.isalnum() for character in around)


def _is_katakana(character: str) -> bool:
    return "ァ" <= character <= "ヺ" or character == "ー" or "ｦ" <= character <= "ﾟ"


def get_definition(corpus: Corpus, term: NoteTerm) -> str:
    """Return the definition at an entry, with a line for each nested one; empty if there is none."""
    note = corpus.by_path[term.place.path]
    return compute_once(note, DefinitionTexts).get_text(term.entry)


def find_uses(notes: Iterable[Note], names: Sequence[str]) -> Iterator[Span]:
    """Yield the spans at which one of these names is written as a word, in the text of the notes."""
    ordered = sorted({name for name in names if name}, key=len, reverse=True)
    for note in notes:
        text, taken = note.text, -1
        for start, end in sorted(_iter_matches(text, ordered), key=lambda match: (match[0], -match[1])):
            if start >= taken and is_word_edge(text, start) and is_word_edge(text, end):
                taken = end
                yield Span(start, end, note.path)


def _iter_matches(text: str, names: Sequence[str]) -> Iterator[tuple[int, int]]:
    for name in names:
        at = text.find(name)
        while at >= 0:
            yield at, at + len(name)
            at = text.find(name, at + 1)
