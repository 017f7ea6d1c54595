"""`techstock init` in folders of all kinds."""

import os
import re
import tomllib
from pathlib import Path

import pytest

from tests.cli.support import Terminal, run
from tests.commands.init_notes import (
    BASELINE,
    CONFIG,
    CONFIGURATION,
    HOOKS,
    OLD,
    WORKFLOW,
    WRITTEN,
    init,
    lint,
    read_project,
)
from tests.project.disk import not_root, posix_only
from tests.support import get_collections, make_project, run_git


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
    make_project(tmp_path, OLD | {"pyproject.toml": old})
    assert init(tmp_path, monkeypatch, "--yes") == 0
    new = (tmp_path / "pyproject.toml").read_bytes()
    assert new.startswith(old)
    assert (b"\r\n" in new) == (b"\r\n" in old)
    assert b"\n" not in new.replace(b"\r\n", b"") or b"\r\n" not in old
    found = tomllib.loads(new.decode("utf-8-sig"))["tool"]["techstock"]
    assert found == tomllib.loads(CONFIG)
    assert not (tmp_path / "techstock.toml").exists()
    assert lint() == 0


@pytest.mark.parametrize("old", ["", "# mine", "# mine\n\n"])
def test_a_configuration_that_sets_nothing_is_filled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], old: str
) -> None:
    """It may have marked the root alone."""
    make_project(tmp_path, OLD | {"techstock.toml": old})
    assert init(tmp_path, monkeypatch, "--yes") == 0
    assert "written: `techstock-baseline.txt`, `techstock.toml`" in capsys.readouterr().err
    new = (tmp_path / "techstock.toml").read_text("utf-8")
    assert new.startswith(old)
    assert new.removeprefix(old).lstrip("\n") == CONFIG
    assert lint() == 0


@pytest.mark.parametrize("old", ["tool = {ruff = {line-length = 100}}\n", ""])
def test_pyproject_that_takes_no_section(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str) -> None:
    make_project(tmp_path, OLD | {"pyproject.toml": old})
    assert init(tmp_path, monkeypatch, "--yes") == 0
    assert (tmp_path / "pyproject.toml").read_text() == old
    assert (tmp_path / "techstock.toml").read_text("utf-8") == CONFIG


def test_without_git_there_is_nothing_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    make_project(tmp_path, {"a.md": "- 待避: 戻る。\n"})
    assert init(tmp_path, monkeypatch, "--yes") == 0
    assert "no hook and no workflow: this is not a git repository" in capsys.readouterr().out
    assert read_project(tmp_path).keys() == {"a.md", "techstock.toml"}
    assert tomllib.loads((tmp_path / "techstock.toml").read_text("utf-8")) == {}
    assert lint() == 0


def test_below_and_above(repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert init(repository / "n", monkeypatch) == 0
    assert (
        f"the root of the project is `{os.path.realpath(repository)}`; files are written there\n"
        in capsys.readouterr().err
    )
    assert init(repository, monkeypatch, "--yes", "--root", "n") == 0
    assert "`n` is only a part of the repository around it" in capsys.readouterr().out
    assert {"n/techstock.toml", "n/techstock-baseline.txt"} == read_project(repository).keys() - OLD.keys()


@pytest.mark.parametrize(
    ("there", "message"),
    [
        ({}, "no notes to check: "),
        ({"a.md": "x", "techstock.toml": "x = ["}, "techstock.toml: is not TOML: "),
        ({"a.md": "x", "techstock.toml": "selct = []"}, "techstock.toml: `selct` is not a known key"),
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
    make_project(tmp_path, there)
    before = read_project(tmp_path)
    assert init(tmp_path, monkeypatch, "--yes") == 2
    out, err = capsys.readouterr()
    assert (out, err.startswith(f"error: {message}"), err.count("\n")) == ("", True, 1)
    assert read_project(tmp_path) == before


@posix_only
def test_all_or_nothing(repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / ".github").write_text("no folder\n")
    before = read_project(repository)
    assert init(repository, monkeypatch, "--yes") == 2
    assert capsys.readouterr().err == "error: nothing is written: `.github`: file exists\n"
    assert read_project(repository) == before
    (repository / ".github").unlink()
    outside = repository.parent / f"{repository.name}-outside"
    outside.mkdir()
    (repository / ".github").symlink_to(outside)
    assert init(repository, monkeypatch, "--yes") == 2
    assert capsys.readouterr().err == "error: nothing is written: `.github` is a symbolic link\n"
    assert list(outside.iterdir()) == []
    assert read_project(repository).keys() == OLD.keys()


@posix_only
def test_a_dangling_link_is_something_that_is_there(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outside = repository.parent / f"{repository.name}.yaml"
    (repository / ".pre-commit-config.yaml").symlink_to(outside)
    assert init(repository, monkeypatch, "--yes") == 0
    assert not outside.exists()


@not_root
def test_a_folder_that_cannot_be_written(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.chmod(0o555)
    try:
        assert init(repository, monkeypatch, "--yes") == 2
    finally:
        repository.chmod(0o755)
    assert capsys.readouterr().err.endswith(": permission denied\n")
    assert read_project(repository).keys() == OLD.keys()


def test_a_write_that_fails_takes_back_what_was_written(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    make_project(repository, {"pyproject.toml": "[project]\n"})

    def fails(*_: object) -> None:
        from techstock.fix.write import WriteError

        raise WriteError("`pyproject.toml` is not written: it has changed since it was read")

    monkeypatch.setattr("techstock.commands.init.write_changes", fails)
    assert init(repository, monkeypatch, "--yes") == 2
    assert capsys.readouterr().err == (
        "error: nothing is written: `pyproject.toml` is not written: it has changed since it was read\n"
    )
    assert read_project(repository).keys() == {*OLD, "pyproject.toml"}
    assert not (repository / ".github").exists()


ALL = {*WRITTEN}


@pytest.mark.parametrize(
    ("answers", "written"),
    [
        ("\n\n\n\n", ALL),
        ("y\nY\nyes\nYES\n", ALL),
        ("n\n\n\n\n", ALL - {BASELINE}),
        ("\nn\n\n\n", ALL - {CONFIGURATION}),
        ("\n\nn\nno\n", ALL - {HOOKS, WORKFLOW}),
        ("n\nn\nn\nn\n", set()),
        ("", set()),
    ],
)
def test_each_part_is_asked_for(
    repository: Path, monkeypatch: pytest.MonkeyPatch, answers: str, written: set[str]
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal(answers))
    monkeypatch.setattr("sys.stderr", said := Terminal())
    assert init(repository, monkeypatch, "-q") == 0
    assert said.getvalue().count("[Y/n] ") == 4
    assert read_project(repository).keys() == {*OLD, *written}
    if CONFIGURATION in written:
        text = (repository / CONFIGURATION).read_text("utf-8")
        assert ("baseline = " in text) == (BASELINE in written)


def test_parts_can_be_left_out(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert init(repository, monkeypatch, "--yes", "--no-hook", "--no-workflow", "--no-baseline") == 0
    assert read_project(repository).keys() == {*OLD, CONFIGURATION}


@pytest.mark.parametrize(("answer", "fixed"), [("y\n", True), ("\n", False), ("n\n", False)])
def test_safe_fixes_are_offered_before_the_baseline(
    repository: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    answer: str,
    fixed: bool,
) -> None:
    make_project(repository, {"n/x.md": "-　停止: 終えること。\n"})
    monkeypatch.setattr("sys.stdin", Terminal(answer + 4 * "\n"))
    monkeypatch.setattr("sys.stderr", said := Terminal())
    assert init(repository, monkeypatch) == 0
    assert "2 problems today; 1 can be fixed safely" in capsys.readouterr().out
    assert "fix 1 of them in the notes now? [y/N]" in said.getvalue()
    assert ("marker-space" not in (repository / BASELINE).read_text("utf-8")) is fixed
    assert (repository / "n/x.md").read_text("utf-8").startswith("- 停止") is fixed


def test_fixes_without_questions(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_project(repository, {"n/x.md": "-　停止: 終えること。\n"})
    assert init(repository, monkeypatch, "--fix") == 2
    assert init(repository, monkeypatch, "--yes", "--fix") == 0
    assert "marker-space" not in (repository / BASELINE).read_text("utf-8")


def test_as_many_problems_as_lint_counts(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    counted = run("lint", cwd=repository).stderr.split(" (")[0]
    assert init(repository, monkeypatch, "--yes") == 0
    assert f"\n{counted} today\n" in capsys.readouterr().out


@posix_only
def test_hostile_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    names = ["\x1b[31m\u202e/01-10.md", "\x1b[31m\u202e/11-20.md", '"""\n[x]/b.md']
    make_project(tmp_path, {name: f"## {1 + 10 * n}.\n\n- 待避 {n}:\n" for n, name in enumerate(names)})
    run_git(tmp_path, "init", "-q", "-b", "a,b]")
    assert init(tmp_path, monkeypatch, "--yes") == 0
    assert not re.search("[\x1b\u202e]", "".join(capsys.readouterr()))
    assert "  push:\n  pull_request:\n" in (tmp_path / WRITTEN[3]).read_text("utf-8")
    assert lint() == 0


@pytest.mark.parametrize("name", ["aws-notes", "misaka-saa"])
def test_real_notes(tmp_path: Path, name: str) -> None:
    from shutil import copytree

    root = copytree(get_collections() / "corpus" / name, tmp_path / name)
    for path in (root, *root.rglob("*")):
        path.chmod(0o755)
    before = read_project(root)
    assert run("init", "--yes", cwd=root).returncode == 0
    assert run("lint", "-q", cwd=root).returncode == 0
    assert {path: data for path, data in read_project(root).items() if path in before} == before


def test_a_section_level_that_all_keep_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The baseline is of the notes as that level shows them: the last one is not numbered at it."""
    text = "# 題\n\n### 1. 甲\n\n- 待避: 戻る。\n\n### 2. 乙\n\n- 復旧: 始める。\n"
    notes = {f"{number}/a.md": text.replace("戻る", f"{number} へ戻る") for number in range(24)}
    make_project(tmp_path, {**notes, "x/a.md": "## 1.\n\n- 配置:\n\n## 2.\n\n### 三\n"})
    assert init(tmp_path, monkeypatch, "--yes") == 0
    assert "section-level = 3  # 24 of 25 numbered notes (96 %)" in (tmp_path / "techstock.toml").read_text("utf-8")
    assert lint() == 0
