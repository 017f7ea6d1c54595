"""Entities of HTML, and checks on a piece of HTML that need no parser."""

import re

_VERBATIM = r"(?i)<(?:!|\?|/?(?:pre|code|script|style|textarea|samp|xmp|svg)\b)"


_TOO_LONG = r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{7,});?"  # no character; Python refuses thousands of digits


def unescape_entities(text: str) -> str:
    """Return `text` with its HTML entities decoded; their table is only loaded if `text` contains an `&`."""
    if "&" not in text:
        return text
    from html import unescape

    return unescape(re.sub(_TOO_LONG, "\ufffd", text) if "&#" in text else text)


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
