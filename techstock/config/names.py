"""Names and globs of rules."""

from collections.abc import Iterable
from fnmatch import fnmatchcase

from techstock import catalog


def matching(pattern: str) -> list[str]:
    """The rules that a name or glob (`section-*`) matches."""
    return [name for name in catalog.names() if fnmatchcase(name, pattern)]


def is_named(name: str, patterns: Iterable[str]) -> bool:
    """Whether one of these names and globs matches the rule."""
    return any(fnmatchcase(name, pattern) for pattern in patterns)
