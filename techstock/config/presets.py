"""Named sets of rules, for `preset = "..."`."""

STRICT_RULES = (
    "colon-style",
    "entry-form",
    "section-number-gap",
    "section-unnumbered",
    "term-variant",
)
"""What the strict preset adds, as warnings; names that no rule has yet are passed over."""
