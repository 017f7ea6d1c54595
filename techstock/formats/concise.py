"""One line for each problem: `path:line:column: rule message`."""

from collections.abc import Iterator

from techstock.formats._arrangement import arrange_problems
from techstock.formats._report import HEADING_STYLE, PEOPLE, SEVERITY_STYLES, Report
from techstock.text.escape import escape

AUDIENCE = PEOPLE


def render(report: Report) -> Iterator[str]:
    """Yield one line for each diagnostic."""
    for found in (one.diagnostic for group in arrange_problems(report, folds=False) for one in group.problems):
        spot = report.colorize(escape(report.format_location(found.problem.place)), HEADING_STYLE)
        rule = report.colorize(found.rule, SEVERITY_STYLES[found.severity])
        yield f"{spot}: {rule} {escape(report.to_shown_text(found.problem, found.problem.message))}\n"
