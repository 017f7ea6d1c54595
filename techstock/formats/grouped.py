"""The problems of each file below its path, in columns."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from techstock.formats._arrangement import RULE, PrintedProblem, arrange_problems, format_alike
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
from techstock.text.terminal_width import wrap_words

AUDIENCE = PEOPLE


def render(report: Report) -> Iterator[str]:
    """Yield one group for each path, or for each rule, with a blank line between groups."""
    first = True
    for group in arrange_problems(report, _put_differing_first, folds=True):
        by_rule = report.group_by == RULE
        for path, some in groupby(group.problems, key=lambda one: "" if by_rule else one.diagnostic.problem.place.path):
            problems = list(some)
            if by_rule:
                head = report.colorize(group.heading, SEVERITY_STYLES[problems[0].diagnostic.severity])
                rows = _format_rows_of_rule(problems, report)
            else:
                head = report.colorize(escape(report.to_shown_path(path)), HEADING_STYLE)
                rows = _format_rows_of_path(problems, report)
            yield ("" if first else "\n") + f"{head}\n" + "".join(rows)
            first = False


def _put_differing_first(diagnostics: Sequence[Diagnostic]) -> Sequence[Diagnostic]:
    """Return the files with copies that differ first, and in each file these copies."""
    files = groupby(put_differing_paths_first(diagnostics), key=lambda found: found.problem.place.path)
    return [found for _, group in files for found in put_differing_first(list(group))]


def _format_rows_of_path(group: Sequence[PrintedProblem], report: Report) -> Iterator[str]:
    """Yield rows of `line:column  severity  rule  message`, aligned at the colon and in columns."""
    spots = [report.locate_span(one.diagnostic.problem.place)[:2] for one in group]
    lines, columns = (max(len(str(spot[part])) for spot in spots) for part in (0, 1))
    severities = max(len(one.diagnostic.severity) for one in group)
    rules = max(len(one.diagnostic.rule) for one in group)
    for (line, column), one in zip(spots, group, strict=True):
        found = one.diagnostic
        spot = report.colorize(f"{line:>{lines}}:{column:<{columns}}", MUTED_STYLE)
        severity = report.colorize(f"{found.severity:<{severities}}", SEVERITY_STYLES[found.severity])
        message = escape(report.to_shown_text(found.problem, one.message))
        yield f"  {spot}  {severity}  {found.rule:<{rules}}  {message}\n"
        yield from _format_alike_rows(one, 2 + lines + 1 + columns + 2, report)


def _format_rows_of_rule(group: Sequence[PrintedProblem], report: Report) -> Iterator[str]:
    """Yield rows of `path:line:column  message`."""
    for one in group:
        problem = one.diagnostic.problem
        spot = report.colorize(escape(report.format_location(problem.place)), MUTED_STYLE)
        yield f"  {spot}  {escape(report.to_shown_text(problem, one.message))}\n"
        yield from _format_alike_rows(one, 4, report)


def _format_alike_rows(one: PrintedProblem, indent: int, report: Report) -> Iterator[str]:
    """Yield rows with the lines of the equal slips, or with the notes of a cause and what to do about it."""
    texts = [f"{'in' if one.cause else 'and'} {text}"] if (text := format_alike(one, report)) else []
    texts += [escape(one.cause.help)] if one.cause else []
    yield from (f"{' ' * indent}{row}\n" for text in texts for row in wrap_words(text, report.columns - indent))
