"""SARIF 2.1.0, for GitHub code scanning and other services that keep findings."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any
from urllib.parse import quote

from techstock import __version__, registry
from techstock.formats._json_objects import to_safe_json
from techstock.formats._report import PROGRAMS, Report, rank_by_severity
from techstock.model import ERROR, INFO, WARNING, Diagnostic, Fix, Span

AUDIENCE = PROGRAMS

_PROJECT_URL = "https://github.com/techstock/techstock"
_SCHEMA_URL = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_SARIF_LEVELS = {ERROR: "error", WARNING: "warning", INFO: "note"}
# https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
_MAX_RESULTS = 5_000  # more are taken and not shown
_MAX_RELATED_LOCATIONS = 99  # beside the first


def render(report: Report) -> Iterator[str]:
    """Yield one log with one run, a result to a line; only the worst 5,000 results, as GitHub shows no more."""
    chosen = {id(found) for found in rank_by_severity(report.diagnostics)[:_MAX_RESULTS]}
    results = [found for found in report.diagnostics if id(found) in chosen]
    rules = sorted({found.rule for found in results})
    run = {
        "tool": {"driver": _build_driver(rules)},
        "columnKind": "unicodeCodePoints",
        "invocations": [_build_invocation(len(report.diagnostics) - len(results))],
    }
    yield f'{{"$schema": "{_SCHEMA_URL}", "version": "2.1.0", "runs": [{to_safe_json(run)[:-1]}, "results": ['
    seen: Counter[str] = Counter()
    for index, found in enumerate(results):
        seen[found.fingerprint] += 1
        yield (",\n" if index else "\n") + to_safe_json(_build_result(found, rules, seen[found.fingerprint], report))
    yield "]}]}\n"


def _build_driver(rules: Sequence[str]) -> dict[str, Any]:
    return {
        "name": "techstock",
        "semanticVersion": __version__,
        "informationUri": _PROJECT_URL,
        "rules": [_build_rule(registry.load_rule(name)) for name in rules],
    }


def _build_rule(rule: registry.Rule) -> dict[str, Any]:
    return {
        "id": rule.name,
        "shortDescription": {"text": rule.law},
        "help": {"text": rule.page, "markdown": rule.page},
        "helpUri": f"{_PROJECT_URL}/blob/main/docs/rules/{rule.name}.md",
        "defaultConfiguration": {
            "enabled": rule.level in _SARIF_LEVELS,
            "level": _SARIF_LEVELS.get(rule.level, "warning"),
        },
    }


def _build_invocation(left: int) -> dict[str, Any]:
    """Return an invocation that succeeded; `left` is the number of lesser problems that are omitted."""
    if not left:
        return {"executionSuccessful": True}
    text = f"{left:,} more problems are left out: code scanning shows {_MAX_RESULTS:,} at most"
    return {
        "executionSuccessful": True,
        "toolExecutionNotifications": [{"level": "note", "message": {"text": text}}],
    }


def _build_result(found: Diagnostic, rules: Sequence[str], count: int, report: Report) -> dict[str, Any]:
    """Return a result; `count` is the number of results with this fingerprint so far, including this one."""
    problem = found.problem
    others = [
        {"id": number, **_build_location(other.place, report), "message": {"text": _escape_links(other.message)}}
        for number, other in enumerate(problem.related[:_MAX_RELATED_LOCATIONS], 1)
    ]
    help_ = f"\n{problem.help}" if problem.help else ""
    return {
        "ruleId": found.rule,
        "ruleIndex": rules.index(found.rule),
        "level": _SARIF_LEVELS[found.severity],
        "message": {"text": _escape_links(f"{problem.message}{help_}")},
        "locations": [_build_location(problem.place, report)],
        **({"relatedLocations": others} if others else {}),
        "partialFingerprints": {"primaryLocationLineHash": f"{found.fingerprint}:{count}"},
        **({"fixes": [_build_fix(problem.fix, report)]} if problem.fix else {}),
        **({"properties": {"data": problem.data}} if problem.data else {}),
    }


def _escape_links(text: str) -> str:
    """Return a message as plain text, in which viewers would turn `[text](target)` into a link."""
    return text.replace("](", "]\u200b(")


def _build_location(place: Span, report: Report) -> dict[str, Any]:
    return {
        "physicalLocation": {
            "artifactLocation": _build_artifact_location(place.path, report),
            "region": _build_region(place, report),
        }
    }


def _build_artifact_location(path: str, report: Report) -> dict[str, Any]:
    name = report.to_repository_path(path).encode("utf-8", "surrogatepass")
    return {"uri": quote(name), "uriBaseId": "%SRCROOT%"}


def _build_region(place: Span, report: Report) -> dict[str, Any]:
    line, column, end_line, end_column = report.locate_span(place)
    return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}


def _build_fix(fix: Fix, report: Report) -> dict[str, Any]:
    edits = sorted(fix.edits, key=lambda edit: (edit.place.path, edit.place))
    return {
        "description": {"text": fix.message},
        "artifactChanges": [
            {
                "artifactLocation": _build_artifact_location(path, report),
                "replacements": [
                    {"deletedRegion": _build_region(edit.place, report), "insertedContent": {"text": edit.text}}
                    for edit in group
                ],
            }
            for path, group in groupby(edits, key=lambda edit: edit.place.path)
        ],
    }
