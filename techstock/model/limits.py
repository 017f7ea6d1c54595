"""Limits on how much of a note is parsed."""

import msgspec


class ParseLimits(msgspec.Struct, frozen=True):
    """Limits on how much of a note is parsed; content beyond them is left out of its facts, and a fault says so.

    `nesting` counts lists, items and quotes, 100 at most: the parser calls itself for each. `entries` is the largest
    number of entries.
    """

    nesting: int = 100
    entries: int = 50_000
