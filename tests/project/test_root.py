"""Where a project begins."""

import os
from pathlib import Path

import pytest

from techstock.project import ProjectError, find_nested_configurations, find_root
from tests.project.disk import COMPOSED, DECOMPOSED, bytes_names, posix_only
from tests.support import make_repository, run_git, write_short_notes

TABLE = '[tool.techstock]\npreset = "strict"\n'


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """A folder with notes two levels deep and nothing that begins a project."""
    return write_short_notes(tmp_path.resolve(), "a/b/c/x.md", "a/b/y.md", "a/z.md")


@pytest.mark.parametrize("marker", ["techstock.toml", ".git"])
def test_nearest_marked_folder_upward(top: Path, marker: str) -> None:
    (top / "techstock.toml").touch()
    (top / "a" / "b" / marker).touch()
    assert find_root([], top / "a" / "b" / "c") == top / "a" / "b"
    assert find_root([Path("c/x.md")], top / "a" / "b") == top / "a" / "b"
    assert find_root([], top / "a") == top


def test_git_folder(top: Path) -> None:
    (top / "a" / ".git").mkdir()
    assert find_root([], top / "a" / "b") == top / "a"


def test_several_paths_meet_in_their_deepest_common_folder(top: Path) -> None:
    (top / "a" / "b" / "c" / "techstock.toml").touch()
    (top / "a" / "techstock.toml").touch()
    assert find_root([Path("a/b/c/x.md")], top) == top / "a" / "b" / "c"
    assert find_root([Path("a/b/c/x.md"), Path("a/b/y.md")], top) == top / "a"


def test_unmarked_folder_is_the_root_itself(top: Path) -> None:
    assert find_root([], top / "a" / "b") == top / "a" / "b"
    assert find_root([Path("b/c"), top / "a" / "b" / "y.md"], top / "a") == top / "a" / "b"


@pytest.mark.parametrize(
    ("content", "begins"),
    [
        (TABLE, True),
        ('[tool]\ntechstock = { preset = "strict" }\n', True),
        ("[tool.techstock\n", True),  # broken, and meant for us
        ('[project]\ndependencies = ["techstock"]\n', False),
        ('tool = "techstock"\n', False),
        ('"techstock\n', False),  # broken, and not about us
        ("[tool.other]\n", False),
        ("\ufefftechstock = [\n", False),
    ],
)
def test_pyproject(top: Path, content: str, begins: bool) -> None:
    (top / "techstock.toml").touch()
    (top / "a" / "pyproject.toml").write_text(content, encoding="utf-8")
    assert find_root([], top / "a" / "b") == (top / "a" if begins else top)


def test_pyproject_not_in_utf8_or_too_deep_does_not_crash(top: Path) -> None:
    (top / "techstock.toml").touch()
    (top / "a" / "pyproject.toml").write_bytes(b"\xff# techstock")
    assert find_root([], top / "a") == top
    (top / "a" / "pyproject.toml").write_bytes(b"techstock = " + b"[" * 100_000)
    assert find_root([], top / "a") == top


@posix_only
def test_pyproject_that_is_a_pipe_or_cannot_be_read(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (top / "techstock.toml").touch()
    os.mkfifo(top / "a" / "pyproject.toml")
    assert find_root([], top / "a") == top
    (top / "a" / "pyproject.toml").unlink()
    (top / "a" / "pyproject.toml").write_text(TABLE, encoding="utf-8")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr("os.open", refuse)
    assert find_root([], top / "a") == top


def test_worktree_is_its_own_root(tmp_path: Path) -> None:
    main = make_repository(tmp_path.resolve() / "main", "a.md")
    run_git(main, "worktree", "add", "--quiet", "../other")
    assert (tmp_path / "other" / ".git").is_file()
    assert find_root([Path("other/a.md")], tmp_path) == tmp_path.resolve() / "other"


@posix_only
def test_link_into_a_project_belongs_to_it(tmp_path: Path) -> None:
    project = make_repository(tmp_path.resolve() / "project", "notes/a.md")
    (tmp_path / "link").symlink_to(project / "notes")
    assert find_root([Path("link/a.md")], tmp_path) == project
    assert find_root([], tmp_path / "link") == project


@posix_only
def test_link_out_of_a_project_does_not_move_its_root(tmp_path: Path) -> None:
    project = make_repository(tmp_path.resolve() / "project", "a.md")
    outside = write_short_notes(tmp_path / "outside", "x.md", "techstock.toml")
    (project / "folder").symlink_to(outside)
    (project / "file.md").symlink_to(outside / "x.md")
    assert find_root([Path("a.md"), Path("file.md"), Path("folder/x.md")], project) == project
    assert find_root([Path("file.md")], project) == project
    (project / "deeper").symlink_to(write_short_notes(outside / "inner", "y.md"))
    assert find_root([Path("deeper/y.md")], project) == project


@posix_only
def test_link_in_the_root_is_resolved(tmp_path: Path) -> None:
    project = make_repository(tmp_path.resolve() / "project", "notes/a.md")
    (tmp_path / "link").symlink_to(project)
    assert find_root([tmp_path / "link" / "notes"], tmp_path) == project


@posix_only
def test_parent_of_a_link_is_the_file_system_s(tmp_path: Path) -> None:
    write_short_notes(tmp_path, "real/techstock.toml", "real/inner/a.md", "real/b.md", "b.md")
    (tmp_path / "link").symlink_to(tmp_path / "real" / "inner")
    assert find_root([Path("link/../b.md")], tmp_path) == tmp_path.resolve() / "real"


@bytes_names
def test_folder_typed_in_the_other_unicode_form(tmp_path: Path) -> None:
    write_short_notes(tmp_path, f"{DECOMPOSED}/techstock.toml", f"{DECOMPOSED}/a.md")
    assert find_root([Path(COMPOSED) / "a.md"], tmp_path) == tmp_path.resolve() / DECOMPOSED


@pytest.mark.parametrize("path", ["missing.md", "a/missing/x.md", "a/z.md/x.md"])
def test_missing_path(top: Path, path: str) -> None:
    with pytest.raises(ProjectError, match=f"^`{path}` does not exist$"):
        find_root([Path(path)], top)


def test_nothing_on_disk_is_like_the_path() -> None:
    with pytest.raises(ProjectError, match="does not exist"):
        find_root([Path("x.md")], Path("relative-to-nothing"))


def test_paths_without_a_common_folder(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def drives(_: object) -> str:
        raise ValueError("Paths don't have the same drive")

    monkeypatch.setattr(os.path, "commonpath", drives)
    with pytest.raises(ProjectError, match="--root"):
        find_root([], top)


def test_nested_configurations_are_found_in_and_above_the_folders_of_notes(tmp_path: Path) -> None:
    write_short_notes(tmp_path, "techstock.toml", "a/techstock.toml", "elsewhere/techstock.toml", "a/b/c/x.md", "y.md")
    (tmp_path / "a" / "b" / "pyproject.toml").write_text(TABLE, encoding="utf-8")
    (tmp_path / "a" / "b" / "c" / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    assert find_nested_configurations(tmp_path, ["a/b/c/x.md", "y.md"]) == ("a/b/pyproject.toml", "a/techstock.toml")
    assert find_nested_configurations(tmp_path, ["y.md"]) == ()
