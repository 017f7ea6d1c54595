"""Exclusions of near duplicates: entries with similar texts that describe two different things."""

import re

from techstock.duplicates.context import ComparisonContext
from techstock.duplicates.entries import ComparedEntry
from techstock.duplicates.near_search import JACCARD_SCALE, MIN_JACCARD, MIN_JACCARD_IN_NOTE, MIN_NEAR_WEIGHT
from techstock.duplicates.normalize import count_negations, extract_latin_words, extract_numbers, tokenize_text
from techstock.duplicates.term_keys import differ_in_head

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
    are_apart = (a.other and b.other and a.other != b.other) or differ_in_head(a, b)
    if are_apart or (views.is_label(a) and views.is_label(b)):
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


_GUARDS = {
    "translation": "by its name, one note is the other in another language",
    "translations": "by its name, one note is the other in another language",
    "nested": "one stands inside the other",
    "siblings": "entries of one list tell things apart",
    "cousins": "entries below two entries of one list tell things apart",
    "no definition": "one of them is but a heading",
    "parenthesis": "a parenthesis tells their terms apart",
    "label": "their terms are labels",
    "terms": "their terms tell them apart",
    "languages": "only one of them is Japanese, Chinese or Korean",
    "negation": "one of them has more negations",
    "numbers": "each has a number that the other has not",
    "names": "each has a name that the other has not",
    "words": "each has a word that the other has not",
    "ideographs": "each has an ideograph that the other has not",
    "katakana": "each has a katakana word that the other has not",
}


def compute_token_jaccard(a: ComparedEntry, b: ComparedEntry) -> float:
    """Return the Jaccard index of the tokens of two texts, 0 to 1."""
    one, other = tokenize_text(a.text), tokenize_text(b.text)
    return len(one & other) / len(one | other) if one & other else 0.0


def explain_near_rejection(views: ComparisonContext, first: int, second: int) -> str:
    """Return a clause that says why two entries, by index, are no near duplicates; empty if they are."""
    a, b = views.units[first], views.units[second]
    score, least = (
        compute_token_jaccard(a, b),
        (MIN_JACCARD_IN_NOTE if a.note == b.note else MIN_JACCARD) / JACCARD_SCALE,
    )
    if score < least:
        within = " within one note" if a.note == b.note else ""
        return f"alike by {score:.2f}, and near-duplicate takes {least:g}{within}"
    if min(a.weight, b.weight) < MIN_NEAR_WEIGHT:
        return f"alike by {score:.2f}, but near-duplicate takes a weight of {MIN_NEAR_WEIGHT}"
    guard = find_near_exclusion(views, first, second)
    return f"alike by {score:.2f}, but {_GUARDS.get(guard, 'not the same')} (guard `{guard}`)" if guard else ""
