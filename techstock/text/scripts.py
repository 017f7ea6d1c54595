"""Scripts of characters, as far as the rules on markup need them."""

_CJK = ((0x1100, 0x11FF), (0x2E80, 0x9FFF), (0xA960, 0xA97F), (0xAC00, 0xD7FF), (0xF900, 0xFAFF), (0xFF66, 0xFFDC))
_JOINING = (  # Arabic to Burmese, Khmer to Balinese and Batak, Indic extensions, and their later planes
    (0x0600, 0x109F),
    (0x1700, 0x1C7F),
    (0xA800, 0xABFF),
    (0x10A00, 0x10AFF),
    (0x11000, 0x11FFF),
)
_EMOJI = (
    (0x20E3, 0x20E3),
    (0x2190, 0x2BFF),
    (0xFE0E, 0xFE0F),
    (0x1F000, 0x1FAFF),
    (0xE0020, 0xE007F),
)
_IDEOGRAPHS = 0x20000


def is_cjk(char: str) -> bool:
    """Return whether a character is a letter of Chinese, Japanese or Korean: an ideograph, kana or Hangul."""
    return char.isalpha() and (ord(char) >= _IDEOGRAPHS or _is_in_ranges(char, _CJK))


def is_emoji_part(char: str) -> bool:
    """Return whether a character can be part of an emoji: a pictograph, skin tone, variation selector or tag."""
    return char != "" and (_is_in_ranges(char, _EMOJI) or char in "©®〰〽㊗㊙")


def needs_joiners(char: str) -> bool:
    """Return whether a character belongs to a script that uses joiners or zero-width spaces, like Arabic and Thai."""
    return char != "" and _is_in_ranges(char, _JOINING)


def is_right_to_left(text: str) -> bool:
    """Return whether a text contains a letter that is written from right to left."""
    from unicodedata import bidirectional

    return not text.isascii() and any(bidirectional(char) in ("R", "AL") for char in text if char.isalpha())


def _is_in_ranges(char: str, ranges: tuple[tuple[int, int], ...]) -> bool:
    point = ord(char)
    return any(first <= point <= last for first, last in ranges)
