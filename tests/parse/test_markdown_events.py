"""The native parser: its failures are faults of a note, and a lint that parses loads no other parser."""

from pathlib import Path

import pytest

from techstock.parse import markdown_events, parse
from techstock.parse.markdown_events import parse_events
from tests.cache.support import run_with
from tests.support import make_project


class PanicException(BaseException):
    """Like that of the parser, which cannot be imported."""


class FailingParser:
    """A parser that fails after its first event."""

    def __init__(self, error: BaseException) -> None:
        self._error = error

    def reference_definitions(self, _text: str) -> dict[str, object]:
        return {}

    def events_with_range(self, _text: str):  # type: ignore[no-untyped-def]
        yield "Rule", {"start": 0, "end": 3}
        raise self._error


def test_a_panic_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown_events, "_PARSER", FailingParser(PanicException("index out of bounds")))
    note = parse("a.md", "***\n")
    assert note.blocks == ()
    assert [(fault.kind, fault.message) for fault in note.faults] == [
        ("failed", "the Markdown parser has a defect and cannot read this note (index out of bounds)")
    ]


def test_other_errors_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown_events, "_PARSER", FailingParser(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        parse("a.md", "***\n")


def test_a_panic_is_reported(tmp_path: Path) -> None:
    """By a run with and without processes of its own; other notes are checked."""
    make_project(tmp_path, {"a.md": "- a:\n", "b.md": "- b:\n", "techstock.toml": ""})
    failing = "import techstock.parse.markdown_events as m\nread = m.Markdown\n"
    failing += "class PanicException(BaseException): pass\n"
    failing += "class Parser(type('x', (), {})):\n    reference_definitions = staticmethod(lambda text: {})\n"
    failing += "    def events_with_range(self, text):\n        if 'a:' in text: raise PanicException('x')\n"
    failing += "        return read(options=m._OPTIONS).events_with_range(text)\nm._PARSER = Parser()\n"
    done = run_with(failing, "lint", "--no-cache", cwd=tmp_path)
    assert done.returncode == 1
    assert "a.md:1:1" in done.stdout
    assert "the Markdown parser has a defect" in done.stdout
    assert "b.md" in done.stdout


def test_text_without_meaning() -> None:
    """A lone half of a surrogate pair is no character, and takes no place away."""
    note = parse("a.md", "\ud800 *a\n\n- \udfff: b\n")
    assert [stray.place.start for stray in note.strays] == [2]
    assert note.entries[0].definition is not None
    assert note.entries[0].definition.start == 11


@pytest.mark.parametrize("text", ["a", "é字\U00020bb7\nx\n", "文\na | b\n--|--\n字 | *c\n"])
def test_positions(text: str) -> None:
    """Each character of what is parsed has its position; one that was put in has that of the next."""
    found = parse_events(text)
    data = text.encode()
    if "|" in text:  # one was put in
        assert sorted({found.to_position(at) for at in range(len(data) + 2)}) == list(range(len(text) + 1))
        return
    for at in range(len(text) + 1):
        assert found.to_position(len(text[:at].encode())) == at
    assert found.to_position(len(data)) == len(text)


def test_a_lint_without_fixes_loads_one_parser(tmp_path: Path) -> None:
    make_project(tmp_path, {"a.md": "# 題\n\n-\u3000a: b\n", "techstock.toml": ""})
    ask = "import atexit\natexit.register(lambda: print([m for m in ('pyromark', 'markdown_it') if m in sys.modules], "
    ask += "file=sys.stderr))"
    assert "['pyromark']" in run_with(ask, "lint", "-q", "--no-cache", cwd=tmp_path).stderr
    assert "['pyromark', 'markdown_it']" in run_with(ask, "lint", "-q", "--no-cache", "--fix", cwd=tmp_path).stderr


def test_a_row_below_a_long_line_is_found() -> None:
    """Lines of a table are looked for line by line, however many dashes and pipes one holds."""
    table = "甲 | 乙\n-|-\n一 | 二\n"
    note = parse("a.md", f"{'-|' * 500}x\n\n{table}\n{'|-' * 500}\n\n{table}")
    assert [block.kind for block in note.blocks].count("table") == 2
