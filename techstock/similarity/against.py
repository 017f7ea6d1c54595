"""Reasons why two entries with something in common are no pair: the conditions of `find_pairs` in words."""

from collections.abc import Iterator

from techstock.similarity.pairs import (
    CONTAINED,
    DEFINED,
    ENGLISH,
    LABELLED,
    OVERLAP,
    STRANGE,
    TEXT,
    is_short_english,
    least_sentence,
    overlap,
    says_little,
    tells_values,
)
from techstock.similarity.units import Unit
from techstock.similarity.views import Views
from techstock.similarity.words import weight

_OFTEN = "but in so many entries that only neighbours are compared"


def against(views: Views, a: Unit, b: Unit) -> list[str]:
    """Return a clause for each thing that two entries share and that did not make them a pair.

    Empty if they share nothing. `a` and `b` must not be a pair.
    """
    if views.translations(a, b):
        return ["by its name, one note is the other in another language"]
    if views.nested(a, b):
        return ["one stands inside the other"]
    if (a.own == b.own or set(a.sentences) & set(b.sentences)) and views.is_property(a, b):
        return ["the same term below two neighbours of one list, which both have this property"]
    return [*_text(views, a, b), *_sentence(views, a, b), *_term(views, a, b)]


def _text(views: Views, a: Unit, b: Unit) -> Iterator[str]:
    if a.own != b.own or bool(a.body) != bool(b.body) or (not a.body and a.items != b.items):
        return
    if not (a.body or a.items):
        yield "the same words, but they define nothing"
        return
    says = a.weight if a.body else a.weight + sum(map(weight, a.items))
    if is_short_english(a):
        yield f"the same text, but English of less than {ENGLISH} words repeats by chance"
    elif says >= (STRANGE if views.cousins(a, b) else LABELLED if views.is_label(a) else TEXT):
        yield f"the same text, {_OFTEN}"
    elif views.cousins(a, b):
        yield f"the same text in two entries of one list, where it would have to weigh {STRANGE}, not {says:g}"
    elif views.is_label(a):
        yield f"the same text under a label, where it would have to weigh {LABELLED}, not {says:g}"
    else:
        yield f"the same text, but it weighs {says:g}, and it takes {TEXT}"


def _sentence(views: Views, a: Unit, b: Unit) -> Iterator[str]:
    shared = set(a.sentences) & set(b.sentences)
    if not shared or a.own == b.own:
        return
    best = max(shared, key=lambda sentence: (weight(sentence), sentence))
    says, least = weight(best), least_sentence(views, a, b, best)
    if views.siblings(a, b):
        yield "a sentence in common, but entries of one list tell things apart"
    elif views.is_label(a) != views.is_label(b):
        yield "a sentence in common, but one of them is a label"
    elif says >= least:
        yield f"a sentence in common, {_OFTEN}"
    elif views.cousins(a, b):
        yield f"a sentence in common in two entries of one list, where it would have to weigh {least}, not {says:g}"
    elif least == STRANGE:
        yield f"a sentence in common under two terms, where it would have to weigh {least}, not {says:g}"
    else:
        yield f"a sentence in common, but it weighs {says:g}, and it takes {least}"


def _term(views: Views, a: Unit, b: Unit) -> Iterator[str]:
    if not {a.key, a.short} & {b.key, b.short} - {""}:
        return
    if views.is_label(a) or views.is_label(b):
        yield "the same term, but it is a label, which stands under every subject"
    elif views.cousins(a, b):
        yield "the same term, but in two entries of one list"
    elif a.other != b.other:
        yield "the same term, but a parenthesis tells them apart"
    elif not views.is_one_term(a, b):
        yield "the same term, but nested below different ones"
    elif (a.body or a.items) and (b.body or b.items) and says_little(a, b):
        yield f"the same term, but what it says of it weighs less than {DEFINED}"
    elif tells_values(a, b):
        yield "the same term, but each tells a number that the other does not"
    else:
        jaccard, contained = overlap(a, b)
        little = jaccard < OVERLAP and contained < CONTAINED
        yield "the same term, but one of them has no definition" if little else f"the same term, {_OFTEN}"
