"""A bug in each guard is noticed: without it, the pair that it is there for is judged otherwise."""

import pytest

from techstock.duplicates import matching, near_rules
from techstock.duplicates.context import ComparisonContext
from techstock.duplicates.matching import Rejection
from techstock.duplicates.near_rules import judge_near
from tests.duplicates import test_matching, test_near_search
from tests.duplicates.support import make_views

GUARDS: dict[str, tuple[object, str, object]] = {
    "translation": (ComparisonContext, "is_translation", False),
    "nested": (ComparisonContext, "is_nested", False),
    "authors": (ComparisonContext, "are_publications", False),
    "editions": (ComparisonContext, "are_editions", False),
    "projects": (ComparisonContext, "are_project_files", False),
    "cram": (ComparisonContext, "is_cram_note", False),
    "paragraphs": (ComparisonContext, "are_in_one_note", False),
    "kind": (matching, "_ALONE", frozenset()),
    "short": (matching, "MIN_ENGLISH_WORDS", 0),
    "property": (ComparisonContext, "is_shared_property", False),
    "light": (matching, "_get_min_weight", (0, "")),
    "sentence-siblings": (ComparisonContext, "is_sibling", False),
    "sentence-light": (matching, "MIN_UNRELATED_WEIGHT", 0),
    "label": (ComparisonContext, "is_label", False),
    "cousins": (ComparisonContext, "is_cousin", False),
    "notes": (ComparisonContext, "are_named_apart", False),
    "parents": (ComparisonContext, "has_same_term", True),
    "related": (matching, "are_strongly_alike", True),
    "subjects": (matching, "_have_two_subjects", False),
    "little": (matching, "_get_min_definition_weight", 0),
    "values": (matching, "has_different_numbers", False),
    "repeated-often": (ComparisonContext, "count_term_in_list", 2),
    "repeated-apart": (matching, "_is_interrupted", False),
    "repeated-beside": (matching, "_are_neighbors", False),
}
NEAR_GUARDS = {
    "near-numbers": ("表 3", "表 5"),
    "near-negation": ("止まる表", "止まらない表"),
    "near-names": ("web の表", "api の表"),
    "near-signs": ("甲 -> 乙", "甲 <- 乙"),
    "near-ideographs": ("東の表", "西の表"),
}


@pytest.mark.parametrize("reason", GUARDS)
def test_without_a_guard_its_pair_is_judged_otherwise(reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    owner, name, value = GUARDS[reason]
    is_function = callable(getattr(owner, name))
    monkeypatch.setattr(owner, name, (lambda *_: value) if is_function else value)
    with pytest.raises(AssertionError):
        test_matching.test_reason(reason)


@pytest.mark.parametrize("reason", NEAR_GUARDS)
def test_without_a_guard_two_near_texts_are_judged_otherwise(reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    views = make_views(
        "".join(f"- {test_near_search.FRAME.format(word)}。\n\n## 次\n\n" for word in NEAR_GUARDS[reason])
    )
    assert judge_near(views, 0, 1) == Rejection(reason)
    monkeypatch.setattr(near_rules, "_DIFFERENCES", {})
    monkeypatch.setattr(near_rules, "_swap_ideographs", lambda *_: False)
    assert judge_near(views, 0, 1) != Rejection(reason)


def test_all_guards_are_tried() -> None:
    """The others say that there is nothing to compare, or nothing in common."""
    assert set(test_matching.CASES) - set(GUARDS) - {"nothing", "empty", "undefined"} == set()
    assert {*near_rules._DIFFERENCES, "near-ideographs"} == set(NEAR_GUARDS)
