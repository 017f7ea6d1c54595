"""Format values and keys as TOML, for messages and for `--show-settings`."""

from typing import Any

_BARE_KEY_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")
_SHORT_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def format_toml_value(value: Any) -> str:
    """Format `value` as TOML; of a table, a date or a number beyond 64 bits only the type is named."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _quote_string(value)
    if isinstance(value, int) and value.bit_length() > 63:
        return "a number of more than 64 bits"  # thousands of digits, which Python refuses to write
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(format_toml_value(item) for item in value)}]"
    return "a table" if isinstance(value, dict) else "a date or time"


def format_toml_key(key: tuple[str, ...]) -> str:
    """Join the parts of a key with dots, quoted where TOML requires it."""
    return ".".join(part if part and _BARE_KEY_CHARACTERS.issuperset(part) else _quote_string(part) for part in key)


def _quote_string(text: str) -> str:
    return '"' + "".join(_escape_character(character) for character in text) + '"'


def _escape_character(character: str) -> str:
    if character in _SHORT_ESCAPES:
        return _SHORT_ESCAPES[character]
    return f"\\u{ord(character):04x}" if character < " " or character == "\x7f" else character
