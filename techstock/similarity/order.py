"""The order in which a reader meets notes: numbers in names count as numbers, `91-100.md` before `101-110.md`."""

import re

_DIGITS = re.compile(r"([0-9]+)")


def reading_order(path: str) -> tuple[tuple[int, int, str], ...]:
    """A sort key for paths, folder by folder."""
    parts = _DIGITS.split(path.replace("/", "\0"))
    return tuple((0, int(part), part) if part.isdigit() else (1, 0, part) for part in parts if part)
