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

from techstock.similarity.tokens import tokens
from techstock.similarity.views import Views

LEAST = 20  # in the weight of `words.weight`; what says less is alike by chance
_SHARED = 2  # of the rarest tokens of each are in both; where fewer must be, these
# Where very many texts are alike, each is compared with those that are nearest to it in size, and is joined with some:
# so the cost grows with the notes. They are one finding all the same.
_MANY, _PLACES = 100, 1_000
SCALE, NEAR, NEAR_IN_NOTE = 5, 3, 4  # a Jaccard index of three fifths; four fifths within one note


def near(views: Views) -> Iterator[tuple[int, int, float]]:
    """Yield every pair of near entries in one scope, by index, the first before the second, with its score.

    The score is the Jaccard index of their tokens, .6 to 1, and .8 to 1 within one note. Entries with the same
    normalized text are no near pair. The pairs of one scope are in order; scopes follow the order of their first
    entries.
    """
    groups: dict[object, dict[str, array[int]]] = {}
    for index, unit in enumerate(views.units):
        if unit.weight >= LEAST and not views.repeats_translation(index):
            group = groups.setdefault(views.group(unit), {})
            group.setdefault(unit.text, array("i")).append(index)
    for group in groups.values():
        yield from sorted(_of_group(views, group))


def _of_group(views: Views, group: dict[str, array[int]]) -> Iterator[tuple[int, int, float]]:
    copies = list(group.values())
    for one, other, common, union in alike(list(group)):
        for pair in product(copies[one], copies[other]):
            first, second = min(pair), max(pair)
            a, b = views.units[first], views.units[second]
            if a.own != b.own and (a.note != b.note or common * SCALE >= union * NEAR_IN_NOTE):
                yield first, second, common / union


def alike(texts: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield pairs of texts, by index, that share three fifths of their tokens, with sizes of intersection and union.

    The search is complete if no text has more than 100 matches among texts of at most its size, and no token that
    counts is in more than 1,000 texts.
    """
    if len(texts) < 2:
        return
    sizes, documents = _documents(texts)
    index: dict[int, array[int]] = {}
    order = sorted(range(len(texts)), key=sizes.__getitem__)
    sorted_sizes = array("i", map(sizes.__getitem__, order))
    for place, number in enumerate(order):
        document, size = documents[number], sizes[number]
        alone = size - len(document)  # tokens of no other text: the rarest of all, and not in the document
        prefix = document[: max(_prefix(size) - alone, 0)]
        least = _share(size)
        candidates = _candidates(index, prefix, bisect_left(sorted_sizes, least), min(_SHARED, least))
        if candidates:
            own = frozenset(document)
            found = 0
            for candidate in sorted(candidates, reverse=True) if len(candidates) > _MANY else candidates:
                other = order[candidate]
                common = len(own.intersection(documents[other]))
                union = size + sizes[other] - common
                if common * SCALE >= union * NEAR:
                    yield number, other, common, union
                    found += 1
                    if found == _MANY:
                        break
        for token in prefix[: max(_indexed(size) - alone, 0)]:
            if token in index:
                index[token].append(place)
            else:
                index[token] = array("i", (place,))


def _documents(texts: Iterable[str]) -> tuple[array[int], list[array[int]]]:
    """Return the number of tokens of each text, and its tokens that other texts share, as numbers, the rarest first."""
    ids: defaultdict[str, int] = defaultdict(count().__next__)
    documents = [array("i", map(ids.__getitem__, tokens(text))) for text in texts]
    counts = array("i", bytes(4 * len(ids)))
    del ids  # most of the memory of this search
    for document in documents:
        for number in document:
            counts[number] += 1
    sizes = array("i", map(len, documents))
    ranks = _ranks(counts)
    for at, document in enumerate(documents):
        documents[at] = array("i", sorted(rank for number in document if (rank := ranks[number]) >= 0))
    return sizes, documents


def _ranks(counts: array[int]) -> array[int]:
    """Return the rank of each token from rare to frequent; -1 for a token of one text only."""
    ranks = array("i", [-1]) * len(counts)
    shared = sorted((number for number, times in enumerate(counts) if times > 1), key=counts.__getitem__)
    for rank, number in enumerate(shared):
        ranks[number] = rank
    return ranks


def _candidates(index: dict[int, array[int]], prefix: array[int], lowest: int, least: int) -> set[int]:
    """Return the positions of texts, from `lowest` on, with two tokens of the prefix in theirs; one if `least` is 1."""
    once: set[int] = set()
    twice: set[int] = set()
    for token in prefix:
        places = index.get(token)
        if places is not None and places[-1] >= lowest:
            here = places[max(bisect_left(places, lowest), len(places) - _PLACES) :]
            twice.update(once.intersection(here))
            once.update(here)
    return once if least == 1 else twice


def _share(size: int) -> int:
    """Return the fewest tokens that a text of `size` tokens shares with a near one, also the least size of that."""
    return -(-size * NEAR // SCALE)


def _prefix(size: int) -> int:
    """Return the number of its rarest tokens by which a text of `size` tokens looks up others."""
    return min(size - _share(size) + _SHARED, size)


def _indexed(size: int) -> int:
    """Return the number of its rarest tokens by which a text of `size` tokens is indexed.

    It is smaller than the lookup prefix, since only texts of the same size or larger look it up and must share more.
    """
    return min(size - -(-size * 2 * NEAR // (NEAR + SCALE)) + _SHARED, size)
