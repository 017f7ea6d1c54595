"""Spellings in the corpus that differ from the preferred spelling of the same term."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

import msgspec

from techstock.model import Corpus
from techstock.similarity.alike import Counts, are_one, is_long_vowel_optional
from techstock.similarity.spelling import chains, counts, joined, pieces, small_words, variant_key, written

_OFTEN = 3  # a majority stands so many times
_MAJORITY = 2  # and so many times as often as any other spelling
_MOST = 50  # spellings of one term that are compared, the most frequent ones


class Variant(msgspec.Struct, frozen=True):
    """A spelling to replace, the one to use instead, and how often each occurs in the corpus."""

    spelling: str
    count: int
    use: str
    use_count: int


def variants(corpus: Corpus, prefer: Collection[str] = ()) -> dict[str, Variant]:
    """Return the spellings to replace by a preferred one or by a clear majority; close counts give nothing."""
    wanted = frozenset(map(written, prefer))
    every = counts(chains(note, note.running_text) for note in corpus.notes)
    groups: dict[str, list[str]] = {}
    for spelling in (*every, *(spelling for spelling in wanted if spelling not in every)):
        groups.setdefault(variant_key(spelling), []).append(spelling)
    several = sorted(key for key, group in groups.items() if len(group) > 1 and len(key) > 1)
    if not several:
        return {}
    every |= dict.fromkeys(wanted - every.keys(), 0)
    counted = Counts(every, _in_terms(corpus), _small(corpus))
    found = [variant for key in several for variant in _decided(groups[key], counted, wanted)]
    return {variant.spelling: variant for variant in found if not _disagrees(variant.use, groups, every)}


def _in_terms(corpus: Corpus) -> Collection[str]:
    terms = ([entry.term for entry in note.entries if entry.term] for note in corpus.notes)
    return counts(chains(note, places) for note, places in zip(corpus.notes, terms, strict=True))


def _small(corpus: Corpus) -> Counter[str]:
    found: Counter[str] = Counter()
    for note in corpus.notes:
        found.update(small_words(note))
    return found


def _decided(group: list[str], counted: Counts, wanted: Collection[str]) -> Iterator[Variant]:
    count = counted.spellings
    order = sorted(group, key=lambda spelling: (spelling not in wanted, -count[spelling], spelling))[:_MOST]
    for family in _families(order, counted):
        use, *others = (spelling for spelling in order if spelling in family)
        if use not in wanted and count[use] < max(_OFTEN, _MAJORITY * count[others[0]]):
            continue
        for other in others:
            if count[other] and other not in wanted and are_one(use, other, counted):
                yield Variant(other, count[other], use, count[use])


def _families(rest: list[str], counted: Counts) -> Iterator[list[str]]:
    """Yield groups of spellings that are connected by pairs of variants; single spellings are left out."""
    while rest:
        family = [rest[0]]
        for one in family:
            family += [other for other in rest if other not in family and are_one(one, other, counted)]
        rest = [spelling for spelling in rest if spelling not in family]
        if len(family) > 1:
            yield family


def _disagrees(use: str, groups: Mapping[str, Collection[str]], count: Mapping[str, int]) -> bool:
    """Return whether a part of a katakana word is mostly spelled otherwise, as プライマリー in プライマリーノード."""
    if use.isascii() or len(pieces(use)) > 1:
        return False
    return any(
        count[other] > count.get(word, 0) and is_long_vowel_optional(*sorted((word, other), key=len))
        for word, rest in _halves(use)
        if variant_key(rest) in groups
        for other in groups.get(variant_key(word), ())
        if joined(other) != word
    )


def _halves(word: str) -> Iterator[tuple[str, str]]:
    """Yield the two parts of a word for each cut not before a long vowel, in both orders."""
    for cut in range(1, len(word)):
        if word[cut] != "ー":
            yield word[:cut], word[cut:]
            yield word[cut:], word[:cut]
