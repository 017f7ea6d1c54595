"""Names of characters that are invisible or easily confused."""

_CONTROL_NAMES = {  # those that are met; Unicode itself gives control characters no names
    0x00: "null",
    0x07: "bell",
    0x08: "backspace",
    0x0B: "vertical tab",
    0x0C: "form feed",
    0x1A: "substitute",
    0x1B: "escape",
    0x7F: "delete",
    0x85: "next line",
}


def describe_character(char: str) -> str:
    """Return a character as messages show it: `U+3000 (ideographic space)`, or `U+0002` if it has no name."""
    from unicodedata import name

    called = _CONTROL_NAMES.get(ord(char)) or name(char, "").lower()
    point = f"U+{ord(char):04X}"
    return f"{point} ({called})" if called else point
