"""How much of a note is parsed."""

import msgspec


class Limits(msgspec.Struct, frozen=True):
    """What lies deeper, or behind so many entries, is no fact of a note; a fault says so.

    `nesting` counts lists, items and quotes, 100 at most: the parser calls itself for each. `entries` is a number.
    """

    nesting: int = 100
    entries: int = 50_000
