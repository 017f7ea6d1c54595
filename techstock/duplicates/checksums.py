"""Checksums kept for each note between runs; a run on unchanged notes does not load the code that computes them."""

import msgspec

TermContext = tuple[bool, str, str, int]
"""Whether a term is nested, its key, the term or text around it (at the top the heading), and a checksum of what it says."""

Title = tuple[str, int, int, int]
"""The title of a heading, a checksum of its entries, how many there are, and how many of these only lead somewhere."""


class NoteChecksums(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """Checksums of what the units of a note are compared by, and the unit of each; equal ones may be of other things.

    `repeated` are the units whose list holds their term twice or more. `labels` and `titles` are the note's part of
    what `recurrence.learn` counts, `author` is who the front matter names, `count` and `weight` tell how many units it has, and how much they say.
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
