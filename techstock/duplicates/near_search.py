"""Search for near duplicates over all pairs of entries, with few comparisons.

Tokens are ordered from the rarest to the most frequent. Two sets that share three fifths of their tokens also share two
of their first tokens, so only sets that do are compared ("prefix filtering": Chaudhuri 2006, Bayardo 2007, Xiao 2008;
with more than one common token: Wang 2012). Looking up one more token saves most of the comparisons.
"""

from __future__ import annotations  # array takes no parameter before Python 3.12

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import count, product

from techstock.duplicates.context import ComparisonContext
from techstock.duplicates.normalize import tokenize_text
from techstock.duplicates.prose import PARAGRAPH

MIN_NEAR_WEIGHT = 20  # in the weight of `words.weight`; what says less is alike by chance
_MIN_SHARED_TOKENS = 2  # of the rarest tokens of each are in both; where fewer must be, these
# Where very many texts are alike, each is compared with those that are nearest to it in size, and is joined with some:
# so the cost grows with the notes. They are one finding all the same.
_MAX_MATCHES, _MAX_POSTINGS = 100, 1_000
_MAX_PAIRS = 100  # of entries, for two texts that are alike and were each written many times
JACCARD_SCALE, MIN_JACCARD, MIN_JACCARD_IN_NOTE = (
    5,
    3,
    4,
)  # a Jaccard index of three fifths; four fifths within one note


def find_near_pairs(views: ComparisonContext) -> Iterator[tuple[int, int, float]]:
    """Yield every pair of near entries in one scope, by index, the first before the second, with its score.

    The score is the Jaccard index of their tokens, .6 to 1, and .8 to 1 within one note. Entries with the same
    normalized text are no near pair. The pairs of one scope are in order; scopes follow the order of their first
    entries.
    """
    groups: dict[object, dict[str, array[int]]] = {}
    for index, unit in enumerate(views.units):
        if unit.form != PARAGRAPH and unit.weight >= MIN_NEAR_WEIGHT and not views.is_untranslated_copy(index):
            group = groups.setdefault(views.get_scope_key(unit), {})
            group.setdefault(unit.text, array("i")).append(index)
    for group in groups.values():
        yield from sorted(_find_group_pairs(views, group))


def _find_group_pairs(views: ComparisonContext, group: dict[str, array[int]]) -> Iterator[tuple[int, int, float]]:
    copies = list(group.values())
    for one, other, common, union in find_similar_texts(list(group)):
        for pair in _pair_copies(copies[one], copies[other]):
            first, second = min(pair), max(pair)
            a, b = views.units[first], views.units[second]
            if a.own != b.own and (a.note != b.note or common * JACCARD_SCALE >= union * MIN_JACCARD_IN_NOTE):
                yield first, second, common / union


def _pair_copies(one: Sequence[int], other: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield each copy of one text with each of another; where there are very many, as many as hold all together."""
    if len(one) * len(other) <= _MAX_PAIRS:
        yield from product(one, other)
        return
    yield from ((first, other[0]) for first in one)
    yield from ((one[0], second) for second in other[1:])


def find_similar_texts(texts: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield pairs of texts, by index, that share three fifths of their tokens, with sizes of intersection and union.

    The search is complete if no text has more than 100 matches among texts of at most its size, and no token that
    counts is in more than 1,000 texts.
    """
    if len(texts) < 2:
        return
    sizes, documents = _encode_texts(texts)
    index: dict[int, array[int]] = {}
    order = sorted(range(len(texts)), key=sizes.__getitem__)
    sorted_sizes = array("i", map(sizes.__getitem__, order))
    for place, number in enumerate(order):
        document, size = documents[number], sizes[number]
        alone = size - len(document)  # tokens of no other text: the rarest of all, and not in the document
        prefix = document[: max(_compute_prefix_length(size) - alone, 0)]
        least = _compute_min_common(size)
        candidates = _find_candidates(index, prefix, bisect_left(sorted_sizes, least), min(_MIN_SHARED_TOKENS, least))
        if candidates:
            own = frozenset(document)
            found = 0
            for candidate in sorted(candidates, reverse=True) if len(candidates) > _MAX_MATCHES else candidates:
                other = order[candidate]
                common = len(own.intersection(documents[other]))
                union = size + sizes[other] - common
                if common * JACCARD_SCALE >= union * MIN_JACCARD:
                    yield number, other, common, union
                    found += 1
                    if found == _MAX_MATCHES:
                        break
        for token in prefix[: max(_compute_indexed_length(size) - alone, 0)]:
            if token in index:
                index[token].append(place)
            else:
                index[token] = array("i", (place,))


def _encode_texts(texts: Iterable[str]) -> tuple[array[int], list[array[int]]]:
    """Return the number of tokens of each text, and its tokens that other texts share, as numbers, the rarest first."""
    ids: defaultdict[str, int] = defaultdict(count().__next__)
    documents = [array("i", map(ids.__getitem__, tokenize_text(text))) for text in texts]
    counts = array("i", bytes(4 * len(ids)))
    del ids  # most of the memory of this search
    for document in documents:
        for number in document:
            counts[number] += 1
    sizes = array("i", map(len, documents))
    ranks = _rank_tokens(counts)
    for at, document in enumerate(documents):
        documents[at] = array("i", sorted(rank for number in document if (rank := ranks[number]) >= 0))
    return sizes, documents


def _rank_tokens(counts: array[int]) -> array[int]:
    """Return the rank of each token from rare to frequent; -1 for a token of one text only."""
    ranks = array("i", [-1]) * len(counts)
    shared = sorted((number for number, times in enumerate(counts) if times > 1), key=counts.__getitem__)
    for rank, number in enumerate(shared):
        ranks[number] = rank
    return ranks


def _find_candidates(index: dict[int, array[int]], prefix: array[int], lowest: int, least: int) -> set[int]:
    """Return the positions of texts, from `lowest` on, with two tokens of the prefix in theirs; one if `least` is 1."""
    once: set[int] = set()
    twice: set[int] = set()
    for token in prefix:
        places = index.get(token)
        if places is not None and places[-1] >= lowest:
            here = places[max(bisect_left(places, lowest), len(places) - _MAX_POSTINGS) :]
            twice.update(once.intersection(here))
            once.update(here)
    return once if least == 1 else twice


def _compute_min_common(size: int) -> int:
    """Return the fewest tokens that a text of `size` tokens shares with a near one, also the least size of that."""
    return -(-size * MIN_JACCARD // JACCARD_SCALE)


def _compute_prefix_length(size: int) -> int:
    """Return the number of its rarest tokens by which a text of `size` tokens looks up others."""
    return min(size - _compute_min_common(size) + _MIN_SHARED_TOKENS, size)


def _compute_indexed_length(size: int) -> int:
    """Return the number of its rarest tokens by which a text of `size` tokens is indexed.

    It is smaller than the lookup prefix, since only texts of the same size or larger look it up and must share more.
    """
    return min(size - -(-size * 2 * MIN_JACCARD // (MIN_JACCARD + JACCARD_SCALE)) + _MIN_SHARED_TOKENS, size)
