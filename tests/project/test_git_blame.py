"""When lines were written, in real repositories."""

import os
from pathlib import Path

import pytest

from techstock.project.git import Git, GitError
from techstock.project.git_blame import LineDates, NoteBlame, is_shallow_clone
from tests.support import commit_all, run_git, write_files


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = write_files(tmp_path / "r", {"ノート 1.md": "- a: 一\n- b: 二\n- a: 一\n"})
    commit_all(root, date="2024-01-31T23:30:00+0900")
    write_files(root, {"ノート 1.md": "- a: 一\n  - b: 二\n- c: 三\n- a: 一\n"})
    commit_all(root, date="2024-03-01T23:30:00-1100")
    return root


def blame(root: Path, path: str = "ノート 1.md") -> NoteBlame:
    found = Git.find_repository(os.path.realpath(root))
    assert found
    return NoteBlame(found, path, shallow=is_shallow_clone(found))


def test_days_where_the_author_was(repository: Path) -> None:
    found = blame(repository)
    assert found.find_line_dates([(0, "- a: 一"), (1, "  - b: 二")]) == LineDates("2024-01-31", "2024-01-31")
    assert found.find_line_dates([(0, "- a: 一"), (2, "- c: 三")]) == LineDates("2024-01-31", "2024-03-01")
    assert found.find_line_dates([(1, "")]) == LineDates()


def test_what_is_not_committed(repository: Path) -> None:
    assert blame(repository).find_line_dates([(0, "- a: 一"), (1, "- neu")]) == LineDates(
        "2024-01-31", "2024-01-31", unsaved=True
    )
    assert blame(repository, "b.md").find_line_dates([(0, "- a: 一")]) == LineDates(unsaved=True)


def test_a_repository_without_commits(tmp_path: Path) -> None:
    run_git(tmp_path, "init", "-q")
    assert blame(tmp_path, "a.md").find_line_dates([(0, "- a: 一")]) == LineDates(unsaved=True)


def test_a_shallow_clone(repository: Path, tmp_path: Path) -> None:
    run_git(tmp_path, "clone", "-q", "--depth", "1", f"file://{repository}", "s")
    found = blame(tmp_path / "s")
    assert found.find_line_dates([(0, "- a: 一")]) == LineDates("2024-03-01", "2024-03-01", earlier=True)


def test_programs_of_the_repository_are_not_run(repository: Path) -> None:
    (repository / ".gitattributes").write_text("*.md diff=x filter=x\n")
    for key in ("diff.x.textconv", "filter.x.clean", "filter.x.smudge"):
        run_git(repository, "config", key, f"touch {repository / 'run'}; cat")
    assert blame(repository).find_line_dates([(0, "- a: 一")]).first == "2024-01-31"
    assert not (repository / "run").exists()


def test_git_that_cannot_tell(repository: Path) -> None:
    run_git(repository, "config", "blame.ignoreRevsFile", "none")
    with pytest.raises(GitError, match=r"answer `blame` .*could not open object name list: none"):
        blame(repository)
