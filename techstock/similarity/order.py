"""Natural sort order of paths: numbers in names are compared as numbers, `91-100.md` before `101-110.md`."""

import re

_DIGITS = re.compile(r"([0-9]+)")


def make_natural_sort_key(path: str) -> tuple[tuple[int, int, str], ...]:
    """Return a sort key for a path, which sorts folder by folder."""
    parts = _DIGITS.split(path.replace("/", "\0"))
    return tuple((0, int(part), part) if part.isdigit() else (1, 0, part) for part in parts if part)
