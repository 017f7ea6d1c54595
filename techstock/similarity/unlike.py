"""Rejection of near duplicates: similarity of two entries and the exclusions, in words."""

from techstock.similarity.guards import find_near_exclusion
from techstock.similarity.near import JACCARD_SCALE, MIN_JACCARD, MIN_JACCARD_IN_NOTE, MIN_NEAR_WEIGHT
from techstock.similarity.tokens import tokenize_text
from techstock.similarity.units import ComparedEntry
from techstock.similarity.views import ComparisonContext

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
