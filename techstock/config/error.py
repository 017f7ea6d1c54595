"""What is said about a wrong configuration, and the name that was probably meant."""

from collections.abc import Iterable


class ConfigError(Exception):
    """The configuration is wrong; the message is one sentence that names where it stands and the key."""


def nearest(name: str, known: Iterable[str]) -> str:
    """`, did you mean ...?` with the known name that looks most like `name`; empty where none does."""
    from difflib import get_close_matches

    found = get_close_matches(name, list(known), n=1)
    return f", did you mean `{found[0]}`?" if found else ""
