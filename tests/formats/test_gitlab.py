"""The format `gitlab`: fields as GitLab's documentation of Code Quality names them."""

import json

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from techstock.model import Span
from tests.formats.support import HOSTILE, PATH, TEXT, make_diagnostic, make_diagnostics, render_report

_STRING = {"type": "string", "minLength": 1}
_LINES = {"type": "object", "required": ["begin"], "properties": {"begin": {"type": "integer", "minimum": 1}}}
_LOCATION = {"type": "object", "required": ["path", "lines"], "properties": {"path": _STRING, "lines": _LINES}}
_SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            **dict.fromkeys(("description", "check_name", "fingerprint"), _STRING),
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": _LOCATION,
        },
    },
}


def test_nothing_found() -> None:
    assert render_report("gitlab", TEXT, []) == "[]\n"


def test_everything() -> None:
    found = json.loads(render_report("gitlab", TEXT, make_diagnostics(), base="sub"))
    Draft202012Validator(_SCHEMA).validate(found)
    assert [item["severity"] for item in found] == ["minor", "major", "info"]
    assert found[1]["location"] == {"path": f"sub/{PATH}", "lines": {"begin": 2, "end": 3}}
    assert len({item["fingerprint"] for item in found}) == 3


def test_hostile_text() -> None:
    output = render_report("gitlab", {HOSTILE: TEXT}, [make_diagnostic(Span(0, 1, HOSTILE), HOSTILE)])
    assert json.loads(output)[0]["description"] == HOSTILE
    assert "##[" not in output
    assert output.encode()
