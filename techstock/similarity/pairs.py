"""Detection of duplicate pairs. Each pair has one kind, the strongest that applies, which is decided here."""

from collections.abc import Callable, Iterable, Iterator
from itertools import combinations, pairwise

import msgspec

from techstock.similarity.units import Unit
from techstock.similarity.views import Views
from techstock.similarity.words import grams, numbers, weight

EXACT, SENTENCE, REPEATED, TERM, CONFLICT, NEAR = "exact", "sentence", "repeated", "term", "conflict", "near"
# More copies of one thing are compared with their neighbours only, so that the cost grows with the notes. Texts that
# are equal need no more to be one cluster.
_MANY_TEXTS, _MANY_TERMS = 12, 40
# How much text must be shared, in the weight of `words.weight`.
TEXT, LABELLED, SENTENCES, STRANGE = 12, 20, 16, 30
DEFINED = 10  # what the shorter of two definitions of one term must say
ENGLISH = 8  # words; what is shorter repeats by chance
OVERLAP, CONTAINED = 0.25, 0.6  # of the grams of two definitions, and of the smaller one


class Pair(msgspec.Struct, frozen=True):
    """Two entries, by index, the first before the second.

    `score` is 0 to 1, `shared` is the normalized sentence in both. `whole`: their nested entries are copied, too.
    """

    first: int
    second: int
    kind: str
    score: float
    shared: str = ""
    whole: bool = False


def pairs(views: Views) -> list[Pair]:
    """Return every pair of any kind but near, once, in the order of its entries."""
    found: dict[tuple[int, int], Pair] = {}
    signs = (
        (_texts, _exact, _MANY_TEXTS),
        (sentence_handles, _sentence, _MANY_TEXTS),
        (_lists, _repeated, _MANY_TERMS),
        (term_handles, _term, _MANY_TERMS),
    )
    for handles, decide, many in signs:
        for first, second in _candidates(views, handles, many):
            one, other = views.units[first], views.units[second]
            if (first, second) in found or views.translations(one, other):
                continue
            if pair := decide(views, first, second):
                found[first, second] = pair
    return [found[key] for key in sorted(found)]


_Handles = Callable[[Unit], Iterable[object]]


def _candidates(views: Views, handles: _Handles, many: int) -> Iterator[tuple[int, int]]:
    """Yield the pairs of entries in one scope that share a key; only neighbours if more than `many` share it."""
    groups: dict[tuple[object, object], list[int]] = {}
    for index, unit in enumerate(views.units):
        for handle in () if views.repeats_translation(index) else handles(unit):
            groups.setdefault((views.group(unit), handle), []).append(index)
    for members in groups.values():
        if len(members) > 1:
            yield from combinations(members, 2) if len(members) <= many else pairwise(members)


def _texts(unit: Unit) -> Iterable[object]:
    return (unit.own if unit.body else (unit.own, unit.items),)


def sentence_handles(unit: Unit) -> Iterable[str]:
    """Return the sentences by which entries that may share one are matched."""
    return {sentence for sentence in unit.sentences if weight(sentence) >= SENTENCES}


def _lists(unit: Unit) -> Iterable[object]:
    return ((unit.note, unit.list, unit.name),) if unit.name else ()


def term_handles(unit: Unit) -> Iterable[str]:
    """Return the keys by which entries that may define the same term are matched."""
    return {key for key in (unit.key, unit.short) if key}


def _exact(views: Views, first: int, second: int) -> Pair | None:
    """Return a pair if two entries have the same text; a term without text is compared with its nested entries."""
    a, b = views.units[first], views.units[second]
    if views.nested(a, b) or not (a.body or a.items) or is_short_english(a) or views.is_property(a, b):
        return None
    total = a.weight if a.body else a.weight + sum(map(weight, a.items))
    least = STRANGE if views.cousins(a, b) else LABELLED if views.is_label(a) else TEXT
    return Pair(first, second, EXACT, 1.0, whole=_is_block(a, b)) if total >= least else None


def is_short_english(unit: Unit) -> bool:
    """Return whether a text is English and so short that it repeats by chance; ✅ and → do not count as words."""
    items = () if unit.body else unit.items
    if not (unit.own.isascii() and all(map(str.isascii, items))):
        return False
    return sum(any(map(str.isalnum, word)) for word in unit.text.split()) + len(items) < ENGLISH


def least_sentence(views: Views, a: Unit, b: Unit, sentence: str) -> int:
    """Return the least weight of a sentence that two entries share, in units of `compute_weight`."""
    if views.cousins(a, b) or (a.key and b.key and a.key != b.key):
        return STRANGE
    return LABELLED if sentence.isascii() else SENTENCES


def _sentence(views: Views, first: int, second: int) -> Pair | None:
    """Return a pair if two entries share a whole sentence; under different terms it must have more weight."""
    a, b = views.units[first], views.units[second]
    if views.siblings(a, b) or views.nested(a, b) or views.is_label(a) != views.is_label(b) or views.is_property(a, b):
        return None
    best = max(set(a.sentences) & set(b.sentences), key=lambda sentence: (weight(sentence), sentence))
    if weight(best) < least_sentence(views, a, b, best):
        return None
    score = weight(best) / max(weight(a.body), weight(b.body))
    return Pair(first, second, SENTENCE, min(score, 1.0), best, whole=_is_block(a, b))


def _repeated(views: Views, first: int, second: int) -> Pair | None:
    """Return a pair if a term appears exactly twice in one list."""
    a = views.units[first]
    if views.times(a) > 2 or views.is_label(a):
        return None
    return Pair(first, second, REPEATED, 1.0)


def _term(views: Views, first: int, second: int) -> Pair | None:
    """Return a pair if two entries define one term below the same term, with definitions that overlap or conflict."""
    a, b = views.units[first], views.units[second]
    if views.is_label(a) or not views.is_one_term(a, b):
        return None
    if views.nested(a, b) or views.cousins(a, b):
        return None
    jaccard, contained = overlap(a, b)
    if max(jaccard, contained) > 0 and (says_little(a, b) or tells_values(a, b)):
        return None
    if jaccard < OVERLAP and contained < CONTAINED:
        defined = (a.body or a.items) and (b.body or b.items) and not views.siblings(a, b)
        return Pair(first, second, CONFLICT, max(jaccard, contained)) if defined else None
    return Pair(first, second, TERM, max(jaccard, contained), whole=_is_block(a, b))


def overlap(a: Unit, b: Unit) -> tuple[float, float]:
    """Return how much two definitions, with all nested entries, share of their trigrams.

    The first number is their Jaccard index, the second the share of the smaller set; both are 0 to 1.
    """
    one, other = grams(a.body + "".join(a.items)), grams(b.body + "".join(b.items))
    common = len(one & other)
    return (common / len(one | other), common / min(len(one), len(other))) if common else (0.0, 0.0)


def says(unit: Unit, whole: bool = False) -> float:
    """Return the weight of a definition with all nested entries; `whole` includes its term."""
    return weight("".join((unit.own if whole else unit.body, *unit.items)))


def says_little(a: Unit, b: Unit) -> bool:
    """Return whether one of two definitions is so short that it overlaps with the other by chance."""
    return min(says(unit, a.own == b.own) for unit in (a, b)) < DEFINED


def tells_values(a: Unit, b: Unit) -> bool:
    """Return whether each of two short definitions has a number that the other lacks: one quantity of two things."""
    if min(says(unit) for unit in (a, b)) >= LABELLED:
        return False
    one, other = numbers(a.text), numbers(b.text)
    return bool(one - other and other - one)


def _is_block(a: Unit, b: Unit) -> bool:
    """Return whether most nested entries of the smaller entry are also nested in the other."""
    one, other = set(a.items), set(b.items)
    return bool(one & other) and len(one & other) >= 0.6 * min(len(one), len(other))
