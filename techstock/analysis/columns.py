"""Columns as Markdown counts them: from 0, with a tab stop every four columns."""

from techstock.model import Note


def compute_column(note: Note, offset: int) -> int:
    """Return the column of `offset` in its line."""
    return len(note.text[note.lines.find_start(offset) : offset].expandtabs(4))


def compute_content_column(note: Note, entry: int) -> int:
    """Return the column at which the content of an entry begins; 0 for no entry (-1)."""
    if entry < 0:
        return 0
    marker, head = note.entries[entry].marker, note.entries[entry].head
    end = compute_column(note, marker.end)
    gap = compute_column(note, head.start) - end
    return end + gap if 1 <= gap <= 4 else end + 1
