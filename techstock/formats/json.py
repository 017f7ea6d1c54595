"""One array of objects, for programs."""

from collections.abc import Iterator

from techstock.formats._objects import diagnostic_object, encoded
from techstock.formats._report import Report


def render(report: Report) -> Iterator[str]:
    """Yield the array, one diagnostic to a line; `[]` if there are none."""
    yield "["
    for index, diagnostic in enumerate(report.diagnostics):
        yield (",\n " if index else "") + encoded(diagnostic_object(diagnostic, report))
    yield "]\n"
