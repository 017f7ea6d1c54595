"""Entries, and what is in code."""

from techstock.analysis.entries import is_in_code
from tests.support import parse_note


def test_what_is_in_code() -> None:
    text = "a `b` c\n\n```\nd\n```\n\n- e\n\n      f\n\n  g `h`\n\n> ```\n> i\n\nj\n"
    note = parse_note(text)
    assert "".join(c for at, c in enumerate(text) if c.isalpha() and is_in_code(note, at)) == "bdfhi"


def test_each_of_many_blocks_is_looked_up_at_once() -> None:
    """To look at every block for each offset would take minutes."""
    note = parse_note("a\n\n" * 20_000)
    assert not any(is_in_code(note, at) for at in range(0, len(note.text), 3))
