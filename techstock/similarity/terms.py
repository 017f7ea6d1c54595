"""Keys by which terms are compared."""

import re

from techstock.similarity.words import folded, plain

_PREFIX = re.compile(r"^(?:aws|amazon)\s+(?=\S)")
_PARENTHESIS = re.compile(r"\s*[（(]([^（）()]+)[)）]\s*$")
_CODE = re.compile(r"`[^`]*`")
_SPACE = re.compile(r"[\s\u3000*]+")


def keys(name: str) -> tuple[str, str, str]:
    """Return the key of a term, of a parenthesis that expands or abbreviates it, and of any other parenthesis.

    The key has no width, case, spaces or leading AWS or Amazon; code spans are kept unchanged.
    """
    text = _spelled(name)
    match = _PARENTHESIS.search(text)
    if not match or match.start() == 0:
        return _key(text), "", ""
    head, inner = text[: match.start()], match[1]
    if len(inner.strip()) > 1 and _tells_the_same(head, inner):
        return _key(head), _key(inner), ""
    return _key(text), "", _key(inner)


def abbreviated(name: str) -> bool:
    """Return whether a term includes its abbreviation: `RTO (Recovery Time Objective)`, or the other way round."""
    text = _spelled(name)
    match = _PARENTHESIS.search(text)
    if not match:
        return False
    short, long = sorted((_PREFIX.sub("", text[: match.start()].strip()), match[1]), key=len)
    return len(plain(short)) > 1 and plain(short).isascii() and _abbreviates(plain(short), long)


def _spelled(name: str) -> str:
    """Return a name in NFKC and casefolded, except for code spans."""
    parts, at = [], 0
    for match in _CODE.finditer(name):
        parts += [folded(name[at : match.start()]), match[0]]
        at = match.end()
    return "".join([*parts, folded(name[at:])]).replace("**", "")


def _key(text: str) -> str:
    return _SPACE.sub("", _PREFIX.sub("", text.strip()))


def _tells_the_same(head: str, inner: str) -> bool:
    """Return whether one name abbreviates the other, or one is in Latin letters and the other is not."""
    short, long = sorted((head, inner), key=len)
    letters = plain(_PREFIX.sub("", short.strip()))
    if letters.isascii() and len(letters) > 1 and _abbreviates(letters, long):
        return True
    return plain(head).isascii() != plain(inner).isascii() and not any(c.isdigit() for c in inner)


def _abbreviates(letters: str, text: str) -> bool:
    """Return whether `letters` are initials of words of `text`, in their order."""
    initials = iter(word[0] for word in re.findall(r"[a-z0-9]+", text))
    return all(letter in initials for letter in letters)
