"""What holds for every text: no row steers a terminal or is too wide, and every mark stands below its character."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from wcwidth import wcwidth

from techstock.model import Diagnostic, RelatedSpan, Span
from tests.formats.support import make_diagnostic, render_report

pytestmark = pytest.mark.no_cover  # what these repeat a hundred times, others show once

_PIECES = [
    "停止",
    "、",
    "ab ",
    "\t",
    "\x1b[31m",
    "\u202e",
    "\u200b",
    "か\u3099",
    "①",
    "👍",
    "\n",
    "\r\n",
    "\r",
    "\udc80",
    "…",
]
TEXTS = st.one_of(
    st.text(max_size=60),
    st.lists(st.one_of(st.sampled_from(_PIECES), st.characters()), max_size=120).map("".join),
    st.lists(st.sampled_from(_PIECES[:-5]), min_size=60, max_size=200).map("".join),
)
_UNSEEN = re.compile(
    r"[^\S\n \u3000]|[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_BLANKS = re.compile(r"[\u00a0\u1680\u2000-\u200a\u202f\u205f]")  # blanks of other widths are let through


@st.composite
def reports(draw: st.DrawFn) -> tuple[str, str, Diagnostic]:
    path, text = draw(st.text(min_size=1, max_size=9)), draw(TEXTS)
    ends = st.integers(0, len(text))
    start, end = sorted((draw(ends), draw(ends)))
    at = draw(ends)
    words = st.text(max_size=50)
    related = (RelatedSpan(Span(at, at, path), draw(words)),)
    return (
        path,
        text,
        make_diagnostic(Span(start, end, path), draw(words), label=draw(words), help=draw(words), related=related),
    )


@given(reports())
def test_nothing_unseen_leaves_without_colour(drawn: tuple[str, str, Diagnostic]) -> None:
    path, text, diagnostic = drawn
    for name in ("full", "concise", "grouped"):
        output = render_report(name, {path: text}, [diagnostic, diagnostic])
        assert not _UNSEEN.search(_BLANKS.sub("", output))
        assert output.endswith("\n")


@given(reports(), st.integers(40, 130))
def test_number_of_rows_and_width_of_marks(drawn: tuple[str, str, Diagnostic], width: int) -> None:
    path, text, diagnostic = drawn
    rows = render_report("full", {path: text}, [diagnostic], width=width).split("\n")
    marks = [row for row in rows if re.match(r" *\| +[-^]+( |$)", row)]
    assert len(marks) == (2 if text else 0)
    for row in marks:
        assert sum(max(wcwidth(character), 0) for character in row) <= width


def _plain(character: str) -> int:
    """Columns of a letter or a kana, by another way than the code's."""
    return 2 if "\u3040" <= character <= "\u9fff" else 1


_LETTERS = st.text(st.sampled_from("abcdefXYZあいうえおカキク停止再開"), min_size=1, max_size=200)


@given(_LETTERS, st.integers(40, 100), st.data())
@example("あ" * 600, 80, None)
def test_marks_stand_below_their_characters(text: str, width: int, data: st.DataObject | None) -> None:
    start = data.draw(st.integers(0, len(text) - 1)) if data else 300
    length = data.draw(st.integers(1, 6)) if data else 3
    place = Span(start, min(start + length, len(text)), "a.md")
    rows = render_report("full", {"a.md": text}, [make_diagnostic(place, label="x" * 9)], width=width).split("\n")
    line, marks = rows[3], rows[4]
    first, last = marks.index("^"), marks.rindex("^") + 1
    below, column = "", 0
    for character in line:
        if first <= column < last:
            below += character
        column += _plain(character)
    assert below == text[place.start : place.end]
    assert max(column, len(marks)) <= width
    shown = line[4:].strip("…")
    assert shown in text
    assert (shown == text) == (sum(map(_plain, text)) <= width - 4)
