"""One object on each line, for programs that read as they go."""

from collections.abc import Iterator

from techstock.formats._json_objects import build_diagnostic_object, to_safe_json
from techstock.formats._report import PROGRAMS, Report

AUDIENCE = PROGRAMS


def render(report: Report) -> Iterator[str]:
    """Return an iterator over the objects of the format `json`, one line each; empty without diagnostics."""
    return (f"{to_safe_json(build_diagnostic_object(diagnostic, report))}\n" for diagnostic in report.diagnostics)
