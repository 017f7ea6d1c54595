"""One line for each problem: `path:line:column: rule message`."""

from collections.abc import Iterator

from techstock.formats._paint import HEAD, SEVERITIES, paint
from techstock.formats._report import Report
from techstock.text.escape import escape


def render(report: Report) -> Iterator[str]:
    """Yield one line for each diagnostic."""
    for found in report.diagnostics:
        spot = paint(escape(report.spot(found.problem.place)), HEAD, color=report.color)
        rule = paint(found.rule, SEVERITIES[found.severity], color=report.color)
        yield f"{spot}: {rule} {escape(found.problem.message)}\n"
