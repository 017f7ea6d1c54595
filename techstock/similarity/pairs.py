"""Which two entries say the same, and by which rule. One pair has one rule: this is where it is decided."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations, pairwise
from posixpath import dirname

import msgspec

from techstock.model import Corpus
from techstock.similarity.terms import is_label
from techstock.similarity.units import Unit
from techstock.similarity.words import grams, weight

EXACT, SENTENCE, TERM, NEAR = "exact", "sentence", "term", "near"
_MANY = 40  # more copies of one text are compared with their neighbours only


class Pair(msgspec.Struct, frozen=True):
    """Two units, by index, the first before the second; `whole`: their nested items are copies, too."""

    first: int
    second: int
    kind: str
    score: float
    shared: str = ""
    whole: bool = False


class Views:
    """The units of a corpus with what a comparison asks about them."""

    def __init__(self, corpus: Corpus, units: Sequence[Unit], scope: str) -> None:
        self.corpus = corpus
        self.units = units
        self.scope = scope
        self.labels = _labels(units)
        self.index = {(unit.note, unit.entry): number for number, unit in enumerate(units)}

    def group(self, unit: Unit) -> object:
        path = self.corpus.notes[unit.note].path
        return {"file": unit.note, "directory": dirname(path), "corpus": 0}[self.scope]

    def siblings(self, a: Unit, b: Unit) -> bool:
        if a.note != b.note:
            return False
        entries = self.corpus.notes[a.note].entries
        return entries[a.entry].list == entries[b.entry].list or entries[a.entry].parent == entries[b.entry].parent >= 0

    def cousins(self, a: Unit, b: Unit) -> bool:
        if a.note != b.note:
            return False
        entries = self.corpus.notes[a.note].entries
        one, other = entries[a.entry].parent, entries[b.entry].parent
        return one >= 0 and other >= 0 and one != other and entries[one].list == entries[other].list

    def nested(self, a: Unit, b: Unit) -> bool:
        return a.note == b.note and (self._above(a, b) or self._above(b, a))

    def _above(self, a: Unit, b: Unit) -> bool:
        entries = self.corpus.notes[a.note].entries
        return entries[a.entry].place.holds(entries[b.entry].place)

    def is_label(self, unit: Unit) -> bool:
        return bool(unit.key) and (is_label(unit.key) or unit.key in self.labels)


def _labels(units: Iterable[Unit]) -> frozenset[str]:
    """Nested terms under four or more different parents."""
    parents: dict[str, set[str]] = {}
    for unit in units:
        if unit.key and unit.depth > 1:
            parents.setdefault(unit.key, set()).add(unit.parent)
    return frozenset(key for key, above in parents.items() if len(above) >= 4)


def pairs(views: Views) -> list[Pair]:
    """Every pair that some rule reports, once, in the order of its units."""
    found: dict[tuple[int, int], Pair] = {}
    for kind, decide in ((EXACT, _exact), (SENTENCE, _sentence), (TERM, _term)):
        for first, second in _candidates(views, kind):
            if (first, second) in found:
                continue
            pair = decide(views, first, second)
            if pair:
                found[first, second] = pair
    return [found[key] for key in sorted(found)]


def _candidates(views: Views, kind: str) -> Iterator[tuple[int, int]]:
    groups: dict[tuple[object, str], list[int]] = {}
    for index, unit in enumerate(views.units):
        for text in _handles(unit, kind):
            groups.setdefault((views.group(unit), text), []).append(index)
    for members in groups.values():
        if 1 < len(members):
            yield from combinations(members, 2) if len(members) <= _MANY else pairwise(members)


def _handles(unit: Unit, kind: str) -> Iterable[str]:
    if kind == EXACT:
        return (unit.own,) if unit.body else ("\0".join((unit.own, *unit.items)),)
    if kind == SENTENCE:
        return {s for s in unit.sentences if weight(s) >= 16}
    return {key for key in (unit.key, unit.short) if key}


def _exact(views: Views, first: int, second: int) -> Pair | None:
    a, b = views.units[first], views.units[second]
    if views.nested(a, b):
        return None
    whole = a.items == b.items and bool(a.items)
    total = a.weight if a.body else a.weight + sum(map(weight, a.items))
    if not a.body and not a.items:
        return None
    least = 12.0
    if views.is_label(a):
        least = 20
    if views.cousins(a, b):
        least = 30
    if total < least or _is_short_english(a):
        return None
    return Pair(first, second, EXACT, 1.0, whole=whole)


def _is_short_english(unit: Unit) -> bool:
    text = unit.text if unit.body else unit.text + " ".join(unit.items)
    return text.isascii() and len(text.split()) < 8


def _sentence(views: Views, first: int, second: int) -> Pair | None:
    a, b = views.units[first], views.units[second]
    if views.siblings(a, b) or views.nested(a, b) or views.is_label(a) != views.is_label(b):
        return None
    shared = set(a.sentences) & set(b.sentences)
    if not shared:
        return None
    best = max(shared, key=lambda s: (weight(s), s))
    same = bool(a.key) and (a.key == b.key)
    least = 16.0 if same or not (a.key and b.key) else 30.0
    if views.cousins(a, b):
        least = 30
    if weight(best) < least:
        return None
    return Pair(first, second, SENTENCE, weight(best) / max(weight(a.body), weight(b.body), 1), best)


def _term(views: Views, first: int, second: int) -> Pair | None:
    a, b = views.units[first], views.units[second]
    if views.nested(a, b) or a.other != b.other or views.is_label(a):
        return None
    if (a.depth > 1 and b.depth > 1) and a.parent != b.parent:
        return None
    one, other = grams(a.body + "".join(a.items)), grams(b.body + "".join(b.items))
    if not one or not other:
        return None
    common = len(one & other)
    jaccard, contained = common / len(one | other), common / min(len(one), len(other))
    if jaccard < 0.25 and contained < 0.6:
        return None
    kept = set(a.items) & set(b.items)
    whole = bool(kept) and len(kept) >= 0.6 * min(len(set(a.items)), len(set(b.items)))
    return Pair(first, second, TERM, max(jaccard, contained), whole=whole)
