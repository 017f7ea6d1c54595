"""Exclusions of near duplicates: entries with similar texts that describe two different things."""

import re

from techstock.similarity.units import Unit
from techstock.similarity.views import Views
from techstock.similarity.words import latin, negations, numbers

_KATAKANA = re.compile(r"[\u30a1-\u30fa\u30fc]{2,}")


def allows(views: Views, first: int, second: int) -> str:
    """Return the name of the exclusion that forbids a pair of entries, by index; empty if none does."""
    a, b = views.units[first], views.units[second]
    if views.translations(a, b):
        return "translation"
    if views.nested(a, b):
        return "nested"
    if views.siblings(a, b):
        return "siblings"
    if views.cousins(a, b):
        return "cousins"
    if (a.other and b.other and a.other != b.other) or (views.is_label(a) and views.is_label(b)):
        return "terms"
    return _words(a, b)


def _words(a: Unit, b: Unit) -> str:
    if numbers(a.text) - numbers(b.text) and numbers(b.text) - numbers(a.text):
        return "numbers"
    if negations(a.text) != negations(b.text):
        return "negation"
    if _both_differ(latin(a.text), latin(b.text)) or _both_differ(_katakana(a.text), _katakana(b.text)):
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
