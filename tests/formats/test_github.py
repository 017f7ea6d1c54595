"""The format `github`: commands as the runner of GitHub Actions reads them."""

import re

from techstock.model import ERROR, INFO, WARNING, RelatedSpan, Span
from tests.formats.support import HOSTILE, PATH, TEXT, make_diagnostic, make_diagnostics, render_report

_COMMAND = re.compile(r"::(?P<name>[a-z]+) (?P<properties>[^:]*?)::(?P<data>.*)")


def commands(output: str) -> list[tuple[str, dict[str, str], str]]:
    """Names, properties and data, unescaped as the runner does it: each line must be a command."""
    found = []
    for line in output.removesuffix("\n").split("\n"):
        match = _COMMAND.fullmatch(line)
        assert match, line
        properties = dict(item.split("=", 1) for item in match["properties"].split(","))
        found.append((match["name"], {key: _plain(value) for key, value in properties.items()}, _plain(match["data"])))
    return found


def _plain(text: str) -> str:
    for code, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, character)
    return text


def test_nothing_found_prints_nothing() -> None:
    assert render_report("github", TEXT, []) == ""


def test_everything() -> None:
    worst, second, third = commands(render_report("github", TEXT, make_diagnostics(), base="sub"))
    assert worst == (
        "error",
        {"file": f"sub/{PATH}", "line": "2", "endLine": "3", "title": "section-empty"},
        "line end",
    )
    place = {"file": f"sub/{PATH}", "line": "1", "endLine": "1", "col": "1", "endColumn": "3"}
    text = f"`停止` is wrong\nthe other half: {PATH}:2:5\nkeep one"
    assert second == ("warning", place | {"title": "duplicate-definition"}, text)
    assert third[0] == "notice"
    assert third[1]["file"] == "sub/images/\\udc80.png"


def test_ten_of_a_kind_and_the_rest_counted() -> None:
    many = [make_diagnostic(Span(i, i, PATH), f"{s}{i}", severity=s) for s in (INFO, WARNING, ERROR) for i in range(12)]
    many.append(make_diagnostic(Span(1, 1, PATH), "wide", related=(RelatedSpan(Span(2, 2, PATH), "copy"),)))
    done = commands(render_report("github", TEXT, many))
    assert [name for name, *_ in done] == ["error"] * 10 + ["warning"] * 10 + ["notice"] * 10
    assert done[0][2] == "error0"
    assert done[10][2].startswith("wide")
    assert done[-1][2].endswith("not annotated: 2 error, 3 warning, 3 info")


def test_text_from_notes_is_no_command() -> None:
    hostile = make_diagnostic(
        Span(0, 1, HOSTILE), HOSTILE, help=HOSTILE, related=(RelatedSpan(Span(0, 0, HOSTILE), HOSTILE),)
    )
    ((name, properties, text),) = commands(render_report("github", {HOSTILE: TEXT}, [hostile]))
    assert name == "warning"
    assert set(properties) == {"file", "line", "endLine", "col", "endColumn", "title"}
    assert "##[" not in text
    assert "%0A" in text  # what stood in the note stays as it stood
    assert "\x1b" not in text
