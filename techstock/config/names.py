"""Names and globs of rules."""

from collections.abc import Iterable
from fnmatch import fnmatchcase

from techstock import catalog


def find_matching_rules(pattern: str) -> list[str]:
    """Return the rules that match a name or glob (`section-*`)."""
    return [name for name in catalog.list_rule_names() if fnmatchcase(name, pattern)]


def is_rule_matched(name: str, patterns: Iterable[str]) -> bool:
    """Return whether the rule matches one of these names and globs."""
    return any(fnmatchcase(name, pattern) for pattern in patterns)
