"""ANSI colours."""

from techstock.model import ERROR, INFO, WARNING

HEAD = "1"
QUIET = "36"
SEVERITIES = {ERROR: "1;31", WARNING: "1;33", INFO: "1;34"}


def paint(text: str, style: str, *, color: bool) -> str:
    """Return `text` in a style (the numbers of an SGR sequence), or unchanged without `color`."""
    return f"\x1b[{style}m{text}\x1b[0m" if color and text else text
