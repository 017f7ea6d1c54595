"""Checksums kept for each note between runs; a run on unchanged notes does not load the code that computes them."""

import msgspec

TermContext = tuple[bool, str, str, int]
"""A term: is it nested, its key, the term or text around it or the heading above, a checksum of its content."""

Title = tuple[str, int, int, int]
"""The title of a heading, a checksum of its entries, their number, and how many of them are only sources."""


class NoteChecksums(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """Checksums of the texts that the entries of a note are compared by; equal ones may be of different texts.

    `sums` are the checksums and `owners` the indexes of their entries, in parallel. `repeated` are the entries whose
    term appears at least twice in their list. `labels` and `titles` are the note's part of what `learn_recurrence`
    counts, `author` is the author in the front matter, `count` the number of entries and `weight` their total weight.
    """

    sums: tuple[int, ...] = ()
    owners: tuple[int, ...] = ()
    repeated: tuple[int, ...] = ()
    labels: tuple[TermContext, ...] = ()
    titles: tuple[Title, ...] = ()
    author: str = ""
    count: int = 0
    weight: float = 0


NO_CHECKSUMS = NoteChecksums()
