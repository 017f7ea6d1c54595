"""Exclusions of near duplicates: entries with similar texts that describe two different things."""

import re

from techstock.similarity.units import ComparedEntry
from techstock.similarity.views import ComparisonContext
from techstock.similarity.words import count_negations, extract_latin_words, extract_numbers

_KATAKANA = re.compile(r"[\u30a1-\u30fa\u30fc]{2,}")


def find_near_exclusion(views: ComparisonContext, first: int, second: int) -> str:
    """Return the name of the exclusion that forbids a pair of entries, by index; empty if none does."""
    a, b = views.units[first], views.units[second]
    if views.is_translation(a, b):
        return "translation"
    if views.is_nested(a, b):
        return "nested"
    if views.is_sibling(a, b):
        return "siblings"
    if views.is_cousin(a, b):
        return "cousins"
    if (a.other and b.other and a.other != b.other) or (views.is_label(a) and views.is_label(b)):
        return "terms"
    return _words(a, b)


def _words(a: ComparedEntry, b: ComparedEntry) -> str:
    if extract_numbers(a.text) - extract_numbers(b.text) and extract_numbers(b.text) - extract_numbers(a.text):
        return "numbers"
    if count_negations(a.text) != count_negations(b.text):
        return "negation"
    if _both_differ(extract_latin_words(a.text), extract_latin_words(b.text)) or _both_differ(
        _katakana(a.text), _katakana(b.text)
    ):
        return "names"
    return ""


def _katakana(text: str) -> frozenset[str]:
    return frozenset(word.rstrip("ー") for word in _KATAKANA.findall(text))


def _both_differ(one: frozenset[str], other: frozenset[str]) -> bool:
    """Return whether each set has a word that the other lacks, even as part of a longer word."""
    return _lacks(one, other) and _lacks(other, one)


def _lacks(one: frozenset[str], other: frozenset[str]) -> bool:
    """Return whether `one` lacks a word of `other`."""
    return any(all(word not in longer for longer in one) for word in other)
