"""One array of objects, for programs."""

from collections.abc import Iterator

from techstock.formats._json_objects import build_diagnostic_object, to_safe_json
from techstock.formats._report import PROGRAMS, Report

AUDIENCE = PROGRAMS


def render(report: Report) -> Iterator[str]:
    """Yield the array, one diagnostic to a line; `[]` if there are none."""
    yield "["
    for index, diagnostic in enumerate(report.diagnostics):
        yield (",\n " if index else "") + to_safe_json(build_diagnostic_object(diagnostic, report))
    yield "]\n"
