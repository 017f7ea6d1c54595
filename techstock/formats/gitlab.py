"""A Code Quality report, for the merge requests of GitLab."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from techstock.formats._json_objects import format_json_array
from techstock.formats._report import PROGRAMS, Report
from techstock.model import ERROR, INFO, WARNING

AUDIENCE = PROGRAMS

# https://docs.gitlab.com/ci/testing/code_quality/ knows info, minor, major, critical and blocker.
_SEVERITIES = {ERROR: "major", WARNING: "minor", INFO: "info"}


def render(report: Report) -> Iterator[str]:
    """Yield the array, one diagnostic to a line; `[]` if there are none.

    GitLab merges findings with equal fingerprints, so the second of the same text gets the suffix `-2`, and so on.
    """
    return format_json_array(_build_violation_objects(report))


def _build_violation_objects(report: Report) -> Iterator[dict[str, Any]]:
    seen: Counter[str] = Counter()
    for diagnostic in report.diagnostics:
        place, fingerprint = diagnostic.problem.place, diagnostic.fingerprint
        seen[fingerprint] += 1
        line, _, end_line, _ = report.locate_span(place)
        yield {
            "description": diagnostic.problem.message,
            "check_name": diagnostic.rule,
            "fingerprint": fingerprint if seen[fingerprint] == 1 else f"{fingerprint}-{seen[fingerprint]}",
            "severity": _SEVERITIES[diagnostic.severity],
            "location": {"path": report.to_repository_path(place.path), "lines": {"begin": line, "end": end_line}},
        }
