"""The format `junit`, as a library that reads such reports sees it."""

from junitparser import JUnitXml

from techstock.model import RelatedSpan, Span
from tests.formats.support import HOSTILE, PATH, TEXT, make_diagnostic, make_diagnostics, render_report


def suites(output: str) -> JUnitXml:
    return JUnitXml.fromstring(output.encode())


def test_nothing_found_is_one_case_that_passes() -> None:
    report = suites(render_report("junit", TEXT, []))
    assert (report.tests, report.failures) == (1, 0)
    assert [case.is_passed for suite in report for case in suite] == [True]


def test_everything() -> None:
    report = suites(render_report("junit", TEXT, make_diagnostics()))
    assert (report.tests, report.failures, report.errors) == (3, 3, 0)
    first, second = report
    assert (first.name, first.tests, second.tests) == (PATH, 2, 1)
    case = next(iter(first))
    assert case.name == "duplicate-definition (line 1)"
    assert (case.result[0].message, case.result[0].type) == ("`停止` is wrong", "warning")
    rows = case.result[0].text.split("\n")
    assert rows[1] == f"{PATH}:2:5: the other half"
    assert rows[2:] == ["help: keep one", "fix: write it\\nwell"]


def test_hostile_text() -> None:
    related = (RelatedSpan(Span(0, 0, HOSTILE), HOSTILE),)
    output = render_report("junit", {HOSTILE: TEXT}, [make_diagnostic(Span(0, 1, HOSTILE), HOSTILE, related=related)])
    assert "##[" not in output
    assert not any(line.lstrip().startswith("::") for line in output.split("\n"))
    (suite,) = suites(output)
    assert "停止.md" in str(suite.name)
    assert "##[add-mask]" in str(suite.name)
