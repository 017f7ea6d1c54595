"""Edits between two texts: they lead from one to the other, and no position is inside of a line end."""

from hypothesis import given
from hypothesis import strategies as st

from techstock.model import LineIndex, Span
from techstock.server.diagnostics import TextChange
from techstock.server.text_edits import list_changes

TEXTS = st.text(alphabet=st.sampled_from("ab\r\n 待😀\u2028"), max_size=30)


def apply_changes(old: str, new: str) -> str:
    text = old
    for place, replacement in reversed(list(list_changes(old, new))):
        text = text[: place.start] + replacement + text[place.end :]
    return text


@given(TEXTS, TEXTS)
def test_edits_lead_to_the_new_text(old: str, new: str) -> None:
    assert apply_changes(old, new) == new
    ends = LineIndex(old)
    for place, _ in list_changes(old, new):
        for offset in (place.start, place.end):
            line = ends.find_line(offset)
            assert offset <= ends.ends[line], "between \\r and \\n"


def test_lines_that_stay_are_not_in_an_edit() -> None:
    old, new = "a\nb\nc\nd\ne\n", "a\nB\nc\nd\nE\n"
    assert list(list_changes(old, new)) == [(Span(2, 3), "B"), (Span(8, 9), "E")]
    assert list(list_changes(old, old)) == []


def test_long_texts_become_one_edit() -> None:
    old = "".join(f"{number}\n" for number in range(4_000))
    new = "".join(f"{number}!\n" for number in range(4_000))
    assert len(list(list_changes(old, new))) == 1
    assert apply_changes(old, new) == new


@given(TEXTS, TEXTS, st.integers(0, 30), st.integers(0, 5))
def test_spans_move_with_their_text(old: str, new: str, start: int, length: int) -> None:
    """A span that a change does not touch has the same text after it."""
    place = Span(min(start, len(old)), min(start + length, len(old)))
    change = TextChange(old, new)
    moved = change.move_span(place)
    if moved and (place.end <= change.start or place.start >= change.end):
        assert moved.extract_from(new) == place.extract_from(old)
