"""Which problems come first where not all of them can be shown."""

from collections.abc import Sequence

from techstock.model import LEVELS, Diagnostic


def ranked(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """The worst first: by severity, then by how many places are concerned, then in the order they are given in."""
    return sorted(diagnostics, key=lambda found: (LEVELS.index(found.severity), -len(found.problem.related)))
