"""JUnit XML, which most build servers show: a failed test case for each problem."""

import re
from collections.abc import Iterator
from itertools import groupby
from xml.sax.saxutils import escape as _escaped
from xml.sax.saxutils import quoteattr

from techstock.formats._report import PROGRAMS, Report
from techstock.model import Diagnostic
from techstock.text.escape import escape, neutralize_ci_commands

AUDIENCE = PROGRAMS


def render(report: Report) -> Iterator[str]:
    """Yield one suite for each file with problems."""
    count = len(report.diagnostics)
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    if not count:
        yield '<testsuites name="techstock" tests="1" failures="0" errors="0" time="0">\n'
        yield '  <testsuite name="techstock" tests="1" failures="0" errors="0" skipped="0" time="0">\n'
        yield '    <testcase name="no problems" classname="techstock" time="0"/>\n  </testsuite>\n</testsuites>\n'
        return
    yield f'<testsuites name="techstock" tests="{count}" failures="{count}" errors="0" time="0">\n'
    for path, group in groupby(report.diagnostics, key=lambda found: found.problem.place.path):
        yield from _format_suite(path, list(group), report)
    yield "</testsuites>\n"


def _format_suite(path: str, found: list[Diagnostic], report: Report) -> Iterator[str]:
    count, name = len(found), _quote_attribute(path)
    head = f'name={name} tests="{count}" failures="{count}" errors="0" skipped="0" time="0"'
    yield f"  <testsuite {head}>\n"
    for diagnostic in found:
        line = report.locate_span(diagnostic.problem.place)[0]
        case = _quote_attribute(f"{diagnostic.rule} (line {line})")
        yield f'    <testcase name={case} classname={name} file={name} line="{line}" time="0">\n'
        message, kind = _quote_attribute(diagnostic.problem.message), _quote_attribute(diagnostic.severity)
        failure = _format_failure(diagnostic, report)
        yield f"      <failure message={message} type={kind}>{failure}</failure>\n    </testcase>\n"
    yield "  </testsuite>\n"


def _format_failure(diagnostic: Diagnostic, report: Report) -> str:
    problem = diagnostic.problem
    rows = [f"{report.format_location(problem.place)}: {problem.message}"]
    rows += [f"{report.format_location(other.place)}: {other.message}" for other in problem.related]
    rows += [f"help: {problem.help}"] if problem.help else []
    rows += [f"fix: {problem.fix.message}"] if problem.fix else []
    return "\n".join(_neutralize_commands(_escaped(escape(row))) for row in rows)


def _quote_attribute(text: str) -> str:
    return _neutralize_commands(quoteattr(escape(text)))


def _neutralize_commands(text: str) -> str:
    """Neutralize text that the log of a build server would obey if the report were printed there."""
    return neutralize_ci_commands(re.sub(r"^(\s*):(?=:)", r"\1&#58;", text), "&#91;")
