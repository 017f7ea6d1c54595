"""Show what a reader sees of a note with comments."""

import re

from techstock.parse.render import render_blocks


def render_visible(text: str, comment: str = "<!--") -> str:
    """Render a note without the comments that begin so, and without white space but in code."""
    shown = re.sub(f"(?s) ?{comment}.*?-->", "", "".join(block.html for block in render_blocks(text)))
    return re.sub(r"\s*\n\s*(?=<)|(?<=>)\s*\n\s*", "", shown).strip()
