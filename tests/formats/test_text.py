"""What formats need from `techstock.text`: escapes, widths, cutting."""

import sys
import unicodedata

import pytest
import wcwidth

from techstock.text.escape import compile_unsafe_pattern, escape, is_shown_as_is
from techstock.text.terminal_width import (
    _COMMON_WIDTHS,
    display_width,
    measure_characters,
    truncate_to_width,
    wrap_words,
)

# Signs before numbers in Arabic and a few other scripts: format characters that are seen.
_SEEN = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("plain ASCII", "plain ASCII"),
        ("停止、\u3000再開\u00a0", "停止、\u3000再開\u00a0"),
        ("a\nb\r\n\tc", r"a\nb\r\n\tc"),
        ("\x00\x1b[31m\x7f\x9b", r"\x00\x1b[31m\x7f\x9b"),
        (
            "\u061c\u200b\u200e\u200f\u202a\u202e\u2066\u2069\ufeff\u00ad",
            r"\u061c\u200b\u200e\u200f\u202a\u202e\u2066\u2069\ufeff\xad",
        ),
        ("\u2028\u2029\x85\x0b\x0c", r"\u2028\u2029\x85\x0b\x0c"),
        ("\ud800\udc80\udfff", r"\ud800\udc80\udfff"),
        ("\U000e0041\U0001d173", r"\U000e0041\U0001d173"),
        ("\u3164\uffa0\u034f", r"\u3164\uffa0\u034f"),  # blank letters
        ("👨‍👩‍👧 🏳️‍🌈 ❤️ 1️⃣ 👍🏽", "👨‍👩‍👧 🏳️‍🌈 ❤️ 1️⃣ 👍🏽"),
        ("a\u200db 人\u200d人 👨\u200d \u200d👩", r"a\u200db 人\u200d人 👨\u200d \u200d👩"),
        ("あ\ufe0f \ufe0f", r"あ\ufe0f \ufe0f"),
        ("葛\U000e0100城 あ\U000e0100", r"葛" + "\U000e0100" + r"城 あ\U000e0100"),
        ("か\u3099", "か\u3099"),
    ],
)
def test_escape(text: str, escaped: str) -> None:
    assert escape(text) == escaped


def test_every_unseen_character_is_escaped_and_no_letter_is() -> None:
    unseen = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    seen = {"Lu", "Ll", "Lt", "Lm", "Nd", "Nl", "No", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Zs"}
    for code in range(sys.maxunicode + 1):
        category = unicodedata.category(chr(code))
        if category in unseen and code not in _SEEN:
            assert compile_unsafe_pattern().fullmatch(chr(code)), hex(code)
        elif category in seen:
            assert not compile_unsafe_pattern().fullmatch(chr(code)), hex(code)


def test_what_is_told_to_be_shown_as_it_is_is_never_escaped() -> None:
    """The two say it each in its own way; no context can make a character unsafe that is not so between blanks."""
    characters = [chr(code) for code in range(sys.maxunicode + 1)]
    shown = " ".join(filter(is_shown_as_is, characters))
    assert {"a", " ", "停", "\u3000", "👍"} <= set(shown)
    assert compile_unsafe_pattern().search(shown) is None
    assert is_shown_as_is(shown)


def test_common_widths_are_those_of_wcwidth() -> None:
    for first, last, width in _COMMON_WIDTHS:
        for code in range(first, last + 1):
            if width and unicodedata.category(chr(code)) != "Cn":
                assert wcwidth.wcwidth(chr(code)) == width, hex(code)
            assert width or compile_unsafe_pattern().fullmatch(chr(code)) or wcwidth.wcwidth(chr(code)) == 0, hex(code)


def test_common_ranges_do_not_overlap() -> None:
    ends = [end for first, last, _ in sorted(_COMMON_WIDTHS) for end in (first, last)]
    assert ends == sorted(ends)


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", []),
        ("ab停ｱ①", [1, 1, 2, 1, 1]),
        ("か\u3099", [2, 0]),
        ("e\u0301x", [1, 0, 1]),
        ("👨‍👩‍👧x", [2, 0, 0, 0, 0, 1]),
        ("❤️x", [2, 0, 1]),
        ("1️⃣", [2, 0, 0]),
        ("👍🏽", [2, 0]),
        ("🇯🇵🇫🇷", [2, 0, 2, 0]),
        ("\u0301x", [0, 1]),
        ("\U0001f44d\U0001f44d", [2, 2]),
    ],
)
def test_widths(text: str, columns: list[int]) -> None:
    assert measure_characters(text) == columns
    assert display_width(text) == sum(columns)


@pytest.mark.parametrize(
    ("text", "columns", "result"),
    [
        ("停止", 4, "停止"),
        ("停止", 3, "停…"),
        ("停止", 2, "…"),
        ("停止", 1, "…"),
        ("abc", 2, "a…"),
        ("か\u3099く", 3, "か\u3099…"),
        ("👨‍👩‍👧👧", 3, "👨‍👩‍👧…"),
    ],
)
def test_cut(text: str, columns: int, result: str) -> None:
    assert truncate_to_width(text, columns) == result


@pytest.mark.parametrize(
    ("text", "columns", "rows"),
    [
        ("", 5, [""]),
        ("a bc def", 4, ["a bc", "def"]),
        ("a bc def", 3, ["a", "bc", "def"]),
        ("停止 再開 待避", 9, ["停止 再開", "待避"]),
        ("停止 再開 待避", 8, ["停止", "再開", "待避"]),
        ("a 停止再開 b", 4, ["a", "停止再開", "b"]),
    ],
)
def test_broken(text: str, columns: int, rows: list[str]) -> None:
    assert list(wrap_words(text, columns)) == rows
