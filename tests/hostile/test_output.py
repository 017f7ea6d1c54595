"""No format and no command carries what a log, a terminal, a page or a shell would obey."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from markdown_it import MarkdownIt

from techstock import formats
from tests.cli.support import make_environment, run
from tests.hostile.support import make_hostile_repository, read_everything
from tests.project.disk import bytes_names
from tests.support import make_project

pytestmark = bytes_names

# The runner of GitHub trims a line before it looks for `::`; `##[`, `##vso[` and `##teamcity[` are found anywhere.
_COMMAND = re.compile(r"(?m)^\s*::(?!: )|##\w*\[")
_OURS = re.compile(r"(?m)^::(?:error|warning|notice) (?:file=[^,:\n]*,[^:\n]*|title=techstock)::(?=.)")
_UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_LOGS = ({"GITHUB_ACTIONS": "true"}, {"TF_BUILD": "True"}, {"TEAMCITY_VERSION": "2026.1"})


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_hostile_repository(tmp_path_factory.mktemp("hostile") / "notes")


def safe(text: str) -> None:
    assert _UNSEEN.findall(text) == []
    found = _COMMAND.search(_OURS.sub("", text))
    assert found is None, text[max(found.start() - 80, 0) : found.end() + 80]


@pytest.mark.parametrize("name", formats.list_formats())
def test_formats(notes: Path, tmp_path: Path, name: str) -> None:
    before = read_everything(notes.parent)
    for log in _LOGS:
        done = run(
            "lint", "-v", "--output-format", name, f"--output-format={name}={tmp_path / 'file'}", cwd=notes,
            env=make_environment(**log),
        )  # fmt: skip
        assert done.returncode == 1, done.stderr
        safe(done.stdout)
        safe(done.stderr)
    assert _UNSEEN.findall((tmp_path / "file").read_text("utf-8")) == []
    assert read_everything(notes.parent) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ["lint", "--show-files"], ["lint", "--show-settings"], ["lint", "--statistics"], ["lint", "--diff"],
        ["lint", "--since", "HEAD", "-v"], ["images", "--offline"], ["baseline", "--baseline", "../known.txt"],
        ["lint", "::error::x.md"], ["lint", "-rf.md"], ["lint", "--", "-rf.md", "##vso[x].md", "\x1b[2J.md"],
        ["explain", "::error::x.md:3"], ["explain", "\x1b]0;x\x07\x1b[2Jx.md:3"], ["cache"],
    ],
)  # fmt: skip
def test_commands(notes: Path, arguments: list[str]) -> None:
    for log in _LOGS:
        done = run(*arguments, cwd=notes, env=make_environment(**log))
        if "--diff" not in arguments:  # a patch holds the bytes of the notes, for git
            safe(done.stdout)
        safe(done.stderr)
        assert "defect" not in done.stderr


def test_what_others_parse_holds_the_words_as_text(notes: Path, tmp_path: Path) -> None:
    targets = [f"--output-format={name}={tmp_path / name}" for name in ("json", "sarif", "gitlab", "junit", "markdown")]
    run("lint", *targets, cwd=notes)
    paths = {problem["path"] for problem in json.loads((tmp_path / "json").read_bytes())}
    assert {"::error::x.md", "\x1b]0;x\x07\x1b[2Jx.md", "$(touch made).md", "line\n::stop-commands::t\n.md"} <= paths
    for result in json.loads((tmp_path / "sarif").read_bytes())["runs"][0]["results"]:
        texts = [result["message"]["text"], *(other["message"]["text"] for other in result.get("relatedLocations", ()))]
        assert not any("](" in text for text in texts)
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"[\w.~/%-]+", uri, re.ASCII)
    names = {problem["location"]["path"] for problem in json.loads((tmp_path / "gitlab").read_bytes())}
    assert "::error::x.md" in names
    suites = ElementTree.parse(tmp_path / "junit").getroot()  # noqa: S314 (our own file)
    assert {element.tag for element in suites.iter()} == {"testsuites", "testsuite", "testcase", "failure"}
    html = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render((tmp_path / "markdown").read_text("utf-8"))
    outside = re.sub(r"<code>.*?</code>", "", html, flags=re.S)
    assert set(re.findall(r"<(\w+)", outside)) == {"h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td"}
    assert not re.search(r"everyone|GH-1|evil|touch|onerror", outside)


def test_configuration_speaks_only_in_its_error(tmp_path: Path) -> None:
    words = ["::error::x", "##[x]", "##vso[x]", "\\u001b[2J", "\\u202e", "x\\n::error::y"]
    lines = [f'"{word}" = 1' for word in words]
    lines += [f'select = ["{word}"]' for word in words] + [f'[per-file]\n"{word}" = 1' for word in words]
    for number, line in enumerate(lines):
        root = make_project(tmp_path / str(number), {"a.md": "# 題\n", "techstock.toml": f"{line}\n"})
        done = run("lint", cwd=root, env=make_environment(GITHUB_ACTIONS="true"))
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), line
        safe(done.stderr)
