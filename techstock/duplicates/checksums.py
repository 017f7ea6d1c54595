"""Checksums kept for each note between runs; a run on unchanged notes does not load the code that computes them."""

import msgspec

TermContext = tuple[bool, str, str]
"""A term: is it nested, its key, and the term or text around it, at the top level the heading."""


class NoteChecksums(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """Checksums of the texts by which the entries of a note are compared, and the entry of each; they may collide.

    `repeated` are the entries whose term appears at least twice in their list. `labels` is the note's part of the
    result of `iter_term_contexts`, `count` the number of its entries and `weight` their total weight.
    """

    sums: tuple[int, ...] = ()
    owners: tuple[int, ...] = ()
    repeated: tuple[int, ...] = ()
    labels: tuple[TermContext, ...] = ()
    count: int = 0
    weight: float = 0


NO_CHECKSUMS = NoteChecksums()
