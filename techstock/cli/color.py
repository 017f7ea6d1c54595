"""Decisions about coloured output."""

from collections.abc import Mapping
from typing import TextIO


def is_color_enabled(choice: str, stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Return whether to colour the output.

    `always` and `never` decide; otherwise `NO_COLOR`, then `FORCE_COLOR`, then whether `stream` is a terminal.
    """
    if choice != "auto":
        return choice == "always"
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return True
    return is_terminal(stream, environment)


def is_terminal(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Return whether `stream` is a terminal that understands escape sequences."""
    return stream.isatty() and environment.get("TERM") != "dumb"
