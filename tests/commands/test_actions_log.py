"""In the log of a GitHub workflow nothing that comes from notes, their names or the command line is a command."""

import re
from pathlib import Path

import pytest

from techstock import formats
from tests.cli.support import make_environment, run
from tests.support import make_project

# What the runner takes for a command: `::name …::` at the start of a line, `##[name]` anywhere.
_COMMAND = re.compile(r"(?m)^\s*::(?!: )|##\[")
_HOSTILE = {
    "::error::a.md": "## ::x::\n\n- ##[error]甲: 乙\n- ##[error]甲: 丙\n",
    "##[group]b.md": "\n::stop-commands::t\n- 停止:\n\n##\u00a0a ##[add-mask]a\n",
}


def _is_ours(line: str) -> bool:
    return re.match(r"::(error|warning|notice) (file=[^,:]*,|title=techstock)", line) is not None


@pytest.mark.parametrize("name", formats.list_formats())
def test_nothing_is_a_command(tmp_path: Path, name: str) -> None:
    make_project(tmp_path, _HOSTILE)
    done = run("lint", "-v", "--output-format", name, cwd=tmp_path, env=make_environment(GITHUB_ACTIONS="true"))
    assert done.returncode == 1
    lines = (done.stdout + done.stderr).split("\n")
    assert [line for line in lines if _COMMAND.search(line) and not (name == "github" and _is_ours(line))] == []


@pytest.mark.parametrize(
    "arguments",
    [["lint", "--select", "::error::x"], ["lint", "##[error]x"], ["lint", "--show-files"], ["::error::x"]],
)
def test_neither_is_anything_else(tmp_path: Path, arguments: list[str]) -> None:
    make_project(tmp_path, _HOSTILE)
    done = run(*arguments, cwd=tmp_path, env=make_environment(GITHUB_ACTIONS="true"))
    assert not _COMMAND.search(done.stdout + done.stderr)
    assert "::" in run(*arguments, cwd=tmp_path).stdout + run(*arguments, cwd=tmp_path).stderr or "##[" in arguments[1]


def test_services_get_paths_below_the_repository(tmp_path: Path) -> None:
    make_project(tmp_path, {"sub/techstock.toml": "", "sub/a.md": "- 停止:\n"}, git=True)
    done = run("lint", "-q", "--output-format", "github", cwd=tmp_path / "sub")
    assert done.stdout.startswith("::warning file=sub/a.md,line=1,")
    assert run("lint", "-q", "--output-format", "concise", cwd=tmp_path / "sub").stdout.startswith("a.md:1:3")


def test_files_and_exit_code_are_the_same_whatever_the_format(tmp_path: Path) -> None:
    make_project(tmp_path, {"a.md": "- 停止:\n"})
    seen = set()
    for name in formats.list_formats():
        done = run("lint", "--output-format", name, "--output-format", "sarif=out.sarif", cwd=tmp_path)
        seen.add((done.returncode, (tmp_path / "out.sarif").read_bytes()))
    assert [code for code, _ in seen] == [1]
