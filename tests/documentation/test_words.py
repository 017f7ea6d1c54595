"""Commands, options and settings that pages name are there."""

import re
import tomllib

import pytest

from techstock.cli import list_commands
from techstock.cli._runner import run_command
from techstock.config import ConfigSource
from techstock.config.validation import validate_source
from tests.documentation.commands import called, every_option, faults, parser
from tests.documentation.pages import EVERY, ROOT, blocks, name, spans

PAGES = {name(page): page.read_text("utf-8") for page in EVERY}


_EXAMPLES = {"--", "--option"}  # in rules on characters


def test_commands_in_code_are_there() -> None:
    wrong: dict[str, list[str]] = {}
    for text in PAGES.values():
        said = [span for span in spans(text) if re.match(r"techstock [a-zA-Z-]", span)]
        typed = [line for block in blocks(text) if block.language == "console" for line in block.text.split("\n")]
        lines = [*said, *(line[2:] for line in typed if line.startswith("$ "))]
        wrong |= {line: found for line in lines for words in called(line) if (found := faults(words))}
    assert wrong == {}


def test_options_in_code_are_there() -> None:
    named = {re.split(r"[ =\[]", span)[0] for text in PAGES.values() for span in spans(text) if span.startswith("--")}
    assert named - every_option() - _EXAMPLES == set()


def test_shell_lines_are_read_as_written() -> None:
    """What cannot be run here, because it wants a network or another program, is at least read by the real parsers."""
    fences = [block.text for text in PAGES.values() for block in blocks(text) if block.language == "sh"]
    lines = [words for fence in fences for line in fence.split("\n") for words in called(line)]
    assert lines
    for words in lines:
        assert faults(words) == []
        if words[0] in list_commands():
            parser(words[0]).parse_known_intermixed_args(words[1:])


def test_settings_are_valid() -> None:
    found = [(page, block.text) for page, text in PAGES.items() for block in blocks(text) if block.language == "toml"]
    assert found
    for page, text in found:
        table = tomllib.loads(text)
        validate_source(ConfigSource(page, table.get("tool", {}).get("techstock", table)))


def test_faults_are_found() -> None:
    line = "cd techstock && x/techstock lint --sinse main -q; techstock lnt | techstock rules --fix -- --none"
    assert [faults(words) for words in called(line)] == [["--sinse"], ["lnt"], ["--fix"]]
    line = "techstock COMMAND --help; techstock --versoin; techstock"
    assert [faults(words) for words in called(line)] == [[], ["--versoin"], []]


def test_every_command_is_described() -> None:
    written = [text for page, text in PAGES.items() if not page.startswith(("docs/rules/", "CHANGELOG"))]
    assert [command for command in list_commands() if not any(f"techstock {command}" in text for text in written)] == []


def test_links_lead_somewhere(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    code = run_command(
        "lint", ["--isolated", "--no-cache", "-q", "--select", "link-missing,image-missing", *PAGES], list_commands()
    )
    assert capsys.readouterr().out == ""
    assert code == 0
