"""Annotations on the files of a pull request, as GitHub Actions reads them from a log."""

from collections import Counter
from collections.abc import Iterator

from techstock.formats._report import PROGRAMS, Report, rank_by_severity
from techstock.model import ERROR, INFO, WARNING, Diagnostic
from techstock.text.escape import escape, neutralize_ci_commands

AUDIENCE = PROGRAMS  # it carries commands on purpose, and escapes what is inside

_COMMANDS = {ERROR: "error", WARNING: "warning", INFO: "notice"}
_MAX_ANNOTATIONS = 10  # of each kind in a step; GitHub drops what comes after these without a word


def render(report: Report) -> Iterator[str]:
    """Yield one command for each of the ten worst problems of a severity, and one that counts the rest."""
    left: Counter[str] = Counter()
    shown: Counter[str] = Counter()
    room = dict.fromkeys(_COMMANDS, _MAX_ANNOTATIONS)
    room[INFO] -= 1  # for the one that counts the rest
    for diagnostic in rank_by_severity(report.diagnostics):
        if shown[diagnostic.severity] < room[diagnostic.severity]:
            shown[diagnostic.severity] += 1
            yield _format_annotation(diagnostic, report)
        else:
            left[diagnostic.severity] += 1
    if left:
        counts = ", ".join(f"{left[severity]:,} {severity}" for severity in _COMMANDS if left[severity])
        yield f"::notice title=techstock::more problems than GitHub shows here, not annotated: {counts}\n"


def _format_annotation(diagnostic: Diagnostic, report: Report) -> str:
    problem = diagnostic.problem
    line, column, end_line, end_column = report.locate_span(problem.place)
    properties = {"file": report.to_repository_path(problem.place.path), "line": line, "endLine": end_line}
    if line == end_line:  # columns of a longer annotation are refused
        properties |= {"col": column, "endColumn": end_column}
    properties["title"] = diagnostic.rule
    listed = ",".join(f"{name}={_escape_property(str(value))}" for name, value in properties.items())
    return f"::{_COMMANDS[diagnostic.severity]} {listed}::{_escape_data(_format_text(diagnostic, report))}\n"


def _format_text(diagnostic: Diagnostic, report: Report) -> str:
    problem = diagnostic.problem
    advice = problem.fix.message if problem.fix and not problem.help else problem.help
    related = [f"{other.message}: {report.format_location(other.place)}" for other in problem.related]
    return "\n".join([problem.message, *related, *([advice] if advice else ())])


def _escape_data(text: str) -> str:
    """Escape text after `::`: percent signs first, then line endings, which would begin a new command."""
    rows = [neutralize_ci_commands(escape(row), "\\x5b") for row in text.split("\n")]
    return "%0A".join(row.replace("%", "%25") for row in rows)


def _escape_property(text: str) -> str:
    """Escape the value of a property, before `::`."""
    return _escape_data(text.replace("\n", "\\n")).replace(":", "%3A").replace(",", "%2C")
