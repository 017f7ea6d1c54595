"""Comparison of entries; kinds of pairs and clusters, and the rule that reports each."""

from typing import Final

EXACT: Final = "exact"
SENTENCE: Final = "sentence"
REPEATED: Final = "repeated"
TERM: Final = "term"
CONFLICT: Final = "conflict"
NEAR: Final = "near"
DEFINITION: Final = "definition"
FILE: Final = "file"

RULES: Final = {
    DEFINITION: "duplicate-definition",
    EXACT: "duplicate-definition",
    SENTENCE: "duplicate-definition",
    TERM: "duplicate-term",
    REPEATED: "term-repeated",
    CONFLICT: "term-conflict",
    NEAR: "near-duplicate",
    FILE: "file-copy",
}
"""The rule for each sign of a pair, and for each kind of finding."""


def get_cluster_kind(sign: str) -> str:
    """Return the kind of finding that a pair with this sign makes alone."""
    return DEFINITION if sign in (EXACT, SENTENCE) else sign
