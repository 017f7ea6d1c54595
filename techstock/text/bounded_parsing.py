"""Parse TOML and JSON that a stranger may have written: what is nested too deep is refused before a parser sees it.

A parser takes time by the square of the parts of a dotted key, and recurses into what is nested. The checks here take
time by the length of the text alone.
"""

import re
from collections.abc import Callable
from typing import Any

from techstock.text.lazy_patterns import compile_lazily

MAX_KEY_PARTS = 32  # of a dotted key
MAX_NESTING = 64  # arrays and tables within each other

_TOML_STRING_OR_COMMENT = compile_lazily(
    r'''
      """ (?: [^"\\]++ | \\. | "(?!"") )*+ (?:"{3,5})?
    | \'\'\' (?: [^']++ | '(?!\'\') )*+ (?:'{3,5})?
    | " (?: [^"\\\n]++ | \\. )*+ "?
    | ' [^'\n]*+ '?
    | \# [^\n]*+
    ''',
    re.X | re.S,
)
_LONG_KEY = compile_lazily(rf"(?<![\w-])(?:[\w-]++[ \t]*+\.[ \t]*+){{{MAX_KEY_PARTS}}}")
_JSON_STRING = compile_lazily(r'"(?:[^"\\]++|\\.)*+"?', re.S)
_BRACKET = re.compile(r"[\[\]{}]")


class NestingError(ValueError):
    """Raised for a text that is nested too deep; the message completes a sentence about the file."""


def parse_toml(text: str) -> dict[str, Any]:
    """Parse TOML. Raise `NestingError`, or another `ValueError` for what is not TOML."""
    import tomllib  # late: most runs read no TOML

    plain = _TOML_STRING_OR_COMMENT.sub(_blank_token, text)
    if _LONG_KEY.search(plain):
        raise NestingError(f"has a key of more than {MAX_KEY_PARTS} parts")
    found: dict[str, Any] = _parse_shallow(lambda: tomllib.loads(text), plain)
    return found


def parse_json(data: bytes) -> Any:
    """Parse JSON in UTF-8. Raise `NestingError`, or another `ValueError` for what is not JSON."""
    import json  # late: few runs read JSON

    text = data.decode("utf-8-sig")
    return _parse_shallow(lambda: json.loads(text), _JSON_STRING.sub("", text))


def _blank_token(found: re.Match[str]) -> str:
    """Return what takes the place of a string, which may be a part of a key, or of a comment."""
    return "" if found[0].startswith("#") else "x"


def _parse_shallow(parse: Callable[[], Any], plain: str) -> Any:
    """Parse a text unless its brackets are nested too deep; `plain` is the text without strings and comments."""
    depth = 0
    for bracket in _BRACKET.finditer(plain):
        depth = depth + 1 if bracket[0] in "[{" else max(depth - 1, 0)
        if depth > MAX_NESTING:
            raise NestingError("is nested too deep")
    try:
        return parse()
    except RecursionError:
        raise NestingError("is nested too deep") from None
