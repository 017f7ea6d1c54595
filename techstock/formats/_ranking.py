"""Ranking of problems, for formats that cannot show all of them."""

from collections.abc import Sequence

from techstock.model import LEVELS, Diagnostic


def rank_by_severity(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Return the worst problems first: by severity, then by the number of related places, then in the given order."""
    return sorted(diagnostics, key=lambda found: (LEVELS.index(found.severity), -len(found.problem.related)))
