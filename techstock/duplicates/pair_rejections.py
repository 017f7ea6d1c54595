"""Reasons why two entries with something in common are no pair: the conditions of `find_pairs` in words."""

from collections.abc import Iterator

from techstock.duplicates.context import ComparisonContext
from techstock.duplicates.entries import ComparedEntry
from techstock.duplicates.normalize import compute_weight
from techstock.duplicates.pair_rules import (
    MIN_CONTAINMENT,
    MIN_DEFINITION_WEIGHT,
    MIN_ENGLISH_WORDS,
    MIN_LABELLED_WEIGHT,
    MIN_OVERLAP,
    MIN_TEXT_WEIGHT,
    MIN_UNRELATED_WEIGHT,
    compute_overlap,
    get_min_sentence_weight,
    has_different_numbers,
    is_short_english,
    is_too_short,
)

_OFTEN = "but in so many entries that only neighbours are compared"


def find_rejection_reasons(views: ComparisonContext, a: ComparedEntry, b: ComparedEntry) -> list[str]:
    """Return a clause for each thing that two entries share and that did not make them a pair.

    Empty if they share nothing. `a` and `b` must not be a pair.
    """
    if views.is_translation(a, b):
        return ["by its name, one note is the other in another language"]
    if views.is_nested(a, b):
        return ["one stands inside the other"]
    if (a.own == b.own or set(a.sentences) & set(b.sentences)) and views.is_shared_property(a, b):
        return ["the same term below two neighbours of one list, which both have this property"]
    return [*_text(views, a, b), *_sentence(views, a, b), *_term(views, a, b)]


def _text(views: ComparisonContext, a: ComparedEntry, b: ComparedEntry) -> Iterator[str]:
    if a.own != b.own or bool(a.body) != bool(b.body) or (not a.body and a.items != b.items):
        return
    if not (a.body or a.items):
        yield "the same words, but they define nothing"
        return
    says = a.weight if a.body else a.weight + sum(map(compute_weight, a.items))
    if is_short_english(a):
        yield f"the same text, but English of less than {MIN_ENGLISH_WORDS} words repeats by chance"
    elif says >= (
        MIN_UNRELATED_WEIGHT if views.is_cousin(a, b) else MIN_LABELLED_WEIGHT if views.is_label(a) else MIN_TEXT_WEIGHT
    ):
        yield f"the same text, {_OFTEN}"
    elif views.is_cousin(a, b):
        least = MIN_UNRELATED_WEIGHT
        yield f"the same text in two entries of one list, where it would have to weigh {least}, not {says:g}"
    elif views.is_label(a):
        yield f"the same text under a label, where it would have to weigh {MIN_LABELLED_WEIGHT}, not {says:g}"
    else:
        yield f"the same text, but it weighs {says:g}, and it takes {MIN_TEXT_WEIGHT}"


def _sentence(views: ComparisonContext, a: ComparedEntry, b: ComparedEntry) -> Iterator[str]:
    shared = set(a.sentences) & set(b.sentences)
    if not shared or a.own == b.own:
        return
    best = max(shared, key=lambda sentence: (compute_weight(sentence), sentence))
    says, least = compute_weight(best), get_min_sentence_weight(views, a, b, best)
    if views.is_sibling(a, b):
        yield "a sentence in common, but entries of one list tell things apart"
    elif views.is_label(a) != views.is_label(b):
        yield "a sentence in common, but one of them is a label"
    elif says >= least:
        yield f"a sentence in common, {_OFTEN}"
    elif views.is_cousin(a, b):
        yield f"a sentence in common in two entries of one list, where it would have to weigh {least}, not {says:g}"
    elif least == MIN_UNRELATED_WEIGHT:
        yield f"a sentence in common under two terms, where it would have to weigh {least}, not {says:g}"
    else:
        yield f"a sentence in common, but it weighs {says:g}, and it takes {least}"


def _term(views: ComparisonContext, a: ComparedEntry, b: ComparedEntry) -> Iterator[str]:
    if not {a.key, a.short} & {b.key, b.short} - {""}:
        return
    if not views.is_same_term(a, b):
        yield "a parenthesis in common, but the terms differ"
    elif views.is_label(a) or views.is_label(b):
        yield "the same term, but it is a label, which stands under every subject"
    elif views.is_cousin(a, b):
        yield "the same term, but in two entries of one list"
    elif a.other != b.other:
        yield "the same term, but a parenthesis tells them apart"
    elif not views.has_same_term(a, b):
        yield "the same term, but nested below different ones"
    elif (a.body or a.items) and (b.body or b.items) and is_too_short(a, b):
        yield f"the same term, but what it says of it weighs less than {MIN_DEFINITION_WEIGHT}"
    elif has_different_numbers(a, b):
        yield "the same term, but each tells a number that the other does not"
    else:
        jaccard, contained = compute_overlap(a, b)
        little = jaccard < MIN_OVERLAP and contained < MIN_CONTAINMENT
        yield "the same term, but one of them has no definition" if little else f"the same term, {_OFTEN}"
