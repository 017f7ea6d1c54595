"""Rejection of near duplicates: similarity of two entries and the exclusions, in words."""

from techstock.similarity.guards import allows
from techstock.similarity.near import LEAST, NEAR, NEAR_IN_NOTE, SCALE
from techstock.similarity.tokens import tokens
from techstock.similarity.units import Unit
from techstock.similarity.views import Views

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


def likeness(a: Unit, b: Unit) -> float:
    """Return the Jaccard index of the tokens of two texts, 0 to 1."""
    one, other = tokens(a.text), tokens(b.text)
    return len(one & other) / len(one | other) if one & other else 0.0


def unlike(views: Views, first: int, second: int) -> str:
    """Return a clause that says why two entries, by index, are no near duplicates; empty if they are."""
    a, b = views.units[first], views.units[second]
    score, least = likeness(a, b), (NEAR_IN_NOTE if a.note == b.note else NEAR) / SCALE
    if score < least:
        within = " within one note" if a.note == b.note else ""
        return f"alike by {score:.2f}, and near-duplicate takes {least:g}{within}"
    if min(a.weight, b.weight) < LEAST:
        return f"alike by {score:.2f}, but near-duplicate takes a weight of {LEAST}"
    guard = allows(views, first, second)
    return f"alike by {score:.2f}, but {_GUARDS.get(guard, 'not the same')} (guard `{guard}`)" if guard else ""
