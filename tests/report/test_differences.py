"""Marks on what two texts do not share."""

from hypothesis import given
from hypothesis import strategies as st

from techstock.report.differences import mark_differences
from tests.report.support import read_page

LINES = st.lists(st.text("ab あい<&", max_size=8), max_size=6)


def test_a_character_of_a_line_is_marked() -> None:
    marked = mark_differences(["- 待避: 一時間に三回まで。", "- 同じ"], ["- 待避: 一時間に二回まで。", "- 同じ"])
    assert marked.content == "- 待避: 一時間に<mark>三</mark>回まで。\n- 同じ"
    assert marked.compared


def test_another_line_is_marked_whole_but_for_its_indent() -> None:
    marked = mark_differences(["- a", "  - 水門"], ["- a"])
    assert marked.content == "- a\n  <mark>- 水門</mark>"


@given(LINES, LINES)
def test_marks_change_no_text(source: list[str], other: list[str]) -> None:
    assert read_page(mark_differences(source, other).content).text == "\n".join(source)
    assert "<mark>" not in mark_differences(source, source).content


def test_what_is_too_long_is_said_to_be_uncompared() -> None:
    long = "あ" * 2001
    assert not mark_differences([f"{long}い"], [f"{long}う"]).compared
    assert not mark_differences(["a"] * 401, ["b"]).compared
    assert mark_differences([long, "い"], [long, "う"]).compared  # the long line is the same
