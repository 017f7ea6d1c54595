"""HTML entities."""

import pytest

from techstock.text.html_entities import unescape_entities


@pytest.mark.parametrize("digits", ["9" * 8, "9" * 5_000, "x" + "f" * 7, "X" + "F" * 5_000])
def test_a_number_that_is_no_character(digits: str) -> None:
    assert unescape_entities(f"a &#{digits}; b") == "a \ufffd b"
    assert unescape_entities(f"a &#{digits} b") == "a \ufffd b"


def test_entities() -> None:
    assert unescape_entities("&#65;&#x42; &amp; &#1114109;") == "AB & \U0010fffd"
