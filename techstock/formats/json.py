"""One array of objects, for programs."""

import json
from collections.abc import Iterator
from typing import Any

from techstock.formats._report import Report
from techstock.model import Diagnostic, Fix, Place
from techstock.text.escape import unsafe


def render(report: Report) -> Iterator[str]:
    """The array, one diagnostic to a line; `[]` where there are none."""
    yield "["
    for index, diagnostic in enumerate(report.diagnostics):
        yield (",\n " if index else "") + _encoded(_object(diagnostic, report))
    yield "]\n"


def _encoded(value: dict[str, Any]) -> str:
    """JSON that any UTF-8 stream can carry and no terminal obeys: the same text, with `\\u` where that matters."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return unsafe().sub(lambda match: json.dumps(match[0])[1:-1], text)


def _object(diagnostic: Diagnostic, report: Report) -> dict[str, Any]:
    problem = diagnostic.problem
    return {
        "rule": diagnostic.rule,
        "severity": diagnostic.severity,
        "message": problem.message,
        **_place(problem.place, report),
        "related": [_place(other.place, report) | {"message": other.message} for other in problem.related],
        "fix": _fix(problem.fix, report) if problem.fix else None,
        "fingerprint": diagnostic.fingerprint,
        "data": problem.data,
    }


def _place(place: Place, report: Report) -> dict[str, Any]:
    line, column, end_line, end_column = report.positions(place)
    return {"path": place.path, "line": line, "column": column, "end_line": end_line, "end_column": end_column}


def _fix(fix: Fix, report: Report) -> dict[str, Any]:
    return {
        "safety": "safe" if fix.safe else "unsafe",
        "message": fix.message,
        "edits": [_place(edit.place, report) | {"text": edit.text} for edit in fix.edits],
    }
