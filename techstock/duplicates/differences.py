"""Differences of copies that are mistakes: another number, name, letter or negation in a sentence that they share.

What one copy says beside the other is no difference of this kind: it is the fuller copy.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Any

from techstock.duplicates.difference_rules import LETTER, MIN_EQUAL, Difference, compare_pair, is_slip, make_difference
from techstock.duplicates.difference_tokens import (
    NUMBER,
    Token,
    TokenizedSentence,
    have_equal_quantity,
    tokenize_sentences,
)
from techstock.duplicates.entries import ComparedEntry
from techstock.duplicates.normalize import casefold_nfkc
from techstock.duplicates.prose import get_compared_entry
from techstock.duplicates.term_keys import is_same_term
from techstock.model import Corpus, Note, Span

_MAX_SENTENCES = 100  # of one copy that are not in the other
_MAX_TOKENS = 300  # of a sentence
_MAX_RECURRENCE = 200  # sentences; what is in more of them tells none
_MAX_CANDIDATES = 5  # sentences of the other copy
_LEAD = re.compile(r"[\s>]*(?:[-*+][ \t]+)*(?:\(?[0-9]{1,4}[.)．）:：]?[ \t\u3000]+)?")
_UNREAD_BLOCKS = frozenset(("fence", "code", "html", "math", "front-matter"))


def build_difference_data(corpus: Corpus, found: Iterable[Difference]) -> list[dict[str, Any]]:
    """Return differences as plain values, each once; lines and columns count from 1."""
    data = [
        {
            "kind": one.kind,
            "here": one.here,
            "there": one.there,
            "place": _build_place(corpus, one.place),
            "other": _build_place(corpus, one.other),
        }
        for one in found
    ]
    return [one for index, one in enumerate(data) if one not in data[:index]]


def _build_place(corpus: Corpus, place: Span) -> dict[str, Any]:
    line, column = corpus.find_position(place)
    return {"path": place.path, "line": line, "column": column}


def find_copy_differences(corpus: Corpus, here: ComparedEntry, there: ComparedEntry) -> list[Difference]:
    """Return the differences of two copies, with all that is nested in them, in the order of the first."""
    if here.own == there.own and here.items == there.items:
        return []
    ours, theirs = corpus.notes[here.note], corpus.notes[there.note]
    found = _compare_terms(ours, here, theirs, there)
    if here.key and there.key and not (is_same_term(here, there) or found):
        return []  # two things
    one, other = (_tokenize_copy(*copy) for copy in ((ours, here), (theirs, there)))
    return found + compare_sentences(one, other)


class NoteComparison:
    """Comparison of notes that are copies of each other; the lines of a note are read once."""

    def __init__(self) -> None:
        self._lines: dict[str, dict[str, list[Span]]] = {}
        self._sentences: dict[Span, list[TokenizedSentence]] = {}

    def find_differences(self, ours: Note, theirs: Note) -> list[Difference]:
        """Return the differences of two notes, of which one is mostly in the other, in the order of the first."""
        one, other = (self._collect_lines(note) for note in (ours, theirs))
        return compare_sentences(*(self._tokenize(*two) for two in ((ours, one, other), (theirs, other, one))))

    def _collect_lines(self, note: Note) -> dict[str, list[Span]]:
        if note.path not in self._lines:
            found = self._lines[note.path] = {}
            for place in _iter_lines(note):
                found.setdefault("".join(casefold_nfkc(place.extract_from(note.text)).split()), []).append(place)
        return self._lines[note.path]

    def _tokenize(self, note: Note, lines: dict[str, list[Span]], other: Container[str]) -> list[TokenizedSentence]:
        """Return the sentences of the lines that the other note does not have."""
        found: list[TokenizedSentence] = []
        for place in sorted(place for line, places in lines.items() if line not in other for place in places):
            if place not in self._sentences:
                self._sentences[place] = tokenize_sentences(note, place)
            found += self._sentences[place]
        return found


def _iter_lines(note: Note) -> Iterator[Span]:
    """Yield the lines of running text of a note, without the markers and numbers before it."""
    unread = [block.place for block in note.blocks if block.kind in _UNREAD_BLOCKS]
    unread += [heading.place for heading in note.headings]
    unread.sort()
    starts = [place.start for place in unread]
    for start, end in zip(note.lines.starts, note.lines.ends, strict=True):
        index = bisect_right(starts, start) - 1
        if start < end and (index < 0 or unread[index].end <= start):
            lead = _LEAD.match(note.text, start, end)
            yield Span(lead.end() if lead else start, end, note.path)


def _tokenize_copy(note: Note, unit: ComparedEntry) -> list[TokenizedSentence]:
    """Return the sentences of the definition of a copy, and of the entries nested in it."""
    entry = get_compared_entry(note, unit.entry)
    spans = [entry.definition or entry.head]
    for index in range(unit.entry + 1, len(note.entries)):
        if not entry.place.contains(note.entries[index].place):
            break
        spans.append(note.entries[index].head)
    return [sentence for span in spans for sentence in tokenize_sentences(note, span)]


def _compare_terms(ours: Note, here: ComparedEntry, theirs: Note, there: ComparedEntry) -> list[Difference]:
    """Return the letter in which two terms differ; none if they are one term, or two."""
    one, other = (_tokenize_term(*copy) for copy in ((ours, here), (theirs, there)))
    if len(one) != len(other):
        return []
    pairs = [(a, b) for a, b in zip(one, other, strict=True) if a.key != b.key]
    if len(pairs) != 1 or not is_slip(*pairs[0]):
        return []
    return [make_difference(LETTER, *([token] for token in pairs[0]))]


def _tokenize_term(note: Note, unit: ComparedEntry) -> list[Token]:
    term = get_compared_entry(note, unit.entry).term
    return [token for sentence in tokenize_sentences(note, term) for token in sentence.make_tokens()] if term else []


def compare_sentences(ours: Sequence[TokenizedSentence], theirs: Sequence[TokenizedSentence]) -> list[Difference]:
    """Return the differences between the sentences of two copies that are the same but for these."""
    known = [{sentence.keys for sentence in some} for some in (ours, theirs)]
    one = [sentence for sentence in ours if sentence.keys not in known[1]]
    other = [sentence for sentence in theirs if sentence.keys not in known[0]]
    if not one or not other:
        return []
    if len(one) == len(other) == 1 and len(ours) == len(theirs) > 1 and len(one[0]) == len(other[0]) == 1:
        return _compare_lone_tokens(*one[0].make_tokens(), *other[0].make_tokens())
    found: list[Difference] = []
    for a, b in _pair_sentences(one[:_MAX_SENTENCES], other):
        found += compare_pair(a, b)
    return found


def _compare_lone_tokens(here: Token, there: Token) -> list[Difference]:
    """Return the difference of two sentences of one number each, where all around them is the same."""
    are_numbers = here.kind == there.kind == NUMBER and not have_equal_quantity(here.key, there.key)
    return [make_difference(NUMBER, (here,), (there,))] if are_numbers else []


def _pair_sentences(
    one: Sequence[TokenizedSentence], other: Sequence[TokenizedSentence]
) -> Iterator[tuple[TokenizedSentence, TokenizedSentence]]:
    """Yield the sentences that are most alike, each once."""
    taken: tuple[set[int], set[int]] = (set(), set())
    chosen = []
    for _, _, i, j in sorted(_score_pairs(one, other)):
        if i not in taken[0] and j not in taken[1]:
            taken[0].add(i)
            taken[1].add(j)
            chosen.append((i, j))
    return ((one[i], other[j]) for i, j in sorted(chosen))


def _score_pairs(
    one: Sequence[TokenizedSentence], other: Sequence[TokenizedSentence]
) -> Iterator[tuple[float, int, int, int]]:
    """Yield the pairs that are alike: minus their likeness, how far apart they are, and both by index."""
    index = _index_keys(other)
    counts: dict[int, Counter[str]] = {}
    for i, sentence in enumerate(one):
        if len(sentence) > _MAX_TOKENS:
            continue
        own, votes = Counter(sentence.keys), Counter[int]()
        for key in own:
            if len(some := index.get(key, ())) <= _MAX_RECURRENCE:
                votes.update(some)
        for j, _ in votes.most_common(_MAX_CANDIDATES):
            shortest, longest = sorted((len(sentence), len(other[j])))
            if longest > _MAX_TOKENS or shortest < MIN_EQUAL * longest:
                continue
            if j not in counts:
                counts[j] = Counter(other[j].keys)
            common = (own & counts[j]).total()
            if common >= MIN_EQUAL * longest:
                yield -common / longest, abs(i - j), i, j


def _index_keys(sentences: Iterable[TokenizedSentence]) -> dict[str, list[int]]:
    """Return the indexes of the sentences that have each key."""
    index: dict[str, list[int]] = {}
    for number, sentence in enumerate(sentences):
        for key in dict.fromkeys(sentence.keys):
            index.setdefault(key, []).append(number)
    return index
