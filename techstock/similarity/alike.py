"""Comparison of two spellings that share a variant key. In doubt they are different terms."""

import re
from collections.abc import Collection, Mapping

import msgspec

from techstock.similarity.spelling import between, joined, pieces

_MORAE = 3  # a katakana word with fewer needs the long vowel at its end
_LONG = 5  # letters of a katakana word that may lack a long vowel within
_SHOUTED = 5  # a longer name in capitals is shouted, not misspelt
_MIXED = re.compile(r"[a-z][A-Z]|[A-Z]{2}(?!s\b)[a-z]")  # a name, or a slip: `AppSync`, `IoT`, `HUb`; not `VMs`
_KANA = re.compile(r"[ァ-ヺ]")
_SMALL_KANA = re.compile(r"[ァィゥェォャュョヮ]")
# Quota and quarter, hacker and mint: a long vowel at the end makes another word of these.
_ANOTHER = frozenset({"クォータ", "コーラ", "ハッカ", "マイナ", "ローラ", "ウィンド"})


class Counts(msgspec.Struct, frozen=True):
    """Counts of each spelling in the corpus, the spellings used in terms, and counts of lowercase words."""

    spellings: Mapping[str, int]
    terms: Collection[str]
    small: Mapping[str, int]

    def is_common(self, word: str) -> bool:
        """Return whether a word is more frequent in lowercase than as a name."""
        return self.small.get(word.casefold(), 0) > self.spellings.get(word, 0)


def are_one(a: str, b: str, counts: Counts) -> bool:
    """Return whether two spellings are the same term, and no part of them already shows the same difference."""
    one, other = pieces(a), pieces(b)
    if one == other:
        if any(map(str.__eq__, between(a), between(b))):
            return False  # the part of it that differs is compared
    elif len(one) + len(other) > 2 and (one[0] == other[0] or one[-1] == other[-1]):
        return False
    if _KANA.search(joined(a)):
        return _are_one_word(a, b, counts)
    return _are_one_name(a, b, counts)


def _are_one_word(a: str, b: str, counts: Counts) -> bool:
    short, long = sorted((joined(a), joined(b)), key=len)
    if short != long and not is_long_vowel_optional(short, long):
        return False
    return not _is_list(a, b, counts) and not _is_list(b, a, counts)


def is_long_vowel_optional(short: str, long: str) -> bool:
    """Return whether two words that differ in long vowels are one: サーバ and サーバー are, ビル and ビール are not."""
    if short.rstrip("ー") == long.rstrip("ー"):
        return len(_SMALL_KANA.sub("", short)) >= _MORAE and short not in _ANOTHER
    return len(short) >= _LONG


def _is_list(a: str, b: str, counts: Counts) -> bool:
    """Return whether ・ in `a` separates the words of a list: each is more frequent than the compound."""
    return ("・" in a or "･" in a) and all(counts.spellings.get(word, 0) > counts.spellings[b] for word in pieces(a))


def _are_one_name(a: str, b: str, counts: Counts) -> bool:
    one, other = pieces(a), pieces(b)
    x, y = joined(a), joined(b)
    if one[0].isdigit() or other[0].isdigit():
        return False
    if len(one) == len(other) == 1:
        return x == y or (_has_name(x, y) and not _is_shouted(x, y) and not _is_ordinary(a, b, counts))
    if any(len(words) > 1 and len(words[-1]) == 1 and words[-1].isalpha() for words in (one, other)):
        return False  # `VPC A`
    if len(one) == len(other):
        return x == y and _is_hyphen_optional(a, b, one, counts)
    return _is_space_optional(a, b, counts)


def _has_name(x: str, y: str) -> bool:
    return bool(_MIXED.search(x) or _MIXED.search(y))


def _is_shouted(x: str, y: str) -> bool:
    return len(x) > _SHOUTED and (x.isupper() or y.isupper())


def _is_ordinary(a: str, b: str, counts: Counts) -> bool:
    """Return whether the word that both spellings make is more frequent in lowercase than as a name."""
    return counts.small.get(joined(a).casefold(), 0) > counts.spellings[a] + counts.spellings[b]


def _is_hyphen_optional(a: str, b: str, words: list[str], counts: Counts) -> bool:
    """Return whether a hyphen may be a space: `Blue-Green` and `Blue Green`, if one of them is used as a term.

    Never in ordinary words or before a number.
    """
    if words[-1].isdigit() or not (a in counts.terms or b in counts.terms):
        return False
    return not any(counts.is_common(word) for word in words)


def _is_space_optional(a: str, b: str, counts: Counts) -> bool:
    """Return whether a space may be left out: `Dynamo DB` and `DynamoDB`, `Route 53` and `Route53`.

    Never in an identifier made of ordinary words.
    """
    short, long = sorted((a, b), key=lambda spelling: len(pieces(spelling)))
    x, y = joined(short), joined(long)
    common = [counts.is_common(word) for word in pieces(long) if not word.isdigit()]
    if _is_ordinary(a, b, counts) or _is_shouted(x, y) or all(common):
        return False
    if pieces(long)[-1].isdigit():
        return x == y and not pieces(long)[0].isupper()
    return bool(_MIXED.search(x)) or (bool(_MIXED.search(y)) and not any(common))
