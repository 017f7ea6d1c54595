"""Format values and keys as TOML, for messages and for `--show-settings`."""

from typing import Any

_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def written(value: Any) -> str:
    """Format `value` as TOML; of a table, a date or a number beyond 64 bits only the type is named."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, int) and value.bit_length() > 63:
        return "a number of more than 64 bits"  # thousands of digits, which Python refuses to write
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(written(item) for item in value)}]"
    return "a table" if isinstance(value, dict) else "a date or time"


def dotted(key: tuple[str, ...]) -> str:
    """Join the parts of a key with dots, quoted where TOML requires it."""
    return ".".join(part if part and _PLAIN.issuperset(part) else _quoted(part) for part in key)


def _quoted(text: str) -> str:
    return '"' + "".join(_escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    if character in _SHORT:
        return _SHORT[character]
    return f"\\u{ord(character):04x}" if character < " " or character == "\x7f" else character
