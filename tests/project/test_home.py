"""Where a repository is hosted, by git's own files."""

from pathlib import Path

import pytest

from techstock.model import Home
from techstock.project import Git, Project
from techstock.project.home import home
from tests.project.disk import git, repository


def found(root: Path) -> Home | None:
    around = Git.around(str(root.resolve()))
    assert around
    return home(around)


def test_default_and_current_branch(tmp_path: Path) -> None:
    root = repository(tmp_path / "root", "a.md")
    assert found(root) is None
    git(root, "remote", "add", "other", "https://github.com/you/x")
    git(root, "remote", "add", "origin", "https://github.com/me/notes.git")
    assert found(root) == Home("me/notes", ("HEAD", "main", "master"))
    git(root, "checkout", "--quiet", "-b", "feat/x")
    git(root, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk")
    assert found(root) == Home("me/notes", ("HEAD", "feat/x", "trunk"))
    git(root, "checkout", "--quiet", "--detach")
    assert found(root) == Home("me/notes", ("HEAD", "trunk"))


def test_worktree(tmp_path: Path) -> None:
    root = repository(tmp_path / "root", "a.md")
    git(root, "remote", "add", "origin", "git@github.com:me/notes.git")
    git(root, "worktree", "add", "--quiet", "-b", "side", "../side")
    assert found(tmp_path / "side") == Home("me/notes", ("HEAD", "side", "main", "master"))


@pytest.mark.parametrize("config", [None, b"\xff\xfe", b'[remote "origin"]\n', b"url = https://github.com/me/notes\n"])
def test_files_that_say_nothing(tmp_path: Path, config: bytes | None) -> None:
    root = repository(tmp_path / "root", "a.md")
    file = root / ".git" / "config"
    file.unlink()
    if config is not None:
        file.write_bytes(config)
    assert found(root) is None


def test_a_git_file_that_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: nowhere\n", "utf-8")
    assert found(tmp_path) is None
    project = Project(tmp_path.resolve())
    assert project.git
