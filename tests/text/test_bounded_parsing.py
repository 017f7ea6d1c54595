"""What is nested too deep is refused before a parser sees it, and nothing else is."""

import json
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techstock.text.bounded_parsing import MAX_KEY_PARTS, MAX_NESTING, NestingError, parse_json, parse_toml
from tests.support import ROOT

LONG = MAX_KEY_PARTS + 1
DEEP = MAX_NESTING + 1
TOO_DEEP_TOML = {
    "bare": ".".join("a" * 100_000) + " = 1",
    "spaces": " . ".join("a" * LONG) + " = 1",
    "quoted": ".".join(['"a b"'] * LONG) + " = 1",
    "literal": ".".join(["'a.b'"] * LONG) + " = 1",
    "escaped": ".".join([r'"a\"b"'] * LONG) + " = 1",
    "mixed": ".".join(["a", '""', "''", "-"] * LONG) + " = 1",
    "long parts": ".".join(["a" * 200] * LONG) + " = 1",
    "header": f"[{'.'.join('a' * LONG)}]",
    "array header": f"[[ {'.'.join('a' * LONG)} ]]",
    "inline table": "x = {" + ".".join("a" * LONG) + " = 1}",
    "after a string": 'x = """\n"""\n' + ".".join("a" * LONG) + " = 1",
    "after a quoted comment": "# '''\n" + ".".join("a" * LONG) + " = 1",
    "arrays": "x = " + "[" * DEEP + "]" * DEEP,
    "open arrays": "x = " + "[" * 100_000,
    "tables": "x = " + "{a = " * DEEP + "1" + "}" * DEEP,
    "lines": "x = [\n" * DEEP,
}


@pytest.mark.parametrize("text", TOO_DEEP_TOML.values(), ids=TOO_DEEP_TOML)
def test_toml_that_is_too_deep(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(tomllib, "loads")  # it must not be asked
    with pytest.raises(NestingError):
        parse_toml(text)


@pytest.mark.parametrize(
    "text",
    [
        f'x = "{"a." * 100}"', f"x = '{'[' * 100}'", f"# {'a.' * 100}", f"x = '''\n{'a.' * 100}\n'''",
        f'x = """\n{"[" * 100}\\""""""\ny = 1', ".".join("a" * MAX_KEY_PARTS) + " = 1", "x = [" + "[1]," * 100 + "]",
        "x = " + "[" * MAX_NESTING + "]" * MAX_NESTING, "x = 1.5\ny = 1979-05-27T07:32:00.999", "",
    ],
)  # fmt: skip
def test_toml_that_is_not(text: str) -> None:
    assert parse_toml(text) == tomllib.loads(text)


def test_real_toml() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    assert parse_toml(text) == tomllib.loads(text)


@given(st.text(alphabet="a.\"'[]{}=\n\\# ,1", max_size=60))
def test_toml_is_parsed_as_before(text: str) -> None:
    try:
        wanted = tomllib.loads(text)
    except ValueError:
        with pytest.raises(ValueError, match=r"."):
            parse_toml(text)
    else:
        assert parse_toml(text) == wanted


def test_json() -> None:
    value = {"a": ["[[[[", 1, {"b": None}], '\\"[': "{" * 100}
    assert parse_json(json.dumps(value).encode()) == value
    assert parse_json(b"[" * MAX_NESTING + b"]" * MAX_NESTING)
    for data in (b"[" * DEEP + b"]" * DEEP, b'{"a":' * 100_000, b'["\\"", ' + b"[" * DEEP):
        with pytest.raises(NestingError):
            parse_json(data)
    for data in (b"", b"\xff", b"{", b"1" * 5_000):
        with pytest.raises(ValueError, match=r"."):
            parse_json(data)
