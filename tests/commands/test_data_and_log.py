"""What programs read is exact to the byte, what people read commands no build server, whatever the environment says."""

import csv
import io
import re
import sys
from pathlib import Path

import pytest

from techstock import formats
from techstock.formats import terms
from tests.cli.support import make_environment, run, run_process
from tests.support import make_project, run_git

# What GitHub, Azure Pipelines and TeamCity obey: `::name` at the start of a line, `##[name]`, `##vso[name]` anywhere.
_COMMAND = re.compile(r"(?m)^\s*::(?!: )|##\w*\[")
_WORDS = ("##[error]x", "::error::x", "##vso[task.setvariable]x", "##teamcity[x]")
_NOTE = ":::message\n-\u3000停止: 台の電源を切ること。\n:::\n\n" + "".join(
    f"- {word}: 台の電源を切ること。\n- {word}: 別の台の電源を切ること。\n" for word in _WORDS
)
_SURROUNDINGS = [{}, {"GITHUB_ACTIONS": "true"}, {"TF_BUILD": "True"}, {"TEAMCITY_VERSION": "2026.1"}]
_PEOPLE = [name for name in formats.list_formats() if not formats.load_format(name).exact]
_FILES = ["/dev/stdout", "/dev/stderr", "/proc/self/fd/1", "/proc/self/fd/2"]


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    return make_project(tmp_path / "notes", {"::error::a.md": _NOTE, "##[group]b.md": _NOTE}, git=True)


def test_who_reads_each_format() -> None:
    assert _PEOPLE == ["concise", "full", "grouped", "markdown"]
    assert [name for name in terms.list_term_formats() if not terms.load_term_format(name).exact] == ["table"]


@pytest.mark.parametrize("around", _SURROUNDINGS, ids=str)
def test_a_patch_applies_wherever_it_is_made(notes: Path, around: dict[str, str]) -> None:
    done = run("lint", "--diff", "--select", "marker-space", cwd=notes, env=make_environment(**around))
    assert " :::message\n" in done.stdout
    run_git(notes, "apply", "--check", "-", stdin=done.stdout)


@pytest.mark.parametrize("around", _SURROUNDINGS[1:], ids=str)
@pytest.mark.parametrize(
    "arguments",
    [
        *(["terms", "--format", name] for name in ("csv", "md", "json")),
        *(["lint", "--output-format", name] for name in ("json", "jsonl", "sarif", "gitlab", "junit")),
        ["lint", "--diff"],
    ],
    ids=" ".join,
)
def test_data_is_the_same_everywhere(notes: Path, arguments: list[str], around: dict[str, str]) -> None:
    plain = run(*arguments, cwd=notes, env=make_environment()).stdout
    assert plain
    assert "\u200b" not in plain
    assert run(*arguments, cwd=notes, env=make_environment(**around)).stdout == plain


def test_a_table_of_terms_holds_what_the_notes_say(notes: Path) -> None:
    found = run("terms", "--labels", "--format", "csv", cwd=notes, env=make_environment(GITHUB_ACTIONS="true"))
    rows = list(csv.reader(io.StringIO(found.stdout, newline="")))
    assert "##[error]x" in {row[0] for row in rows}


def test_data_is_utf_8_whatever_python_is_told(notes: Path) -> None:
    around = make_environment(PYTHONIOENCODING="ascii")
    assert "停止" in run_process("lint", "--diff", cwd=notes, env=around).stdout
    assert "電源" in run_process("terms", "--format", "csv", cwd=notes, env=around).stdout


@pytest.mark.parametrize("around", _SURROUNDINGS, ids=str)
@pytest.mark.parametrize(
    "arguments",
    [
        *(["lint", "-v", "--output-format", name] for name in _PEOPLE),
        ["lint", "--statistics"],
        ["lint", "--show-files"],
        ["lint", "##[error]x"],
        ["lint", "::error::x"],
        ["##vso[x]"],
        ["terms", "--labels"],
        ["explain", "::error::a.md:5"],
        ["merge", "::error::a.md:5"],
    ],
    ids=" ".join,
)
def test_no_build_server_is_commanded(notes: Path, arguments: list[str], around: dict[str, str]) -> None:
    done = run(*arguments, cwd=notes, env=make_environment(**around))
    assert _COMMAND.findall(done.stdout + done.stderr) == []
    assert done.stdout + done.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="these files are Linux's")
@pytest.mark.parametrize("file", _FILES)
@pytest.mark.parametrize("name", _PEOPLE)
def test_neither_through_a_file_that_is_the_log(notes: Path, name: str, file: str) -> None:
    done = run_process("lint", f"--output-format={name}={file}", "--output-format", "json", cwd=notes)
    assert "a.md" in done.stdout
    said = [row for row in (done.stdout + done.stderr).split("\n") if _COMMAND.search(row)]
    assert said == []
