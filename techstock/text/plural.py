"""Counts with their nouns, in the singular or the plural."""


def format_count(number: int, one: str, many: str = "") -> str:
    """Return a count with its noun: `1 note`, `1,500 notes`; `many` is the plural where it is not `one` plus an s."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
