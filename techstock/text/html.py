"""What can be said about a piece of HTML without parsing it."""

import re

_VERBATIM = r"(?i)<(?:!|\?|/?(?:pre|code|script|style|textarea|samp|xmp|svg)\b)"


def is_plain(html: str) -> bool:
    """Whether a piece of HTML holds no comment and nothing that keeps its text as it stands, such as `<pre>`."""
    return not re.compile(_VERBATIM).search(html)
