"""techstock: the linter for years of study notes kept in a git repository."""

__version__ = "0.1.0"
