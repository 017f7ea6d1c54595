"""Choosing edits and applying them."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techstock.fix.edits import select_compatible_fixes
from techstock.model import Edit, Fix, Span
from techstock.text.edits import apply_edits


def make_edit(start: int, end: int, text: str, path: str = "a.md") -> Edit:
    return Edit(Span(start, end, path), text)


def fixing(*edits: Edit, safe: bool = True, message: str = "do it") -> Fix:
    return Fix(message, edits, safe)


def test_edits_are_applied_from_any_order() -> None:
    assert apply_edits("abcdef", [make_edit(4, 5, "E"), make_edit(0, 1, ""), make_edit(2, 2, "-")]) == "b-cdEf"


def test_the_same_edit_counts_once() -> None:
    assert apply_edits("ab", [make_edit(1, 1, " "), make_edit(1, 1, " ")]) == "a b"


@pytest.mark.parametrize(
    "edits", [[make_edit(0, 2, "x"), make_edit(1, 3, "y")], [make_edit(2, 9, "")], [make_edit(2, 1, "")]]
)
def test_what_overlaps_or_leaves_the_text_is_an_error(edits: list[Edit]) -> None:
    with pytest.raises(ValueError, match="overlaps"):
        apply_edits("abc", edits)


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("a\r\nb", 0, "\r\na\r\nb"),
        ("a\r\nb", 4, "a\r\nb\r\n"),
        ("a\rb\r\nc\n", 2, "a\r\r\nb\r\nc\n"),
        ("a\rb\r\nc\n", 7, "a\rb\r\nc\n\n"),
        ("\r\n", 2, "\r\n\r\n"),
        ("a\n", 0, "\na\n"),
        ("\ufeffa\r\n", 1, "\ufeff\r\na\r\n"),
    ],
)
def test_new_lines_end_as_the_line_they_begin_on(text: str, at: int, expected: str) -> None:
    assert apply_edits(text, [make_edit(at, at, "\n")]) == expected


def test_a_text_without_line_ends_gets_the_usual_one() -> None:
    assert apply_edits("a", [make_edit(1, 1, "\n")]) == "a\n"


def test_all_edits_of_a_fix_or_none() -> None:
    first = fixing(make_edit(0, 2, "x"))
    second = fixing(make_edit(1, 3, "y"), make_edit(8, 9, "z"))
    third = fixing(make_edit(9, 10, "w"))
    assert select_compatible_fixes([second, third, first]) == [first, third]


def test_neighbours_wait_for_the_next_round() -> None:
    left, right = fixing(make_edit(0, 2, "x")), fixing(make_edit(2, 3, ""))
    assert select_compatible_fixes([left, right]) == [left]
    inserted = fixing(make_edit(2, 2, " "))
    assert select_compatible_fixes([left, inserted]) == [left]


def test_the_safe_one_goes_before() -> None:
    unsafe, safe = fixing(make_edit(0, 3, "x"), safe=False), fixing(make_edit(2, 4, "y"))
    assert select_compatible_fixes([unsafe, safe]) == [safe]


def test_one_edit_may_belong_to_two_fixes() -> None:
    one, two = fixing(make_edit(1, 1, " "), message="a"), fixing(make_edit(1, 1, " "), make_edit(5, 6, ""), message="b")
    assert select_compatible_fixes([one, two]) == [one, two]


def test_a_fix_whose_own_edits_overlap_is_left_out() -> None:
    assert (
        select_compatible_fixes(
            [fixing(make_edit(0, 2, "x"), make_edit(1, 3, "y")), fixing(make_edit(1, 1, "a"), make_edit(1, 1, "b"))]
        )
        == []
    )
    beside = fixing(make_edit(0, 2, "x"), make_edit(2, 3, "y"))
    assert select_compatible_fixes([beside, fixing()]) == [beside]


def test_the_same_place_in_two_notes_is_no_conflict() -> None:
    both = fixing(make_edit(0, 1, "x"), make_edit(0, 1, "x", "b.md"))
    assert select_compatible_fixes([both]) == [both]
    assert select_compatible_fixes([both, fixing(make_edit(0, 1, "y", "b.md"))]) == [both]


@st.composite
def _edits(draw: st.DrawFn) -> Edit:
    start, length = draw(st.integers(0, 30)), draw(st.integers(0, 4))
    return make_edit(
        start, start + length, draw(st.sampled_from(["", "x", "\n"])), draw(st.sampled_from(["a.md", "b.md"]))
    )


@st.composite
def _fixes(draw: st.DrawFn) -> Fix:
    return fixing(*draw(st.lists(_edits(), max_size=3)), safe=draw(st.booleans()))


@given(st.lists(_fixes(), max_size=12), st.randoms(use_true_random=False))
def test_what_is_chosen_does_not_depend_on_the_order_and_can_be_applied(fixes: list[Fix], random: Random) -> None:
    chosen = select_compatible_fixes(fixes)
    shuffled = list(fixes)
    random.shuffle(shuffled)
    assert select_compatible_fixes(shuffled) == chosen
    for path in ("a.md", "b.md"):
        apply_edits("." * 40, [e for fix in chosen for e in fix.edits if e.place.path == path])


def test_overlapping_edits_of_one_fix_are_found_among_those_of_other_notes() -> None:
    assert (
        select_compatible_fixes([fixing(make_edit(0, 5, "x"), make_edit(2, 3, "y", "b.md"), make_edit(4, 6, "z"))])
        == []
    )
