"""Values computed from a few notes, kept so that a change of one note costs no more than what depends on it."""

from typing import Protocol


class KeptValues(Protocol):
    """A store of encoded values, each under a digest of all that it depends on, in groups.

    A round is one computation of all values of a group. Values that are not asked for in a round are dropped by the
    next one.
    """

    def begin_round(self, group: str) -> None:
        """Begin a round of a group, which is the path of a folder, or empty for all notes."""

    def get_value(self, group: str, key: bytes) -> bytes | None:
        """Return the value with this key; None if none is kept."""

    def add_value(self, group: str, key: bytes, value: bytes) -> None:
        """Keep a value under this key."""
