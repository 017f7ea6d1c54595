"""Detection of duplicate pairs. Each pair has one kind, the strongest that applies, which is decided here."""

from collections.abc import Callable, Iterable, Iterator
from itertools import combinations, pairwise

import msgspec

from techstock.duplicates.context import ComparisonContext
from techstock.duplicates.entries import ComparedEntry
from techstock.duplicates.normalize import compute_weight, extract_numbers, extract_trigrams

DEFINITION = "definition"  # a cluster of exact copies and shared sentences
EXACT, SENTENCE, REPEATED, TERM, CONFLICT, NEAR = "exact", "sentence", "repeated", "term", "conflict", "near"
# More copies of one thing are compared with their neighbours only, so that the cost grows with the notes. Texts that
# are equal need no more to be one cluster.
_MANY_TEXTS, _MANY_TERMS = 12, 40
# How much text must be shared, in the weight of `words.weight`.
MIN_TEXT_WEIGHT, MIN_LABELLED_WEIGHT, MIN_SENTENCE_WEIGHT, MIN_UNRELATED_WEIGHT = 12, 20, 16, 30
MIN_DEFINITION_WEIGHT = 10  # what the shorter of two definitions of one term must say
MIN_ENGLISH_WORDS = 8  # words; what is shorter repeats by chance
MIN_OVERLAP, MIN_CONTAINMENT = 0.25, 0.6  # of the grams of two definitions, and of the smaller one


class DuplicatePair(msgspec.Struct, frozen=True):
    """Two entries, by index, the first before the second.

    `score` is 0 to 1, `shared` is the normalized sentence in both. `whole`: their nested entries are copied, too.
    """

    first: int
    second: int
    kind: str
    score: float
    shared: str = ""
    whole: bool = False


def find_pairs(views: ComparisonContext) -> list[DuplicatePair]:
    """Return every pair of any kind but near, once, in the order of its entries."""
    found: dict[tuple[int, int], DuplicatePair] = {}
    signs = (
        (_texts, _exact, _MANY_TEXTS),
        (get_sentence_match_keys, _sentence, _MANY_TEXTS),
        (_lists, _repeated, _MANY_TERMS),
        (get_term_match_keys, _term, _MANY_TERMS),
    )
    for handles, decide, many in signs:
        for first, second in _candidates(views, handles, many):
            one, other = views.units[first], views.units[second]
            if (first, second) in found or views.is_translation(one, other):
                continue
            if pair := decide(views, first, second):
                found[first, second] = pair
    return [found[key] for key in sorted(found)]


_Handles = Callable[[ComparedEntry], Iterable[object]]


def _candidates(views: ComparisonContext, handles: _Handles, many: int) -> Iterator[tuple[int, int]]:
    """Yield the pairs of entries in one scope that share a key; only neighbours if more than `many` share it."""
    groups: dict[tuple[object, object], list[int]] = {}
    for index, unit in enumerate(views.units):
        for handle in () if views.is_untranslated_copy(index) else handles(unit):
            groups.setdefault((views.get_scope_key(unit), handle), []).append(index)
    for members in groups.values():
        if len(members) > 1:
            yield from combinations(members, 2) if len(members) <= many else pairwise(members)


def _texts(unit: ComparedEntry) -> Iterable[object]:
    return (unit.own if unit.body else (unit.own, unit.items),)


def get_sentence_match_keys(unit: ComparedEntry) -> Iterable[str]:
    """Return the sentences by which entries that may share one are matched."""
    return {sentence for sentence in unit.sentences if compute_weight(sentence) >= MIN_SENTENCE_WEIGHT}


def _lists(unit: ComparedEntry) -> Iterable[object]:
    return ((unit.note, unit.list, unit.name),) if unit.name else ()


def get_term_match_keys(unit: ComparedEntry) -> Iterable[str]:
    """Return the keys by which entries that may define the same term are matched."""
    return {key for key in (unit.key, unit.short) if key}


def _exact(views: ComparisonContext, first: int, second: int) -> DuplicatePair | None:
    """Return a pair if two entries have the same text; a term without text is compared with its nested entries."""
    a, b = views.units[first], views.units[second]
    if views.is_nested(a, b) or not (a.body or a.items) or is_short_english(a) or views.is_shared_property(a, b):
        return None
    total = a.weight if a.body else a.weight + sum(map(compute_weight, a.items))
    least = (
        MIN_UNRELATED_WEIGHT if views.is_cousin(a, b) else MIN_LABELLED_WEIGHT if views.is_label(a) else MIN_TEXT_WEIGHT
    )
    return DuplicatePair(first, second, EXACT, 1.0, whole=_is_block(a, b)) if total >= least else None


def is_short_english(unit: ComparedEntry) -> bool:
    """Return whether a text is English and so short that it repeats by chance; ✅ and → do not count as words."""
    items = () if unit.body else unit.items
    if not (unit.own.isascii() and all(map(str.isascii, items))):
        return False
    return sum(any(map(str.isalnum, word)) for word in unit.text.split()) + len(items) < MIN_ENGLISH_WORDS


def get_min_sentence_weight(views: ComparisonContext, a: ComparedEntry, b: ComparedEntry, sentence: str) -> int:
    """Return the least weight of a sentence that two entries share, in units of `compute_weight`."""
    if views.is_cousin(a, b) or (a.key and b.key and a.key != b.key):
        return MIN_UNRELATED_WEIGHT
    return MIN_LABELLED_WEIGHT if sentence.isascii() else MIN_SENTENCE_WEIGHT


def _sentence(views: ComparisonContext, first: int, second: int) -> DuplicatePair | None:
    """Return a pair if two entries share a whole sentence; under different terms it must have more weight."""
    a, b = views.units[first], views.units[second]
    if (
        views.is_sibling(a, b)
        or views.is_nested(a, b)
        or views.is_label(a) != views.is_label(b)
        or views.is_shared_property(a, b)
    ):
        return None
    best = max(set(a.sentences) & set(b.sentences), key=lambda sentence: (compute_weight(sentence), sentence))
    if compute_weight(best) < get_min_sentence_weight(views, a, b, best):
        return None
    score = compute_weight(best) / max(compute_weight(a.body), compute_weight(b.body))
    return DuplicatePair(first, second, SENTENCE, min(score, 1.0), best, whole=_is_block(a, b))


def _repeated(views: ComparisonContext, first: int, second: int) -> DuplicatePair | None:
    """Return a pair if a term appears exactly twice in one list."""
    a = views.units[first]
    if views.count_term_in_list(a) > 2 or views.is_label(a):
        return None
    return DuplicatePair(first, second, REPEATED, 1.0)


def _term(views: ComparisonContext, first: int, second: int) -> DuplicatePair | None:
    """Return a pair if two entries define one term below the same term, with definitions that overlap or conflict."""
    a, b = views.units[first], views.units[second]
    if views.is_label(a) or not views.has_same_term(a, b):
        return None
    if views.is_nested(a, b) or views.is_cousin(a, b):
        return None
    jaccard, contained = compute_overlap(a, b)
    if max(jaccard, contained) > 0 and (is_too_short(a, b) or has_different_numbers(a, b)):
        return None
    if jaccard < MIN_OVERLAP and contained < MIN_CONTAINMENT:
        defined = (a.body or a.items) and (b.body or b.items) and not views.is_sibling(a, b)
        return DuplicatePair(first, second, CONFLICT, max(jaccard, contained)) if defined else None
    return DuplicatePair(first, second, TERM, max(jaccard, contained), whole=_is_block(a, b))


def compute_overlap(a: ComparedEntry, b: ComparedEntry) -> tuple[float, float]:
    """Return how much two definitions, with all nested entries, share of their trigrams.

    The first number is their Jaccard index, the second the share of the smaller set; both are 0 to 1.
    """
    one, other = extract_trigrams(a.body + "".join(a.items)), extract_trigrams(b.body + "".join(b.items))
    common = len(one & other)
    return (common / len(one | other), common / min(len(one), len(other))) if common else (0.0, 0.0)


def compute_definition_weight(unit: ComparedEntry, whole: bool = False) -> float:
    """Return the weight of a definition with all nested entries; `whole` includes its term."""
    return compute_weight("".join((unit.own if whole else unit.body, *unit.items)))


def is_too_short(a: ComparedEntry, b: ComparedEntry) -> bool:
    """Return whether one of two definitions is so short that it overlaps with the other by chance."""
    return min(compute_definition_weight(unit, a.own == b.own) for unit in (a, b)) < MIN_DEFINITION_WEIGHT


def has_different_numbers(a: ComparedEntry, b: ComparedEntry) -> bool:
    """Return whether each of two short definitions has a number that the other lacks: one quantity of two things."""
    if min(compute_definition_weight(unit) for unit in (a, b)) >= MIN_LABELLED_WEIGHT:
        return False
    one, other = extract_numbers(a.text), extract_numbers(b.text)
    return bool(one - other and other - one)


def _is_block(a: ComparedEntry, b: ComparedEntry) -> bool:
    """Return whether most nested entries of the smaller entry are also nested in the other."""
    one, other = set(a.items), set(b.items)
    return bool(one & other) and len(one & other) >= 0.6 * min(len(one), len(other))
