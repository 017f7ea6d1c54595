"""In which characters two texts differ."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techstock.duplicates.near_rules import CharacterRanges, diff_characters


@pytest.mark.parametrize(
    ("a", "b", "mine", "theirs"),
    [
        ("", "", [], []),
        ("停止", "停止", [], []),
        ("", "停止", [], [(0, 2)]),
        ("増分バックアップ", "差分バックアップ", [(0, 1)], [(0, 1)]),
        ("30 日のあいだ残る", "90 日のあいだ残る", [(0, 1)], [(0, 1)]),
        ("止まる", "すぐ止まる", [], [(0, 2)]),  # nothing is to be seen where something is missing
        ("止まる。続く", "止まる", [(3, 6)], []),
        ("甲x乙同じところ", "丙x丁同じところ", [(0, 3)], [(0, 3)]),  # one letter between
        ("甲xy乙同じところ", "丙xy丁同じところ", [(0, 4)], [(0, 4)]),
        ("甲xyz乙同じところ", "丙xyz丁同じところ", [(0, 1), (4, 5)], [(0, 1), (4, 5)]),
        ("甲あ乙", "あ丙丁戊", [(0, 3)], [(0, 4)]),
        ("あ甲", "あ乙", [(1, 2)], [(1, 2)]),  # equal letters at an end are no island
    ],
)
def test_differences(a: str, b: str, mine: CharacterRanges, theirs: CharacterRanges) -> None:
    assert diff_characters(a, b) == (mine, theirs)
    assert diff_characters(b, a) == (theirs, mine)


def test_long_texts_are_not_compared() -> None:
    limit = "あ" * 1_999
    assert diff_characters(f"{limit}甲", f"{limit}乙") == ([(1_999, 2_000)], [(1_999, 2_000)])
    assert diff_characters(f"{limit}甲", f"{limit}乙丙") == ([], [])
    assert diff_characters("あ" * 2_001, "い") == ([], [])


@given(st.text("あい甲", max_size=30), st.text("あい甲", max_size=30))
def test_what_is_not_marked_is_the_same(a: str, b: str) -> None:
    mine, theirs = diff_characters(a, b)
    assert _rest(a, mine) == _rest(b, theirs)
    for text, ranges in ((a, mine), (b, theirs)):
        edges = [edge for pair in ranges for edge in pair]
        assert edges == sorted(set(edges))
        assert not edges or edges[-1] <= len(text)


def _rest(text: str, ranges: CharacterRanges) -> str:
    for start, end in reversed(ranges):
        text = text[:start] + text[end:]
    return text
