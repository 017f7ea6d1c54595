"""The files beside the notes, as git and the disk have them, in projects of all kinds."""

import os
from pathlib import Path

import pytest

from techstock.load import project_files
from techstock.load.project_files import DiskFiles
from techstock.model.files import FILE, FOLDER, OTHER, SYMLINK
from techstock.project import Git, GitError, Project
from tests.images.pictures import PNG, POINTER, lint_images, list_problems, make_tracked
from tests.project.disk import not_root, posix_only
from tests.support import run_git, write_files

pytestmark = pytest.mark.usefixtures("plain_git")


def test_without_git_the_disk_decides(tmp_path: Path) -> None:
    note = "![](a.png) ![](A.png) ![](../x.png) ![](.hidden/b.png) ![](lfs.png) ![](none.png)\n"
    write_files(tmp_path / "root", {"a.md": note, "a.png": PNG, ".hidden/b.png": PNG, "lfs.png": POINTER})
    assert list_problems(tmp_path / "root") == [
        ("image-case", "`a.png` is written here in another case"),
        ("image-outside", "this path leads out of the project"),
        ("image-lfs", "`lfs.png` is a Git LFS pointer without a rule in `.gitattributes`"),
        ("image-missing", "there is no `none.png`"),
    ]


@posix_only
def test_without_git_links_and_pipes(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.md": "![](link.png) ![](pipe.png)\n", "a.png": PNG})
    (tmp_path / "link.png").symlink_to("a.png")
    os.mkfifo(tmp_path / "pipe.png")
    assert list_problems(tmp_path) == [
        ("image-symlink", "`link.png` is a symbolic link, which GitHub does not follow"),
        ("image-corrupt", "`pipe.png` is not an image but a pipe or a device"),
    ]


@posix_only
def test_a_pipe_in_place_of_a_tracked_file_keeps_nobody_waiting(tmp_path: Path) -> None:
    root = make_tracked(tmp_path, "![](a.png)\n", {"n/a.png": PNG})
    (root / "n/a.png").unlink()
    os.mkfifo(root / "n/a.png")
    assert list_problems(root) == [("image-corrupt", "`n/a.png` is not an image but a pipe or a device")]


@posix_only
def test_a_pipe_that_git_does_not_list(tmp_path: Path) -> None:
    root = make_tracked(tmp_path, "![](pipe.png)\n")
    os.mkfifo(root / "n/pipe.png")
    assert list_problems(root) == [("image-untracked", "`n/pipe.png` is ignored by git")]


@not_root
def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    root = make_tracked(tmp_path, "![](a.png)\n", {"n/a.png": PNG})
    (root / "n/a.png").chmod(0)
    assert list_problems(root) == [
        ("image-unchecked", "`n/a.png` is not checked: it cannot be read: permission denied")
    ]


def test_a_file_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project_files, "_MAX_IMAGE_SIZE", len(PNG) - 1)
    root = make_tracked(tmp_path, "![](a.png)\n", {"n/a.png": PNG})
    assert list_problems(root) == [
        ("image-unchecked", f"`n/a.png` is not checked: it has more than {len(PNG) - 1} bytes")
    ]


def test_a_sparse_checkout(tmp_path: Path) -> None:
    root = make_tracked(tmp_path, "![](../img/a.png) ![](../img/none.png)\n", {"img/a.png": PNG})
    run_git(root, "commit", "--quiet", "-m", "first")
    run_git(root, "sparse-checkout", "set", "--no-cone", "/n/")
    assert not (root / "img").exists()
    assert list_problems(root) == [
        ("image-unchecked", "`img/a.png` is left out of this sparse checkout"),
        ("image-missing", "there is no `img/none.png`"),
    ]


def test_a_project_that_the_repository_around_it_ignores(tmp_path: Path) -> None:
    root = make_tracked(tmp_path, "text\n", {".gitignore": "own/\n"})
    write_files(root / "own", {"a.md": "![](a.png) ![](b.png)\n", "a.png": PNG})
    assert list_problems(root / "own") == [("image-missing", "there is no `b.png`")]


def test_git_that_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_tracked(tmp_path, "![](a.png) ![](b.png)\n", {"n/a.png": PNG})
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    assert list_problems(root) == [("image-missing", "there is no `n/b.png`")]


def test_git_that_refuses_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> dict[bytes, bytes]:
        raise GitError("gone")

    root = make_tracked(tmp_path, "![](a.png)\n", {"n/a.png": POINTER, ".gitattributes": "*.png filter=lfs\n"})
    assert list_problems(root) == []
    monkeypatch.setattr(Git, "read_filter_attributes", refuse)
    assert [rule for rule, _ in list_problems(root)] == ["image-lfs"]


def test_a_merge_in_conflict(tmp_path: Path) -> None:
    root = make_tracked(tmp_path, "![](a.png)\n", {"n/a.png": PNG})
    run_git(root, "commit", "--quiet", "-m", "first")
    for branch in ("one", "two"):
        run_git(root, "checkout", "--quiet", "-B", branch, "main")
        write_files(root, {"n/a.png": PNG + branch.encode()})
        run_git(root, "commit", "--quiet", "-a", "-m", branch)
    with pytest.raises(Exception, match="merge"):
        run_git(root, "merge", "one")
    assert list_problems(root) == []


def test_what_the_disk_spells(tmp_path: Path) -> None:
    root = write_files(tmp_path, {"a/b.png": PNG, ".git/config": ""})
    files = DiskFiles(Project(root.resolve()))
    asked = ("a", "a/b.png", "A", "a/b.png/c", "a/none", "none/x", ".git", ".git/config", "a\0", "x" * 5000)
    assert [files.get_disk_kind(path) for path in asked] == [FOLDER, FILE, *[""] * 8]
    assert {FILE, FOLDER, SYMLINK, OTHER} == {"file", "folder", "link", "other"}


@posix_only
def test_where_links_lead(tmp_path: Path) -> None:
    links = {"a": "b.png", "d/up": "../b.png", "d/out": "../../b.png", "abs": "/etc/passwd", "d/here": "."}
    (tmp_path / "d").mkdir()
    for name, target in links.items():
        (tmp_path / name).symlink_to(target)
    files = DiskFiles(Project(tmp_path.resolve()))
    assert [files.resolve_symlink(name) for name in links] == ["b.png", "b.png", None, None, "d"]
    assert files.resolve_symlink("none") == ""


def test_one_process_of_git_unless_the_root_is_a_folder_of_the_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    real = Git._run_process

    def count(self: Git, arguments: list[str], text: bytes = b"") -> tuple[bytes, str]:
        asked.append(arguments[0])
        return real(self, arguments, text)

    monkeypatch.setattr(Git, "_run_process", count)
    root = make_tracked(tmp_path, "![](a.png)\n", {"n/a.png": PNG, "m/a.md": "text\n"})
    assert list_problems(root) == []
    assert asked == ["ls-files"]
    asked.clear()
    assert list_problems(root / "n") == []
    assert asked == ["ls-files", "ls-files"]
    asked.clear()
    assert list_problems(root / "m") == []
    assert asked == ["ls-files"]


def test_unused(tmp_path: Path) -> None:
    note = "![](a.png) [x](b.png) c%20d.png\n"
    content = {f"n/{name}.png": PNG for name in ("a", "b", "c d", "e", "f")}
    root = make_tracked(tmp_path, note, {**content, "n/readme.txt": "", "other/g.png": PNG, "n/notes.md": "f.png\n"})
    write_files(root, {"n/new.png": PNG})
    assert [message for _, message in list_problems(root, "image-unused")] == ["no note uses this image"] * 2
    assert list_problems(root / "n", "image-unused") == [("image-unused", "no note uses this image")]


@posix_only
def test_where_there_is_nothing_to_read(tmp_path: Path) -> None:
    """Between the listing and the look a file may go, or a folder become a link."""
    write_files(tmp_path, {"a.png": PNG, "d/b.png": PNG})
    (tmp_path / "link").symlink_to("d")
    files = DiskFiles(Project(tmp_path.resolve()))
    found = files.inspect_contents(["none.png", "link/b.png", "a.png"])
    assert [(content.fault, content.detail) for content in found.values()] == [
        ("", ""),
        ("unchecked", "it is no longer there"),
        ("unchecked", "it is no longer there"),
    ]


def test_a_deleted_file_with_a_japanese_name(tmp_path: Path) -> None:
    root = make_tracked(tmp_path, "![](図/図.png) ![](図.png)\n", {"n/図/図.png": PNG, "n/図.png": PNG})
    for name in ("n/図/図.png", "n/図.png"):
        (root / name).unlink()
    (root / "n/図").rmdir()
    assert [rule for rule, _ in list_problems(root)] == ["image-missing"] * 2


def test_a_name_that_the_disk_lists_in_another_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on an old Mac: git says one form, the folder lists another, and opening the first works."""
    root = make_tracked(tmp_path, "![](が.png)\n", {"n/が.png": PNG})
    real = project_files._decode_name

    def listed(name: bytes) -> str:
        return real(name).replace("が", "か\u3099")

    project = DiskFiles(Project(root.resolve()))
    assert "n/が.png" in project.names
    monkeypatch.setattr(project_files, "_decode_name", listed)
    assert project.get_disk_kind("n/が.png") == FILE
    assert project.get_disk_kind("n/none/が.png") == ""


@pytest.mark.parametrize(
    ("name", "data", "found"),
    [
        ("a.psd", b"8BPS\x00\x01\xff\xfe", "`n/a.psd` is not checked: `.psd` is a format that techstock does not know"),
        ("a", b"\xff\xfe\x00\x01", "`n/a` is not an image"),
        ("a.svg", PNG, "`n/a.svg` is a PNG, not an SVG"),
        ("a.gif", b"<svg></svg>", "`n/a.gif` is an SVG, not a GIF"),
        ("a.heic", b"\0\0\0\x18ftypheic\0\0\0\0", "`n/a.heic` is not checked: there is no decoder for HEIC"),
    ],
)
def test_formats(tmp_path: Path, name: str, data: bytes, found: str) -> None:
    root = make_tracked(tmp_path, f"![]({name})\n", {f"n/{name}": data})
    assert [message for _, message in list_problems(root)] == [found]


def test_a_target_that_is_written_with_entities_is_not_mended(tmp_path: Path) -> None:
    root = make_tracked(tmp_path, '<img src="A&amp;b.png"> <img src="C.png">\n', {"n/a&b.png": PNG, "n/c.png": PNG})
    assert [found.problem.fix is None for found in lint_images(root)] == [True, False]
