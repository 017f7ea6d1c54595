"""Comparison of two spellings that share a variant key. In doubt they are different terms."""

import re
from collections.abc import Collection, Mapping

import msgspec

from techstock.spelling.word_sequences import find_separators, join_words, split_words

_MIN_MORAE = 3  # a katakana word with fewer needs the long vowel at its end
_MIN_LENGTH = 5  # letters of a katakana word that may lack a long vowel within
_MAX_CAPITALS = 5  # a longer name in capitals is shouted, not misspelt
_MIXED_CASE = re.compile(r"[a-z][A-Z]|[A-Z]{2}(?!s\b)[a-z]")  # a name, or a slip: `AppSync`, `IoT`, `HUb`; not `VMs`
_KANA = re.compile(r"[ァ-ヺ]")
_SMALL_KANA = re.compile(r"[ァィゥェォャュョヮ]")
# Quota and quarter, hacker and mint: a long vowel at the end makes another word of these.
_DIFFERENT_WORDS = frozenset({"クォータ", "コーラ", "ハッカ", "マイナ", "ローラ", "ウィンド"})


class SpellingCounts(msgspec.Struct, frozen=True):
    """Counts of each spelling in the corpus, the spellings used in terms, and counts of lowercase words."""

    spellings: Mapping[str, int]
    terms: Collection[str]
    small: Mapping[str, int]

    def is_common_word(self, word: str) -> bool:
        """Return whether a word is more frequent in lowercase than as a name."""
        return self.small.get(word.casefold(), 0) > self.spellings.get(word, 0)


def is_spelling_variant(a: str, b: str, counts: SpellingCounts) -> bool:
    """Return whether two spellings are the same term, and no part of them already shows the same difference."""
    one, other = split_words(a), split_words(b)
    if one == other:
        if any(map(str.__eq__, find_separators(a), find_separators(b))):
            return False  # the part of it that differs is compared
    elif len(one) + len(other) > 2 and (one[0] == other[0] or one[-1] == other[-1]):
        return False
    if _KANA.search(join_words(a)):
        return _is_same_katakana_word(a, b, counts)
    return _is_same_latin_name(a, b, counts)


def _is_same_katakana_word(a: str, b: str, counts: SpellingCounts) -> bool:
    short, long = sorted((join_words(a), join_words(b)), key=len)
    if short != long and not is_long_vowel_optional(short, long):
        return False
    return not _is_word_list(a, b, counts) and not _is_word_list(b, a, counts)


def is_long_vowel_optional(short: str, long: str) -> bool:
    """Return whether two words that differ in long vowels are one: サーバ and サーバー are, ビル and ビール are not."""
    if short.rstrip("ー") == long.rstrip("ー"):
        return len(_SMALL_KANA.sub("", short)) >= _MIN_MORAE and short not in _DIFFERENT_WORDS
    return len(short) >= _MIN_LENGTH


def _is_word_list(a: str, b: str, counts: SpellingCounts) -> bool:
    """Return whether ・ in `a` separates the words of a list: each is more frequent than the compound."""
    return ("・" in a or "･" in a) and all(
        counts.spellings.get(word, 0) > counts.spellings[b] for word in split_words(a)
    )


def _is_same_latin_name(a: str, b: str, counts: SpellingCounts) -> bool:
    one, other = split_words(a), split_words(b)
    x, y = join_words(a), join_words(b)
    if one[0].isdigit() or other[0].isdigit():
        return False
    if len(one) == len(other) == 1:
        return x == y or (_has_mixed_case(x, y) and not _is_in_capitals(x, y) and not _is_ordinary_word(a, b, counts))
    if any(len(words) > 1 and len(words[-1]) == 1 and words[-1].isalpha() for words in (one, other)):
        return False  # `VPC A`
    if len(one) == len(other):
        return x == y and _is_hyphen_optional(a, b, one, counts)
    return _is_space_optional(a, b, counts)


def _has_mixed_case(x: str, y: str) -> bool:
    return bool(_MIXED_CASE.search(x) or _MIXED_CASE.search(y))


def _is_in_capitals(x: str, y: str) -> bool:
    return len(x) > _MAX_CAPITALS and (x.isupper() or y.isupper())


def _is_ordinary_word(a: str, b: str, counts: SpellingCounts) -> bool:
    """Return whether the word that both spellings make is more frequent in lowercase than as a name."""
    return counts.small.get(join_words(a).casefold(), 0) > counts.spellings[a] + counts.spellings[b]


def _is_hyphen_optional(a: str, b: str, words: list[str], counts: SpellingCounts) -> bool:
    """Return whether a hyphen may be a space: `Blue-Green` and `Blue Green`, if one of them is used as a term.

    Never in ordinary words or before a number.
    """
    if words[-1].isdigit() or not (a in counts.terms or b in counts.terms):
        return False
    return not any(counts.is_common_word(word) for word in words)


def _is_space_optional(a: str, b: str, counts: SpellingCounts) -> bool:
    """Return whether a space may be left out: `Dynamo DB` and `DynamoDB`, `Route 53` and `Route53`.

    Never in an identifier made of ordinary words.
    """
    short, long = sorted((a, b), key=lambda spelling: len(split_words(spelling)))
    x, y = join_words(short), join_words(long)
    common = [counts.is_common_word(word) for word in split_words(long) if not word.isdigit()]
    if _is_ordinary_word(a, b, counts) or _is_in_capitals(x, y) or all(common):
        return False
    if split_words(long)[-1].isdigit():
        return x == y and not split_words(long)[0].isupper()
    return bool(_MIXED_CASE.search(x)) or (bool(_MIXED_CASE.search(y)) and not any(common))
