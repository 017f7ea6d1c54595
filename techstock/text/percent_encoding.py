"""Percent-encoding of URLs and paths."""

_UNENCODED = frozenset("-._~/!$+,;=@")


def percent_decode(text: str) -> str:
    """Return `text` percent-decoded once.

    A `%` that begins no escape is kept; bytes that are not valid UTF-8 become lone surrogates.
    """
    if "%" not in text:
        return text
    from urllib.parse import unquote_to_bytes  # late: few links hold escapes

    return unquote_to_bytes(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogateescape")


def percent_encode(path: str) -> str:
    """Return `path` with each character encoded that could end or change a link target in Markdown or HTML.

    Letters and digits of any script are kept, as people write them.
    """
    return "".join(c if c.isalnum() or c in _UNENCODED else _encode_character(c) for c in path)


def _encode_character(character: str) -> str:
    if character > "\x7f" and character.isprintable() and not character.isspace():
        return character
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogateescape"))
