"""Entities of HTML, and checks on a piece of HTML that need no parser."""

import re

_VERBATIM = r"(?i)<(?:!|\?|/?(?:pre|code|script|style|textarea|samp|xmp|svg)\b)"


def unescape_entities(text: str) -> str:
    """Return `text` with its HTML entities decoded; their table is only loaded if `text` contains an `&`."""
    if "&" not in text:
        return text
    from html import unescape

    return unescape(text)


def is_plain_html(html: str) -> bool:
    """Return whether a piece of HTML has no comment and no element with verbatim text, for instance `<pre>`."""
    return not re.compile(_VERBATIM).search(html)


def is_blank_html(text: str) -> bool:
    """Return whether `text` consists only of white space and HTML comments."""
    opening = re.compile(r"\s*<!--")
    at = 0
    while match := opening.match(text, at):
        close = text.find("-->", match.end())
        if close < 0:
            return False
        at = close + 3
    return not text[at:].strip()
