"""The anchors that GitHub gives to headings.

In lower case, without anything but letters, marks, decimal digits, `_`, `-` and spaces, which become `-`; a second
heading of the same text ends in `-1`. Source: the behaviour of github.com as github-slugger reproduces it.
"""

import re
from collections.abc import Iterable, Iterator
from unicodedata import category

_KEPT = frozenset(("Lu", "Ll", "Lt", "Lm", "Lo", "Nl", "Mn", "Mc", "Me", "Nd", "Pc"))


def slug(text: str) -> str:
    """The anchor of a heading whose rendered text this is, if none before it has the same."""
    text = text.strip(" \t\r\n").lower()
    if re.fullmatch(r"[a-z0-9_ -]*", text):
        return text.replace(" ", "-")
    return "".join(c for c in text if c in " -" or category(c) in _KEPT or _is_circled(c)).replace(" ", "-")


def _is_circled(character: str) -> bool:
    """Whether Unicode counts a symbol as a letter, as it does Ⓐ but not ①."""
    return "\u24b6" <= character <= "\u24e9" or ("\U0001f130" <= character <= "\U0001f189" and character.isalpha())


def slugs(texts: Iterable[str]) -> Iterator[str]:
    """The anchors of the headings of one note, in its order, all different."""
    times: dict[str, int] = {}
    for text in texts:
        base = found = slug(text)
        while found in times:
            times[base] += 1
            found = f"{base}-{times[base]}"
        times[found] = 0
        yield found
