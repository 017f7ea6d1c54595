"""A Code Quality report, for the merge requests of GitLab."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from techstock.formats._json_objects import to_safe_json
from techstock.formats._report import PROGRAMS, Report
from techstock.model import ERROR, INFO, WARNING, Diagnostic

AUDIENCE = PROGRAMS

# https://docs.gitlab.com/ci/testing/code_quality/ knows info, minor, major, critical and blocker.
_SEVERITIES = {ERROR: "major", WARNING: "minor", INFO: "info"}


def render(report: Report) -> Iterator[str]:
    """Yield the array, one diagnostic to a line; `[]` if there are none.

    GitLab merges findings with equal fingerprints, so the second of the same text gets the suffix `-2`, and so on.
    """
    seen: Counter[str] = Counter()
    yield "["
    for index, diagnostic in enumerate(report.diagnostics):
        seen[diagnostic.fingerprint] += 1
        yield (",\n " if index else "") + to_safe_json(
            _build_violation_object(diagnostic, seen[diagnostic.fingerprint], report)
        )
    yield "]\n"


def _build_violation_object(diagnostic: Diagnostic, count: int, report: Report) -> dict[str, Any]:
    problem = diagnostic.problem
    line, _, end_line, _ = report.locate_span(problem.place)
    return {
        "description": problem.message,
        "check_name": diagnostic.rule,
        "fingerprint": f"{diagnostic.fingerprint}{f'-{count}' if count > 1 else ''}",
        "severity": _SEVERITIES[diagnostic.severity],
        "location": {"path": report.to_repository_path(problem.place.path), "lines": {"begin": line, "end": end_line}},
    }
