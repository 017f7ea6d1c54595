"""The problems of each file below its path, in columns."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from techstock.formats._report import (
    HEADING_STYLE,
    MUTED_STYLE,
    PEOPLE,
    SEVERITY_STYLES,
    Report,
    put_differing_first,
    put_differing_paths_first,
)
from techstock.model import Diagnostic
from techstock.text.escape import escape

AUDIENCE = PEOPLE


def render(report: Report) -> Iterator[str]:
    """Yield one group for each path, with a blank line between groups."""
    first = True
    for path, group in groupby(
        put_differing_paths_first(report.diagnostics), key=lambda found: found.problem.place.path
    ):
        head = report.colorize(escape(path), HEADING_STYLE)
        yield ("" if first else "\n") + f"{head}\n" + "".join(_format_rows(put_differing_first(list(group)), report))
        first = False


def _format_rows(group: Sequence[Diagnostic], report: Report) -> Iterator[str]:
    """Yield rows of `line:column  severity  rule  message`, aligned at the colon and in columns."""
    spots = [report.locate_span(found.problem.place)[:2] for found in group]
    lines, columns = (max(len(str(spot[part])) for spot in spots) for part in (0, 1))
    severities, rules = max(len(found.severity) for found in group), max(len(found.rule) for found in group)
    for (line, column), found in zip(spots, group, strict=True):
        spot = report.colorize(f"{line:>{lines}}:{column:<{columns}}", MUTED_STYLE)
        severity = report.colorize(f"{found.severity:<{severities}}", SEVERITY_STYLES[found.severity])
        yield f"  {spot}  {severity}  {found.rule:<{rules}}  {escape(found.problem.message)}\n"
