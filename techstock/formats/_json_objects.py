"""Diagnostics as plain objects, and objects as JSON that is safe to print anywhere."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from techstock.formats._report import Report
from techstock.model import Diagnostic, Fix, Span
from techstock.text.escape import compile_unsafe_pattern, neutralize_ci_commands


def to_safe_json(value: dict[str, Any]) -> str:
    """Return JSON on one line, safe for any UTF-8 stream: the same text, with unsafe characters written as `\\u`.

    It contains nothing that a terminal or the log of a build server would obey; in a log, `##[` may begin a command
    anywhere in a line.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return neutralize_ci_commands(
        compile_unsafe_pattern().sub(lambda match: json.dumps(match[0])[1:-1], text), "\\u005b"
    )


def format_json_array(values: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield a JSON array with one row for each object."""
    yield "["
    for index, value in enumerate(values):
        yield (",\n " if index else "") + to_safe_json(value)
    yield "]\n"


def build_diagnostic_object(diagnostic: Diagnostic, report: Report) -> dict[str, Any]:
    """Return a diagnostic as in `json` and `jsonl`; lines and columns from 1, columns in code points."""
    problem = diagnostic.problem
    return {
        "rule": diagnostic.rule,
        "severity": diagnostic.severity,
        "message": problem.message,
        **build_span_object(problem.place, report),
        "related": [build_span_object(other.place, report) | {"message": other.message} for other in problem.related],
        "fix": _build_fix_object(problem.fix, report) if problem.fix else None,
        "fingerprint": diagnostic.fingerprint,
        "data": problem.data,
    }


def build_span_object(place: Span, report: Report) -> dict[str, Any]:
    """Return a span as an object; lines and columns from 1, columns in code points, the end exclusive."""
    line, column, end_line, end_column = report.locate_span(place)
    return {"path": place.path, "line": line, "column": column, "end_line": end_line, "end_column": end_column}


def _build_fix_object(fix: Fix, report: Report) -> dict[str, Any]:
    return {
        "safety": "safe" if fix.safe else "unsafe",
        "message": fix.message,
        "edits": [build_span_object(edit.place, report) | {"text": edit.text} for edit in fix.edits],
    }
