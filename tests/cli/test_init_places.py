"""`techstock init` in folders of all kinds."""

import os
import re
import tomllib
from io import StringIO
from pathlib import Path

import pytest

from tests.cli.beginning import CONFIG, OLD, WRITTEN, files, init, lint
from tests.cli.support import project, run
from tests.project.disk import git, not_root, posix_only
from tests.support import collections


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    project(tmp_path, OLD)
    git(tmp_path, "init", "-q", "-b", "trunk")
    return tmp_path


@pytest.mark.parametrize(
    "old",
    [
        b'[project]\nname = "x" # kept\n',
        b'\xef\xbb\xbf[project]\r\nname = "x"\r\n[tool.ruff]\r\nline-length = 100',
        b"tool.ruff.line-length = 100\n\n",
        '"説明" = "日本語"\n'.encode(),
    ],
)
def test_pyproject_gets_a_section_and_keeps_its_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: bytes
) -> None:
    project(tmp_path, OLD | {"pyproject.toml": old})
    assert init(tmp_path, monkeypatch, "--yes") == 0
    new = (tmp_path / "pyproject.toml").read_bytes()
    assert new.startswith(old)
    assert (b"\r\n" in new) == (b"\r\n" in old)
    assert b"\n" not in new.replace(b"\r\n", b"") or b"\r\n" not in old
    found = tomllib.loads(new.decode("utf-8-sig"))["tool"]["techstock"]
    assert found == tomllib.loads(CONFIG)
    assert not (tmp_path / "techstock.toml").exists()
    assert lint() == 0


@pytest.mark.parametrize("old", ["tool = {ruff = {line-length = 100}}\n", ""])
def test_pyproject_that_takes_no_section(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str) -> None:
    project(tmp_path, OLD | {"pyproject.toml": old})
    assert init(tmp_path, monkeypatch, "--yes") == 0
    assert (tmp_path / "pyproject.toml").read_text() == old
    assert (tmp_path / "techstock.toml").read_text("utf-8") == CONFIG


def test_without_git_there_is_nothing_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project(tmp_path, {"a.md": "- 待避: 戻る。\n"})
    assert init(tmp_path, monkeypatch, "--yes") == 0
    assert "no hook and no workflow: this is no git repository" in capsys.readouterr().out
    assert files(tmp_path).keys() == {"a.md", "techstock.toml"}
    assert tomllib.loads((tmp_path / "techstock.toml").read_text("utf-8")) == {}
    assert lint() == 0


def test_below_and_above(repo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert init(repo / "n", monkeypatch) == 0
    assert f"the project begins in `{os.path.realpath(repo)}`; it is set up there\n" in capsys.readouterr().err
    assert init(repo, monkeypatch, "--yes", "--root", "n") == 0
    assert "the repository begins above, and `n` is a part of it" in capsys.readouterr().out
    assert {"n/techstock.toml", "n/techstock-baseline.txt"} == files(repo).keys() - OLD.keys()


@pytest.mark.parametrize(
    ("there", "message"),
    [
        ({}, "no notes to check: "),
        ({"a.md": "x", "techstock.toml": "x = ["}, "techstock.toml: is not TOML: "),
        ({"a.md": "x", "techstock.toml": "selct = []"}, "techstock.toml: `selct` is no known key"),
        ({"a.md": "x", "pyproject.toml": "[x"}, "pyproject.toml: is not TOML: "),
    ],
)
def test_where_it_cannot_begin(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    there: dict[str, str | bytes],
    message: str,
) -> None:
    project(tmp_path, there)
    before = files(tmp_path)
    assert init(tmp_path, monkeypatch, "--yes") == 2
    out, err = capsys.readouterr()
    assert (out, err.startswith(f"error: {message}"), err.count("\n")) == ("", True, 1)
    assert files(tmp_path) == before


@posix_only
def test_all_or_nothing(repo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (repo / ".github").write_text("no folder\n")
    before = files(repo)
    assert init(repo, monkeypatch, "--yes") == 2
    assert capsys.readouterr().err == "error: nothing is written: `.github`: file exists\n"
    assert files(repo) == before
    (repo / ".github").unlink()
    outside = repo.parent / f"{repo.name}-outside"
    outside.mkdir()
    (repo / ".github").symlink_to(outside)
    assert init(repo, monkeypatch, "--yes") == 2
    assert capsys.readouterr().err == "error: nothing is written: `.github` is a symbolic link\n"
    assert list(outside.iterdir()) == []
    assert files(repo).keys() == OLD.keys()


@posix_only
def test_a_dangling_link_is_something_that_is_there(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outside = repo.parent / f"{repo.name}.yaml"
    (repo / ".pre-commit-config.yaml").symlink_to(outside)
    assert init(repo, monkeypatch, "--yes") == 0
    assert not outside.exists()


@not_root
def test_a_folder_that_cannot_be_written(
    repo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    repo.chmod(0o555)
    try:
        assert init(repo, monkeypatch, "--yes") == 2
    finally:
        repo.chmod(0o755)
    assert capsys.readouterr().err.endswith(": permission denied\n")
    assert files(repo).keys() == OLD.keys()


def test_a_write_that_fails_takes_back_what_was_written(
    repo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project(repo, {"pyproject.toml": "[project]\n"})

    def fails(*_: object) -> None:
        from techstock.fix.writing import WriteError

        raise WriteError("`pyproject.toml` is not written: it has changed since it was read")

    monkeypatch.setattr("techstock.cli.creating.write", fails)
    assert init(repo, monkeypatch, "--yes") == 2
    assert capsys.readouterr().err == (
        "error: nothing is written: `pyproject.toml` is not written: it has changed since it was read\n"
    )
    assert files(repo).keys() == {*OLD, "pyproject.toml"}
    assert not (repo / ".github").exists()


class _Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("answer", "agreed"), [("y\n", True), ("YES\n", True), ("\n", False), ("", False)])
def test_an_answer_at_a_terminal(repo: Path, monkeypatch: pytest.MonkeyPatch, answer: str, agreed: bool) -> None:
    monkeypatch.setattr("sys.stdin", _Terminal(answer))
    monkeypatch.setattr("sys.stderr", said := _Terminal())
    assert init(repo, monkeypatch, "-q") == 0
    assert "write `techstock-baseline.txt`, " in said.getvalue()
    assert (files(repo).keys() == {*OLD, *WRITTEN}) is agreed


@posix_only
def test_hostile_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    names = ["\x1b[31m\u202e/01-10.md", "\x1b[31m\u202e/11-20.md", '"""\n[x]/b.md']
    project(tmp_path, {name: f"## {1 + 10 * n}.\n\n- 待避 {n}:\n" for n, name in enumerate(names)})
    git(tmp_path, "init", "-q", "-b", "a,b]")
    assert init(tmp_path, monkeypatch, "--yes") == 0
    assert not re.search("[\x1b\u202e]", "".join(capsys.readouterr()))
    assert "  push:\n  pull_request:\n" in (tmp_path / WRITTEN[3]).read_text("utf-8")
    assert lint() == 0


@pytest.mark.parametrize("name", ["aws-notes", "misaka-saa"])
def test_real_notes(tmp_path: Path, name: str) -> None:
    from shutil import copytree

    root = copytree(collections() / "corpus" / name, tmp_path / name)
    for path in (root, *root.rglob("*")):
        path.chmod(0o755)
    before = files(root)
    assert run("init", "--yes", cwd=root).returncode == 0
    assert run("lint", "-q", cwd=root).returncode == 0
    assert {path: data for path, data in files(root).items() if path in before} == before


def test_a_section_level_that_all_keep_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The baseline is of the notes as that level shows them: the last one is not numbered at it."""
    text = "# 題\n\n### 1. 甲\n\n- 待避: 戻る。\n\n### 2. 乙\n\n- 復旧: 始める。\n"
    notes = {f"{number}/a.md": text.replace("戻る", f"{number} へ戻る") for number in range(24)}
    project(tmp_path, {**notes, "x/a.md": "## 1.\n\n- 配置:\n\n## 2.\n\n### 三\n"})
    assert init(tmp_path, monkeypatch, "--yes") == 0
    assert "section-level = 3  # 24 of 25 numbered notes (96 %)" in (tmp_path / "techstock.toml").read_text("utf-8")
    assert lint() == 0
