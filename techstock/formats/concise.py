"""One line for each problem: `path:line:column: rule message`."""

from collections.abc import Iterator

from techstock.formats._ansi import HEADING_STYLE, SEVERITY_STYLES, colorize
from techstock.formats._report import PEOPLE, Report
from techstock.text.escape import escape

AUDIENCE = PEOPLE


def render(report: Report) -> Iterator[str]:
    """Yield one line for each diagnostic."""
    for found in report.diagnostics:
        spot = colorize(escape(report.format_location(found.problem.place)), HEADING_STYLE, color=report.color)
        rule = colorize(found.rule, SEVERITY_STYLES[found.severity], color=report.color)
        yield f"{spot}: {rule} {escape(found.problem.message)}\n"
