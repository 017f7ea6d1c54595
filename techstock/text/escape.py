"""Escaping of text from notes, paths and servers, so that it is harmless on a terminal and nothing is invisible."""

import re
from functools import cache

_PICTOGRAPHS = (  # what emoji are made of
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u25aa-\u27bf\u2934\u2935\u2b05-\u2b55"
    "\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)
_IDEOGRAPH_RANGES = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_INVISIBLE = (
    "\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ud800-\udfff\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
)
_INVISIBLE_PRINTABLE = frozenset(  # by Unicode, though nobody sees them: the rest of the above `str.isprintable` knows
    chr(code)
    for first, last in ((0x34F, 0x34F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x3164, 0x3164),
                        (0xFE00, 0xFE0F), (0xFFA0, 0xFFA0), (0xE0100, 0xE01EF))
    for code in range(first, last + 1)
)  # fmt: skip
_SHORT_ESCAPES = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}


def escape(text: str) -> str:
    """Return `text` with each invisible or terminal-controlling character written as `\\x1b`, `\\u202e` and so on.

    These are control, format and bidirectional characters, line ends and tabs, lone surrogates and blank letters.
    Characters that join an emoji or select the form of an ideograph are kept. The result is one line.
    """
    if is_shown_as_is(text):
        return text
    return compile_unsafe_pattern().sub(lambda match: escape_character(match[0]), text)


def is_shown_as_is(text: str) -> bool:
    """Return True if `escape` certainly changes nothing; False if it may.

    No regular expression is used, since the one of `escape` takes long to compile.
    """
    if text.isascii():
        return text.isprintable()
    return text.replace("\u3000", "").isprintable() and _INVISIBLE_PRINTABLE.isdisjoint(text)


@cache
def compile_unsafe_pattern() -> re.Pattern[str]:
    """Return the pattern that matches each single character that `escape` replaces."""
    joined = f"(?<=[{_PICTOGRAPHS}\ufe0f])\u200d(?=[{_PICTOGRAPHS}])"  # in a family, for instance
    styled = f"(?<=[0-9#*{_PICTOGRAPHS}])[\ufe0e\ufe0f]"
    variant = f"(?<=[{_IDEOGRAPH_RANGES}])[\ufe00-\ufe02\U000e0100-\U000e01ef]"
    selector = "\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef"
    return re.compile(f"[{_INVISIBLE}]|(?!{joined}|{styled}|{variant})[{selector}]")


def neutralize_ci_commands(text: str, bracket: str) -> str:
    """Return `text` with the `[` of `##[`, `##vso[` and the like replaced by `bracket`.

    GitHub Actions, Azure Pipelines and TeamCity execute the command that follows, anywhere in a line of a log.
    """
    return re.sub(r"##(\w*)\[", lambda match: f"##{match[1]}{bracket}", text) if "##" in text else text


def disarm_log_commands(text: str) -> str:
    """Return `text` with no command for a build server: no `::name` at the start of a line, no `##[` or `##vso[`."""
    if "::" in text:
        text = re.sub(r"(?m)^(\s*:):(?!: )", "\\1\u200b:", text)
    return neutralize_ci_commands(text, "\u200b[")


def escape_character(character: str) -> str:
    """Return the backslash escape of one character, as Python writes it."""
    code = ord(character)
    if code < 0x100:
        return _SHORT_ESCAPES.get(character, f"\\x{code:02x}")
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
