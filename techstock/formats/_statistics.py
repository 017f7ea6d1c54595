"""Number of problems of each rule."""

from collections.abc import Iterator, Sequence

from techstock.formats._summary import format_fixable_count
from techstock.model import Diagnostic


def format_statistics(diagnostics: Sequence[Diagnostic]) -> Iterator[str]:
    """Yield one row for each rule: count, name, number of fixable problems; the most frequent first, then by name."""
    rules: dict[str, list[Diagnostic]] = {}
    for diagnostic in diagnostics:
        rules.setdefault(diagnostic.rule, []).append(diagnostic)
    rows = [
        (f"{len(found):,}", rule, format_fixable_count(found))
        for rule, found in sorted(rules.items(), key=_frequency_key)
    ]
    counts, names = (max((len(row[column]) for row in rows), default=0) for column in (0, 1))
    for count, rule, fixes in rows:
        yield f"{count:>{counts}}  {rule:<{names}}  {fixes}".rstrip() + "\n"


def _frequency_key(item: tuple[str, list[Diagnostic]]) -> tuple[int, str]:
    return -len(item[1]), item[0]
