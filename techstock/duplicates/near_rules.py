"""The decision that two entries are nearly the same: similar texts without a difference that tells two things apart."""

import re
from difflib import SequenceMatcher

from techstock.duplicates import NEAR
from techstock.duplicates.context import ComparisonContext
from techstock.duplicates.entries import ComparedEntry
from techstock.duplicates.matching import DuplicatePair, Judgment, Rejection, judge_apart
from techstock.duplicates.near_search import JACCARD_SCALE, MIN_JACCARD, MIN_JACCARD_IN_NOTE, MIN_NEAR_WEIGHT
from techstock.duplicates.normalize import (
    casefold_nfkc,
    count_negations,
    extract_latin_words,
    extract_numbers,
    tokenize_text,
)
from techstock.duplicates.term_keys import differ_in_head

_KATAKANA = re.compile(r"[\u30a1-\u30fa\u30fc]{2,}")
_IDEOGRAPHS = re.compile(r"[\u3400-\u9fff]{1,2}")
_ALIGNED = 400  # characters; longer texts are not compared sign by sign
_ARROWS = re.compile(r"->|<-|[→←±]")
_MAX_DIFF_LENGTH = 2_000  # code points; comparing costs the product of both lengths
_MAX_GAP = 2  # as few equal characters between two differences are chance

CharacterRanges = list[tuple[int, int]]
"""Half-open ranges of code points, in order, none empty."""


def judge_near(views: ComparisonContext, first: int, second: int, score: float = -1) -> Judgment:
    """Return whether two entries, by index, are nearly the same, or why not; `score` is their likeness if known."""
    a, b = views.units[first], views.units[second]
    score = compute_likeness(a, b) if score < 0 else score
    least = (MIN_JACCARD_IN_NOTE if a.note == b.note else MIN_JACCARD) / JACCARD_SCALE
    if score < least:
        return Rejection("unlike", score, least, " within one note" if a.note == b.note else "")
    if min(a.weight, b.weight) < MIN_NEAR_WEIGHT:
        return Rejection("near-light", min(a.weight, b.weight), MIN_NEAR_WEIGHT)
    if found := judge_apart(views, a, b):
        return found
    if views.are_editions(a.note, b.note):
        return Rejection("editions")
    if reason := _find_difference(views, a, b):
        return Rejection(reason)
    return DuplicatePair(first, second, NEAR, score)


def compute_likeness(a: ComparedEntry, b: ComparedEntry) -> float:
    """Return the Jaccard index of the tokens of two texts, 0 to 1."""
    one, other = tokenize_text(a.text), tokenize_text(b.text)
    return len(one & other) / len(one | other) if one & other else 0.0


def _find_difference(views: ComparisonContext, a: ComparedEntry, b: ComparedEntry) -> str:
    """Return the reason why two texts tell two things apart; empty where they do not."""
    if views.is_sibling(a, b):
        return "near-siblings"
    if views.is_cousin(a, b):
        return "near-cousins"
    are_apart = (a.other and b.other and a.other != b.other) or differ_in_head(a, b)
    if are_apart or (views.is_label(a) and views.is_label(b)):
        return "near-terms"
    if reason := next((reason for reason, differ in _DIFFERENCES.items() if differ(a.text, b.text)), ""):
        return reason
    # One definition under two terms is a copy, however they are written.
    one, other = (a.body, b.body) if a.key and b.key else (a.text, b.text)
    return "near-ideographs" if _swap_ideographs(one, other) else ""


def _have_different_numbers(one: str, other: str) -> bool:
    ours, theirs = extract_numbers(one), extract_numbers(other)
    return bool(ours - theirs and theirs - ours)


def _have_different_negations(one: str, other: str) -> bool:
    return count_negations(one) != count_negations(other)


def _have_different_names(one: str, other: str) -> bool:
    return any(_both_differ(extract(one), extract(other)) for extract in (extract_latin_words, _extract_katakana))


def _have_different_arrows(one: str, other: str) -> bool:
    return _ARROWS.findall(one) != _ARROWS.findall(other) and _ARROWS.sub("", one) == _ARROWS.sub("", other)


def _swap_ideographs(one: str, other: str) -> bool:
    """Return whether two texts are equal but for ideographs in one place: 東 for 西, 停止 for 再開."""
    one, other = casefold_nfkc(one), casefold_nfkc(other)
    if max(len(one), len(other)) > _ALIGNED:
        return False
    parts = [part for part in SequenceMatcher(None, one, other, autojunk=False).get_opcodes() if part[0] != "equal"]
    if not parts or len({(one[a:b], other[c:d]) for _, a, b, c, d in parts}) > 1:
        return False
    a, b, c, d = parts[0][1:]
    return bool(_IDEOGRAPHS.fullmatch(one[a:b]) and _IDEOGRAPHS.fullmatch(other[c:d]))


def _extract_katakana(text: str) -> frozenset[str]:
    return frozenset(word.rstrip("ー") for word in _KATAKANA.findall(text))


def _both_differ(one: frozenset[str], other: frozenset[str]) -> bool:
    """Return whether each has a word that the other lacks, be it as a part of a longer one."""
    return _lacks(one, other) and _lacks(other, one)


def _lacks(one: frozenset[str], other: frozenset[str]) -> bool:
    """Return whether `one` lacks a word of `other`."""
    return any(all(word not in longer for longer in one) for word in other)


_DIFFERENCES = {
    "near-numbers": _have_different_numbers,
    "near-negation": _have_different_negations,
    "near-names": _have_different_names,
    "near-signs": _have_different_arrows,
}


def diff_characters(a: str, b: str) -> tuple[CharacterRanges, CharacterRanges]:
    """Return the ranges of `a` that are not in `b`, and those of `b` that are not in `a`.

    Both are empty if a text is longer than 2,000 code points. One or two equal characters between two differences count
    as different, too.
    """
    if max(len(a), len(b)) > _MAX_DIFF_LENGTH:
        return [], []
    merged: list[tuple[int, int, int, int]] = []
    for kind, *ends in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        start, end, other_start, other_end = ends
        if merged and start - merged[-1][1] <= _MAX_GAP:
            start, _, other_start, _ = merged.pop()
        merged.append((start, end, other_start, other_end))
    mine = [(start, end) for start, end, _, _ in merged if start < end]
    return mine, [(start, end) for _, _, start, end in merged if start < end]
