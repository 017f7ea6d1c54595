"""ANSI colours."""

from techstock.model import ERROR, INFO, WARNING

HEADING_STYLE = "1"
MUTED_STYLE = "36"
SEVERITY_STYLES = {ERROR: "1;31", WARNING: "1;33", INFO: "1;34"}


def colorize(text: str, style: str, *, color: bool) -> str:
    """Return `text` in a style (the numbers of an SGR sequence), or unchanged without `color`."""
    return f"\x1b[{style}m{text}\x1b[0m" if color and text else text
