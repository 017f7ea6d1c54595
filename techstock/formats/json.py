"""One array of objects, for programs."""

from collections.abc import Iterator

from techstock.formats._json_objects import build_diagnostic_object, format_json_array
from techstock.formats._report import PROGRAMS, Report

AUDIENCE = PROGRAMS


def render(report: Report) -> Iterator[str]:
    """Yield the array, one diagnostic to a line; `[]` if there are none."""
    return format_json_array(build_diagnostic_object(found, report) for found in report.diagnostics)
