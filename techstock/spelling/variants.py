"""Spellings in the corpus that differ from the preferred spelling of the same term."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

import msgspec

from techstock.model import Corpus
from techstock.spelling.equivalence import SpellingCounts, is_long_vowel_optional, is_spelling_variant
from techstock.spelling.word_sequences import (
    count_spellings,
    find_lowercase_words,
    find_word_sequences,
    join_words,
    make_variant_key,
    split_words,
)
from techstock.text.unicode_names import normalize_nfc

_MIN_MAJORITY_COUNT = 3  # a majority stands so many times
_MIN_MAJORITY_RATIO = 2  # and so many times as often as any other spelling
_MAX_COMPARED = 50  # spellings of one term that are compared, the most frequent ones


class SpellingVariant(msgspec.Struct, frozen=True):
    """A spelling to replace, the one to use instead, and how often each occurs in the corpus."""

    spelling: str
    count: int
    use: str
    use_count: int


def find_spelling_variants(corpus: Corpus, prefer: Collection[str] = ()) -> dict[str, SpellingVariant]:
    """Return the spellings to replace by a preferred one or by a clear majority; close counts give nothing."""
    wanted = frozenset(map(normalize_nfc, prefer))  # decomposed kana make no other spelling
    every = count_spellings(find_word_sequences(note, note.running_text) for note in corpus.notes)
    groups: dict[str, list[str]] = {}
    for spelling in (*every, *(spelling for spelling in wanted if spelling not in every)):
        groups.setdefault(make_variant_key(spelling), []).append(spelling)
    several = sorted(key for key, group in groups.items() if len(group) > 1 and len(key) > 1)
    if not several:
        return {}
    every |= dict.fromkeys(wanted - every.keys(), 0)
    counted = SpellingCounts(every, _count_term_spellings(corpus), _count_lowercase_words(corpus))
    found = [variant for key in several for variant in _find_group_variants(groups[key], counted, wanted)]
    return {variant.spelling: variant for variant in found if not _has_conflicting_part(variant.use, groups, every)}


def _count_term_spellings(corpus: Corpus) -> Collection[str]:
    terms = ([entry.term for entry in note.entries if entry.term] for note in corpus.notes)
    return count_spellings(find_word_sequences(note, places) for note, places in zip(corpus.notes, terms, strict=True))


def _count_lowercase_words(corpus: Corpus) -> Counter[str]:
    return Counter(word for note in corpus.notes for word in find_lowercase_words(note))


def _find_group_variants(
    group: list[str], counted: SpellingCounts, wanted: Collection[str]
) -> Iterator[SpellingVariant]:
    count = counted.spellings
    order = sorted(group, key=lambda spelling: (spelling not in wanted, -count[spelling], spelling))[:_MAX_COMPARED]
    for family in _group_families(order, counted):
        use, *others = (spelling for spelling in order if spelling in family)
        if use not in wanted and count[use] < max(_MIN_MAJORITY_COUNT, _MIN_MAJORITY_RATIO * count[others[0]]):
            continue
        for other in others:
            if count[other] and other not in wanted and is_spelling_variant(use, other, counted):
                yield SpellingVariant(other, count[other], use, count[use])


def _group_families(rest: list[str], counted: SpellingCounts) -> Iterator[list[str]]:
    """Yield groups of spellings that are connected by pairs of variants; single spellings are left out."""
    while rest:
        family = [rest[0]]
        for one in family:
            family += [other for other in rest if other not in family and is_spelling_variant(one, other, counted)]
        rest = [spelling for spelling in rest if spelling not in family]
        if len(family) > 1:
            yield family


def _has_conflicting_part(use: str, groups: Mapping[str, Collection[str]], count: Mapping[str, int]) -> bool:
    """Return whether a part of a katakana word is mostly spelled otherwise, as プライマリー in プライマリーノード."""
    if use.isascii() or len(split_words(use)) > 1:
        return False
    return any(
        count[other] > count.get(word, 0) and is_long_vowel_optional(*sorted((word, other), key=len))
        for word, rest in _iter_halves(use)
        if make_variant_key(rest) in groups
        for other in groups.get(make_variant_key(word), ())
        if join_words(other) != word
    )


def _iter_halves(word: str) -> Iterator[tuple[str, str]]:
    """Yield the two parts of a word for each cut not before a long vowel, in both orders."""
    for cut in range(1, len(word)):
        if word[cut] != "ー":
            yield word[:cut], word[cut:]
            yield word[cut:], word[:cut]
