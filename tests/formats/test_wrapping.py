"""Text in rows, in scripts with and without spaces."""

from hypothesis import given
from hypothesis import strategies as st

from techstock.text.terminal_width import display_width, pad_to_width, wrap_text


def test_rows() -> None:
    assert list(wrap_text("新しい要求を受けず、止まること。", 10)) == ["新しい要求", "を受けず、", "止まるこ", "と。"]
    assert list(wrap_text("- EC2 に Auto Scaling が要る", 12, indent="  ")) == [
        "- EC2 に",
        "  Auto",
        "  Scaling が",
        "  要る",
    ]
    assert list(wrap_text("a" * 25, 10)) == ["a" * 10, "a" * 10, "a" * 5]
    assert list(wrap_text("", 10)) == [""]
    assert pad_to_width("台", 4) == "台  "


@given(st.text("ab 台、。ー- ", max_size=60))
def test_nothing_is_lost_and_no_row_is_too_wide(text: str) -> None:
    found = list(wrap_text(text, 12, indent="  "))
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(display_width(row) <= 12 for row in found)
