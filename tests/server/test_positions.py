"""Positions: the three encodings, line ends, byte order marks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techstock.model import LineIndex, Span
from techstock.server.positions import ENCODINGS, UTF8, UTF16, UTF32, Position, Range, TextPositions, choose_encoding

LINES = st.text(alphabet=st.sampled_from("aé待😀\u2028\x0c\x85\r\n\ud800"), max_size=20)


def make_positions(text: str, encoding: str = UTF16, *, bom_counts: bool = False) -> TextPositions:
    return TextPositions(text, LineIndex(text), encoding, bom_counts=bom_counts)


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(text=LINES)
def test_a_position_leads_back(encoding: str, text: str) -> None:
    lines, positions = LineIndex(text), make_positions(text, encoding)
    for offset in range(len(text) + 1):
        line = lines.find_line(offset)
        expected = max(min(offset, lines.ends[line]), lines.starts[line])
        found = positions.to_position(offset)
        assert positions.to_offset(Position(**found)) == expected
        units = text[lines.starts[line] : expected]
        size = {UTF8: 1, UTF16: 2, UTF32: 4}[encoding]
        encoded = units.encode({UTF8: "utf-8", UTF16: "utf-16-le", UTF32: "utf-32-le"}[encoding], "surrogatepass")
        assert found == {"line": line, "character": len(encoded) // size}


@pytest.mark.parametrize(("encoding", "column"), [(UTF8, 4), (UTF16, 2), (UTF32, 1)])
def test_a_character_beyond_the_first_plane(encoding: str, column: int) -> None:
    positions = make_positions("a\r\n😀b", encoding)
    assert positions.to_position(4) == {"line": 1, "character": column}
    assert positions.to_offset(Position(1, column)) == 4
    assert positions.to_offset(Position(1, column - 1)) == 3, "the middle of a character is its beginning"


def test_positions_behind_the_end() -> None:
    positions = make_positions("ab\r\ncd")
    assert positions.to_offset(Position(0, 99)) == 2
    assert positions.to_offset(Position(9, 0)) == 6
    assert positions.to_span(Range(Position(1, 1), Position(0, 1)), "a.md") == Span(1, 5, "a.md")


def test_a_byte_order_mark_counts_only_for_clients_that_send_it() -> None:
    text = "\ufeffab\ncd"
    assert make_positions(text).to_position(2) == {"line": 0, "character": 1}
    assert make_positions(text, bom_counts=True).to_position(2) == {"line": 0, "character": 2}
    assert make_positions(text, UTF8, bom_counts=True).to_position(2) == {"line": 0, "character": 4}
    assert make_positions(text, bom_counts=True).to_offset(Position(0, 2)) == 2
    assert make_positions(text, bom_counts=True).to_position(5) == {"line": 1, "character": 1}


def test_the_encoding_is_the_first_that_is_known() -> None:
    assert choose_encoding(["utf-32", "utf-8"]) == UTF32
    assert choose_encoding(["utf-7", "utf-8"]) == UTF8
    assert choose_encoding([]) == UTF16
