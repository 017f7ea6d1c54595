"""The name that was probably meant."""

from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str:
    """`, did you mean ...?` with the known name that looks most like `name`; empty where none does."""
    from difflib import get_close_matches

    found = get_close_matches(name, list(known), n=1)
    return f", did you mean `{found[0]}`?" if found else ""
