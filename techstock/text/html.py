"""What can be said about a piece of HTML without parsing it."""

import re

_VERBATIM = r"(?i)<(?:!|\?|/?(?:pre|code|script|style|textarea|samp|xmp|svg)\b)"


def unescaped(text: str) -> str:
    """`text` with its entities read; their table is loaded only for text that may hold some."""
    if "&" not in text:
        return text
    from html import unescape

    return unescape(text)


def is_plain(html: str) -> bool:
    """Whether a piece of HTML holds no comment and nothing that keeps its text as it stands, such as `<pre>`."""
    return not re.compile(_VERBATIM).search(html)


def is_blank(text: str) -> bool:
    """Whether there is nothing in `text` but white space and comments."""
    opening = re.compile(r"\s*<!--")
    at = 0
    while match := opening.match(text, at):
        close = text.find("-->", match.end())
        if close < 0:
            return False
        at = close + 3
    return not text[at:].strip()
