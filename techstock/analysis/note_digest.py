"""The digest that identifies the content of a note, for results that are kept."""

from techstock.model import Note, compute_once
from techstock.text.digest import blake2b


def get_note_digest(note: Note) -> bytes:
    """Return a digest of the bytes of a note, or of its text if it was not read from a file."""
    return note.get_or_compute("digest", _compute_digest_once)


def _compute_digest_once(note: Note) -> bytes:
    return compute_once(note, _hash_text)


def _hash_text(note: Note) -> bytes:
    return blake2b(note.text.encode("utf-8", "surrogatepass"), digest_size=20).digest()
