"""Where a repository is hosted, by git's own files."""

from pathlib import Path

import pytest

from techstock.model import GitHubRemote
from techstock.project import Git, Project
from techstock.project.github_remote import find_github_remote
from tests.support import make_repository, run_git


def find_home(root: Path) -> GitHubRemote | None:
    around = Git.find_repository(str(root.resolve()))
    assert around
    return find_github_remote(around)


def test_default_and_current_branch(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "root", "a.md")
    assert find_home(root) is None
    run_git(root, "remote", "add", "other", "https://github.com/you/x")
    run_git(root, "remote", "add", "origin", "https://github.com/me/notes.git")
    assert find_home(root) == GitHubRemote("me/notes", ("HEAD", "main", "master"))
    run_git(root, "checkout", "--quiet", "-b", "feat/x")
    run_git(root, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk")
    assert find_home(root) == GitHubRemote("me/notes", ("HEAD", "feat/x", "trunk"))
    run_git(root, "checkout", "--quiet", "--detach")
    assert find_home(root) == GitHubRemote("me/notes", ("HEAD", "trunk"))


def test_worktree(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "root", "a.md")
    run_git(root, "remote", "add", "origin", "git@github.com:me/notes.git")
    run_git(root, "worktree", "add", "--quiet", "-b", "side", "../side")
    assert find_home(tmp_path / "side") == GitHubRemote("me/notes", ("HEAD", "side", "main", "master"))


@pytest.mark.parametrize("config", [None, b"\xff\xfe", b'[remote "origin"]\n', b"url = https://github.com/me/notes\n"])
def test_files_that_say_nothing(tmp_path: Path, config: bytes | None) -> None:
    root = make_repository(tmp_path / "root", "a.md")
    file = root / ".git" / "config"
    file.unlink()
    if config is not None:
        file.write_bytes(config)
    assert find_home(root) is None


def test_a_git_file_that_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: nowhere\n", "utf-8")
    assert find_home(tmp_path) is None
    project = Project(tmp_path.resolve())
    assert project.git
