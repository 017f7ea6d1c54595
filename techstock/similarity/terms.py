"""Keys by which terms are compared."""

import re

from techstock.similarity.words import casefold_nfkc, normalize_text

_PREFIX = re.compile(r"^(?:aws|amazon)\s+(?=\S)")
_PARENTHESIS = re.compile(r"\s*[（(]([^（）()]+)[)）]\s*$")
_CODE = re.compile(r"`[^`]*`")
_SPACE = re.compile(r"[\s\u3000*]+")


def make_term_keys(name: str) -> tuple[str, str, str]:
    """Return the key of a term, of a parenthesis that expands or abbreviates it, and of any other parenthesis.

    The key has no width, case, spaces or leading AWS or Amazon; code spans are kept unchanged.
    """
    text = _fold_outside_code(name)
    match = _PARENTHESIS.search(text)
    if not match or match.start() == 0:
        return _make_key(text), "", ""
    head, inner = text[: match.start()], match[1]
    if len(inner.strip()) > 1 and _is_alternative_name(head, inner):
        return _make_key(head), _make_key(inner), ""
    return _make_key(text), "", _make_key(inner)


def has_abbreviation(name: str) -> bool:
    """Return whether a term includes its abbreviation: `RTO (Recovery Time Objective)`, or the other way round."""
    text = _fold_outside_code(name)
    match = _PARENTHESIS.search(text)
    if not match:
        return False
    short, long = sorted((_PREFIX.sub("", text[: match.start()].strip()), match[1]), key=len)
    return (
        len(normalize_text(short)) > 1
        and normalize_text(short).isascii()
        and _is_abbreviation(normalize_text(short), long)
    )


def _fold_outside_code(name: str) -> str:
    """Return a name in NFKC and casefolded, except for code spans."""
    parts, at = [], 0
    for match in _CODE.finditer(name):
        parts += [casefold_nfkc(name[at : match.start()]), match[0]]
        at = match.end()
    return "".join([*parts, casefold_nfkc(name[at:])]).replace("**", "")


def _make_key(text: str) -> str:
    return _SPACE.sub("", _PREFIX.sub("", text.strip()))


def _is_alternative_name(head: str, inner: str) -> bool:
    """Return whether one name abbreviates the other, or one is in Latin letters and the other is not."""
    short, long = sorted((head, inner), key=len)
    letters = normalize_text(_PREFIX.sub("", short.strip()))
    if letters.isascii() and len(letters) > 1 and _is_abbreviation(letters, long):
        return True
    return normalize_text(head).isascii() != normalize_text(inner).isascii() and not any(c.isdigit() for c in inner)


def _is_abbreviation(letters: str, text: str) -> bool:
    """Return whether `letters` are initials of words of `text`, in their order."""
    initials = iter(word[0] for word in re.findall(r"[a-z0-9]+", text))
    return all(letter in initials for letter in letters)
