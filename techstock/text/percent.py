"""Percent-encoding, as in URLs."""

from urllib.parse import unquote_to_bytes

_KEPT = frozenset("-._~/!$+,;=@")


def decoded(text: str) -> str:
    """`text` percent-decoded once; a `%` that begins no escape stays, what is no UTF-8 becomes lone surrogates."""
    if "%" not in text:
        return text
    return unquote_to_bytes(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogateescape")


def encoded(path: str) -> str:
    """`path` with every character encoded that ends or changes a target somewhere, in Markdown or in HTML.

    Letters and digits of any script stay, as people write them.
    """
    return "".join(c if c.isalnum() or c in _KEPT else _escapes(c) for c in path)


def _escapes(character: str) -> str:
    if character > "\x7f" and character.isprintable() and not character.isspace():
        return character
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogateescape"))
