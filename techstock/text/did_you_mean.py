""" "Did you mean" suggestions for misspelled names."""

from collections.abc import Iterable


def suggest_name(name: str, known: Iterable[str]) -> str:
    """Return `, did you mean ...?` with the known name that is most similar to `name`; empty if none is similar."""
    from difflib import get_close_matches

    found = get_close_matches(name, list(known), n=1)
    return f", did you mean `{found[0]}`?" if found else ""
