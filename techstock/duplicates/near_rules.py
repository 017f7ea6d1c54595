"""Whether two entries are nearly the same: much alike, and with nothing that tells two things apart."""

import re
from difflib import SequenceMatcher

from techstock.duplicates.context import ComparisonContext
from techstock.duplicates.entries import ComparedEntry
from techstock.duplicates.matching import Judgment, Pair, Rejection, judge_apart
from techstock.duplicates.near_search import JACCARD_SCALE, MIN_JACCARD_IN_NOTE, MIN_NEAR_WEIGHT
from techstock.duplicates.near_search import MIN_JACCARD as NEAR_ELSEWHERE
from techstock.duplicates.normalize import (
    casefold_nfkc,
    count_negations,
    extract_latin_words,
    extract_numbers,
    tokenize_text,
)
from techstock.duplicates.signs import NEAR
from techstock.duplicates.term_keys import differ_in_head

_KATAKANA = re.compile(r"[\u30a1-\u30fa\u30fc]{2,}")
_IDEOGRAPHS = re.compile(r"[\u3400-\u9fff]{1,2}")
_ALIGNED = 400  # characters; longer texts are not compared sign by sign
_ARROWS = re.compile(r"->|<-|[→←±]")


def judge_near(views: ComparisonContext, first: int, second: int, score: float = -1) -> Judgment:
    """Return whether two units, by index, are nearly the same, or why not; `score` is their likeness where it is known."""
    a, b = views.units[first], views.units[second]
    score = likeness(a, b) if score < 0 else score
    least = (MIN_JACCARD_IN_NOTE if a.note == b.note else NEAR_ELSEWHERE) / JACCARD_SCALE
    if score < least:
        return Rejection("unlike", score, least, " within one note" if a.note == b.note else "")
    if min(a.weight, b.weight) < MIN_NEAR_WEIGHT:
        return Rejection("near-light", min(a.weight, b.weight), MIN_NEAR_WEIGHT)
    if found := judge_apart(views, a, b):
        return found
    if reason := _telling(views, a, b):
        return Rejection(reason)
    return Pair(first, second, NEAR, score)


def likeness(a: ComparedEntry, b: ComparedEntry) -> float:
    """Return the Jaccard index of the tokens of two texts, 0 to 1."""
    one, other = tokenize_text(a.text), tokenize_text(b.text)
    return len(one & other) / len(one | other) if one & other else 0.0


def _telling(views: ComparisonContext, a: ComparedEntry, b: ComparedEntry) -> str:
    """Return the reason why two texts tell two things apart; empty where they do not."""
    if views.is_sibling(a, b):
        return "near-siblings"
    if views.is_cousin(a, b):
        return "near-cousins"
    are_apart = (a.other and b.other and a.other != b.other) or differ_in_head(a, b)
    if are_apart or (views.is_label(a) and views.is_label(b)):
        return "near-terms"
    if extract_numbers(a.text) - extract_numbers(b.text) and extract_numbers(b.text) - extract_numbers(a.text):
        return "near-numbers"
    if count_negations(a.text) != count_negations(b.text):
        return "near-negation"
    if _both_differ(extract_latin_words(a.text), extract_latin_words(b.text)) or _both_differ(
        _katakana(a.text), _katakana(b.text)
    ):
        return "near-names"
    if _ARROWS.findall(a.text) != _ARROWS.findall(b.text) and _ARROWS.sub("", a.text) == _ARROWS.sub("", b.text):
        return "near-signs"
    return "near-ideographs" if _swap_ideographs(a.text, b.text) else ""


def _swap_ideographs(one: str, other: str) -> bool:
    """Return whether two texts are equal but for ideographs in one place: 東 for 西, 停止 for 再開."""
    one, other = casefold_nfkc(one), casefold_nfkc(other)
    if max(len(one), len(other)) > _ALIGNED:
        return False
    parts = [part for part in SequenceMatcher(None, one, other, autojunk=False).get_opcodes() if part[0] != "equal"]
    if not parts or len({(one[a:b], other[c:d]) for _, a, b, c, d in parts}) > 1:
        return False
    _, a, b, c, d = parts[0]
    return bool(_IDEOGRAPHS.fullmatch(one[a:b]) and _IDEOGRAPHS.fullmatch(other[c:d]))


def _katakana(text: str) -> frozenset[str]:
    return frozenset(word.rstrip("ー") for word in _KATAKANA.findall(text))


def _both_differ(one: frozenset[str], other: frozenset[str]) -> bool:
    """Return whether each has a word that the other lacks, be it as a part of a longer one."""
    return _lacks(one, other) and _lacks(other, one)


def _lacks(one: frozenset[str], other: frozenset[str]) -> bool:
    """Return whether `one` lacks a word of `other`."""
    return any(all(word not in longer for longer in one) for word in other)
