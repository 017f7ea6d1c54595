"""The format `json`: the contract that programs rely on."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from techstock.model import Edit, Fix, RelatedSpan, Span
from tests.formats.support import PATH, find_place, make_diagnostic, render_report

TEXT = "\ufeff停止: 👍 止まること。\r\n再開: また\r\n動くこと。\r\n"

_NUMBERS = {key: {"type": "integer", "minimum": 1} for key in ("line", "column", "end_line", "end_column")}


def _closed(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


_STRING = {"type": "string"}
_FIX = _closed(
    safety={"enum": ["safe", "unsafe"]},
    message=_STRING,
    edits={"type": "array", "minItems": 1, "items": _closed(path=_STRING, **_NUMBERS, text=_STRING)},
)
SCHEMA = {
    "type": "array",
    "items": _closed(
        rule={"type": "string", "pattern": "^[a-z]+(-[a-z]+)*$"},
        severity={"enum": ["error", "warning", "info"]},
        message=_STRING,
        path=_STRING,
        **_NUMBERS,
        related={"type": "array", "items": _closed(path=_STRING, **_NUMBERS, message=_STRING)},
        fix={"oneOf": [{"type": "null"}, _FIX]},
        fingerprint={"type": "string", "minLength": 1},
        data={"type": "object"},
    ),
}


def _everything() -> list[Any]:
    colon = find_place(TEXT, ": 👍")
    return [
        make_diagnostic(
            find_place(TEXT, "停止"),
            "`停止` is wrong",
            label="not in JSON",
            related=(RelatedSpan(find_place(TEXT, "また\r\n動く"), "the other half"),),
            help="not in JSON",
            fix=Fix("write it\nwell", (Edit(colon, "：\n"), Edit(Span(0, 0, PATH), "")), safe=False),
            data={"score": 1.0, "terms": ("停止", None)},
        ),
        make_diagnostic(find_place(TEXT, "た\r\n"), "line end"),
        make_diagnostic(Span(7, 9, "images/\udc80.png"), "is broken"),
    ]


def test_nothing_found_is_an_empty_array() -> None:
    assert render_report("json", TEXT, []) == "[]\n"


def test_whole_output() -> None:
    assert render_report("json", TEXT, _everything()) == (
        '[{"rule": "a-rule", "severity": "warning", "message": "`停止` is wrong", "path": "notes/01-10.md", '
        '"line": 1, "column": 1, "end_line": 1, "end_column": 3, '
        '"related": [{"path": "notes/01-10.md", "line": 2, "column": 5, "end_line": 3, "end_column": 3, '
        '"message": "the other half"}], '
        '"fix": {"safety": "unsafe", "message": "write it\\nwell", "edits": ['
        '{"path": "notes/01-10.md", "line": 1, "column": 3, "end_line": 1, "end_column": 6, "text": "：\\n"}, '
        '{"path": "notes/01-10.md", "line": 1, "column": 1, "end_line": 1, "end_column": 1, "text": ""}]}, '
        '"fingerprint": "3fcc1685903dc477ba0f", "data": {"score": 1.0, "terms": ["停止", null]}},\n'
        ' {"rule": "a-rule", "severity": "warning", "message": "line end", "path": "notes/01-10.md", '
        '"line": 2, "column": 6, "end_line": 3, "end_column": 1, "related": [], "fix": null, '
        '"fingerprint": "3fcc1685903dc477ba0f", "data": {}},\n'
        ' {"rule": "a-rule", "severity": "warning", "message": "is broken", "path": "images/\\udc80.png", '
        '"line": 1, "column": 1, "end_line": 1, "end_column": 1, "related": [], "fix": null, '
        '"fingerprint": "3fcc1685903dc477ba0f", "data": {}}]\n'
    )


def test_output_follows_the_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    validator = Draft202012Validator(SCHEMA)
    value = json.loads(render_report("json", TEXT, _everything()))
    validator.validate(value)
    del value[0]["fix"]["edits"][0]["text"]
    assert not validator.is_valid(value)


def test_text_survives_and_nothing_steers_a_terminal() -> None:
    hostile = '"\\\x00\x1b[2J\x7f\x9b\u202e\u2028\ufeff\U000e0041\udc80👨‍👩‍👧停止'
    output = render_report(
        "json", {hostile: "x"}, [make_diagnostic(Span(0, 1, hostile), hostile, data={hostile: hostile})]
    )
    assert output.encode()  # no lone surrogate is left
    assert set(filter(lambda character: not character.isprintable(), output)) == {"\n", "\u200d"}
    assert "👨‍👩‍👧停止" in output
    (one,) = json.loads(output)
    assert (one["path"], one["message"], one["data"]) == (hostile, hostile, {hostile: hostile})


def test_numbers_that_json_has_not_are_refused() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        render_report("json", TEXT, [make_diagnostic(find_place(TEXT, "停止"), data={"score": float("nan")})])


def test_lines_are_the_objects_of_the_array() -> None:
    lines = render_report("jsonl", TEXT, _everything()).removesuffix("\n").split("\n")
    assert [json.loads(line) for line in lines] == json.loads(render_report("json", TEXT, _everything()))
    assert render_report("jsonl", TEXT, []) == ""
