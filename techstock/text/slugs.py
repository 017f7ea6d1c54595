"""Anchors that GitHub generates for headings.

They are lowercase and keep only letters, marks, decimal digits, `_`, `-` and spaces, which become `-`; the second
heading with the same text gets the suffix `-1`. Source: the behaviour of github.com as reproduced by github-slugger.
"""

import re
from collections.abc import Iterable, Iterator
from unicodedata import category

_SLUG_CATEGORIES = frozenset(("Lu", "Ll", "Lt", "Lm", "Lo", "Nl", "Mn", "Mc", "Me", "Nd", "Pc"))


def make_github_slug(text: str) -> str:
    """Return the anchor of a heading with this rendered text, if no earlier heading has the same."""
    text = text.strip(" \t\r\n").lower()
    if re.fullmatch(r"[a-z0-9_ -]*", text):
        return text.replace(" ", "-")
    return "".join(c for c in text if c in " -" or category(c) in _SLUG_CATEGORIES or _is_circled_letter(c)).replace(
        " ", "-"
    )


def _is_circled_letter(character: str) -> bool:
    """Return whether Unicode counts a circled symbol as a letter: Ⓐ is one, ① is not."""
    return "\u24b6" <= character <= "\u24e9" or ("\U0001f130" <= character <= "\U0001f189" and character.isalpha())


def make_unique_slugs(texts: Iterable[str]) -> Iterator[str]:
    """Yield the anchors of the headings of one note, in their order, all different."""
    times: dict[str, int] = {}
    for text in texts:
        base = found = make_github_slug(text)
        while found in times:
            times[base] += 1
            found = f"{base}-{times[base]}"
        times[found] = 0
        yield found
