"""Which files are notes: with git, without it, and where git refuses."""

import os
import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from techstock.project import Project, ProjectError, discover_notes
from tests.project.disk import COMPOSED, DECOMPOSED, bytes_names, not_root, posix_only, run_discovery
from tests.support import make_repository, run_git, write_short_notes


def test_git_decides_what_is_a_note(tmp_path: Path) -> None:
    root = make_repository(tmp_path, "tracked.md", "sub/b.markdown", "README.MD", ".github/pr.md", "picture.png", "md")
    write_short_notes(root, "untracked.md", "ignored.md", "node_modules/x/readme.md", "forced.md")
    (root / ".gitignore").write_text("ignored.md\nnode_modules/\nforced.md\n", encoding="utf-8")
    run_git(root, "add", "--force", "forced.md")
    result = run_discovery(root)
    assert result.paths == (
        ".github/pr.md",
        "README.MD",
        "forced.md",
        "sub/b.markdown",
        "tracked.md",
        "untracked.md",
    )
    assert result.notices == ()


def test_tracked_is_what_the_index_holds(tmp_path: Path) -> None:
    root = make_repository(tmp_path, "tracked.md")
    write_short_notes(root, "staged.md", "untracked.md")
    run_git(root, "add", "staged.md")
    assert run_discovery(root, tracked=True).paths == ("staged.md", "tracked.md")


def test_note_deleted_from_disk_is_none(tmp_path: Path) -> None:
    root = make_repository(tmp_path, "a.md", "gone.md", "folder/gone.md")
    (root / "gone.md").unlink()
    (root / "folder" / "gone.md").unlink()
    (root / "folder").rmdir()
    write_short_notes(root, "folder")  # a file now stands where the folder was
    assert run_discovery(root).paths == ("a.md",)


def test_note_in_conflict_is_listed_once(tmp_path: Path) -> None:
    root = make_repository(tmp_path, "a.md")
    run_git(root, "checkout", "--quiet", "-b", "other")
    (root / "a.md").write_text("- 一方\n", encoding="utf-8")
    run_git(root, "commit", "--quiet", "-am", "one")
    run_git(root, "checkout", "--quiet", "main")
    (root / "a.md").write_text("- 他方\n", encoding="utf-8")
    run_git(root, "commit", "--quiet", "-am", "two")
    with pytest.raises(Exception, match="merge"):
        run_git(root, "merge", "other")
    assert run_git(root, "ls-files", "--unmerged")
    assert run_discovery(root).paths == ("a.md",)


def test_sparse_checkout_has_only_what_is_on_disk(tmp_path: Path) -> None:
    root = make_repository(tmp_path, "in/a.md", "out/b.md", "c.md")
    run_git(root, "sparse-checkout", "set", "in")
    assert not (root / "out").exists()
    assert run_discovery(root).paths == ("c.md", "in/a.md")


def test_contents_of_a_submodule_belong_to_another_project(tmp_path: Path) -> None:
    other = make_repository(tmp_path / "other", "theirs.md")
    root = make_repository(tmp_path / "main", "ours.md")
    run_git(root, "submodule", "--quiet", "add", str(other), "sub.md")  # even under such a name
    make_repository(root / "nested", "inner.md")
    assert (root / "sub.md" / "theirs.md").exists()
    assert run_discovery(root) == run_discovery(root)
    assert run_discovery(root).paths == ("ours.md",)
    assert run_discovery(root / "sub.md").paths == ("theirs.md",)


def test_worktree(tmp_path: Path) -> None:
    main = make_repository(tmp_path / "main", "a.md")
    run_git(main, "worktree", "add", "--quiet", "../other")
    write_short_notes(tmp_path / "other", "b.md")
    assert run_discovery(tmp_path / "other").paths == ("a.md", "b.md")


def test_root_below_the_top_of_the_repository(tmp_path: Path) -> None:
    root = make_repository(tmp_path, "a.md", "notes/b.md")
    assert run_discovery(root / "notes").paths == ("b.md",)
    write_short_notes(root, "notes/c.md")
    assert run_discovery(root / "notes").paths == ("b.md", "c.md")


def test_root_that_the_repository_around_it_ignores(tmp_path: Path) -> None:
    root = make_repository(tmp_path, "a.md")
    (root / ".gitignore").write_text("*\n", encoding="utf-8")
    write_short_notes(root, "notes/b.md")
    assert run_discovery(root / "notes").paths == ("b.md",)
    assert run_discovery(root).paths == ("a.md",)
    assert run_discovery(root / "notes", tracked=True).paths == ()


@posix_only
def test_names_of_every_kind(tmp_path: Path) -> None:
    names = ["a b.md", 'q"uote.md', "line\nbreak.md", "back\\slash.md", "日本語 メモ.md", "？x.md", "-rf.md", "*.md"]
    root = make_repository(tmp_path, *names, "tab\tname.md")
    assert run_discovery(root).paths == tuple(sorted([*names, "tab\tname.md"]))


def test_order_is_that_of_code_points(tmp_path: Path) -> None:
    root = write_short_notes(tmp_path, "b.md", "a/z.md", "a.md", "B.md2.md", "é.md", "a-b.md", "𠮷.md", "ｚ.md")
    expected = ("B.md2.md", "a-b.md", "a.md", "a/z.md", "b.md", "é.md", "ｚ.md", "𠮷.md")
    assert run_discovery(root).paths == expected
    run_git(root, "init", "--quiet")
    assert run_discovery(root).paths == expected


@bytes_names
def test_names_stay_as_the_disk_spells_them(tmp_path: Path) -> None:
    root = make_repository(tmp_path, f"{DECOMPOSED}.md", f"{COMPOSED}/a.md")
    assert set(run_discovery(root).paths) == {f"{DECOMPOSED}.md", f"{COMPOSED}/a.md"}


@bytes_names
@pytest.mark.parametrize("with_git", [True, False])
def test_name_that_is_not_utf8_is_said(tmp_path: Path, with_git: bool) -> None:
    write_short_notes(tmp_path, "a.md")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.md")).touch()
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\x83m.md")).touch()
    if with_git:
        run_git(tmp_path, "init", "--quiet")
    result = run_discovery(tmp_path)
    assert result.paths == ("a.md",)
    assert result.notices == (r"`caf\xe9.md` (and 1 more) is not checked: not named in UTF-8",)


@posix_only
@pytest.mark.parametrize("with_git", [True, False])
def test_links_are_not_notes(tmp_path: Path, with_git: bool) -> None:
    outside = write_short_notes(tmp_path / "outside", "secret.md")
    root = write_short_notes(tmp_path / "root", "a.md", "folder/b.md", "text")
    (root / "same.md").symlink_to("a.md")
    (root / "out.md").symlink_to(outside / "secret.md")
    (root / "nowhere.md").symlink_to("missing")
    (root / "text.md").symlink_to("text")
    (root / "up.md").symlink_to("..")
    (root / "outside").symlink_to(outside)
    (root / "again").symlink_to("folder")
    if with_git:
        make_repository(root)
    result = run_discovery(root)
    assert result.paths == ("a.md", "folder/b.md")
    why = "a symbolic link to something that is no note of this project"
    assert result.notices == (f"`nowhere.md` (and 3 more) is not checked: {why}",)


@posix_only
def test_folder_that_became_a_link_is_not_followed(tmp_path: Path) -> None:
    outside = write_short_notes(tmp_path / "outside", "deep/a.md", "deep/b.md")
    root = make_repository(tmp_path / "root", "folder/deep/a.md", "folder/deep/b.md", "c.md")
    (root / "folder").rename(root / "gone")
    (root / "folder").symlink_to(outside)
    result = run_discovery(root, tracked=True)
    assert result.paths == ("c.md",)
    assert result.notices[0].startswith("`folder/deep/a.md` (and 1 more) is not checked")


@posix_only
@pytest.mark.parametrize("with_git", [True, False])
def test_pipes_and_sockets_are_not_notes(tmp_path: Path, with_git: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write_short_notes(tmp_path, "a.md", "b.md")
    if with_git:
        make_repository(root)
    (root / "b.md").unlink()
    os.mkfifo(root / "b.md")  # in git's index as a file
    os.mkfifo(root / "pipe.md")
    monkeypatch.chdir(root)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.md")
        assert run_discovery(root).paths == ("a.md",)


def test_what_cannot_be_looked_at_is_left_to_the_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_repository(tmp_path, "a.md")

    def refuse(_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "lstat", refuse)
    project = Project(root)
    assert discover_notes(project).paths == ("a.md",)


def test_without_git(tmp_path: Path) -> None:
    write_short_notes(
        tmp_path, "a.md", "sub/B.Markdown", ".hidden.md", ".obsidian/x.md", "sub/.trash/y.md", ".techstock_cache/z.md"
    )
    write_short_notes(tmp_path, "x.png", "clone/inner.md", "module/inner.md", "module/.git")
    (tmp_path / "clone" / ".git").mkdir()
    result = run_discovery(tmp_path)
    assert result.paths == (".hidden.md", "a.md", "sub/B.Markdown")
    assert result.notices == ()


def test_folder_that_cannot_be_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_short_notes(tmp_path, "a.md", "closed/b.md")
    scandir = os.scandir

    def refuse(path: bytes) -> "os._ScandirIterator[bytes]":
        if b"closed" in path:
            raise PermissionError
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    result = run_discovery(tmp_path)
    assert result.paths == ("a.md",)
    assert result.notices == ("`closed` is not checked: a folder that cannot be read",)
    monkeypatch.setattr(os, "scandir", lambda _: refuse(b"closed"))
    assert run_discovery(tmp_path).notices == ("`.` is not checked: a folder that cannot be read",)


@not_root
def test_folder_that_git_cannot_read_is_said(tmp_path: Path) -> None:
    root = make_repository(tmp_path, "a.md")
    write_short_notes(root, "closed/b.md")
    (root / "closed").chmod(0)
    try:
        result = run_discovery(root)
    finally:
        (root / "closed").chmod(0o700)
    assert result.paths == ("a.md",)
    assert "closed" in result.notices[0]


@pytest.fixture
def nested(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], str]]:
    """Makes a note that many folders deep and gives its path; no system call takes so long a path when they go."""
    depth = 0
    monkeypatch.chdir(tmp_path)

    def make(folders: int) -> str:
        nonlocal depth
        for _ in range(folders):
            Path("d").mkdir()
            os.chdir("d")
            depth += 1
        Path("a.md").touch()
        os.chdir(tmp_path)
        return "d/" * folders + "a.md"

    yield make
    os.chdir(tmp_path)
    for _ in range(depth):
        os.chdir("d")
    Path("a.md").unlink()
    for _ in range(depth):
        os.chdir("..")
        Path("d").rmdir()


@posix_only
def test_folders_deeper_than_python_calls(tmp_path: Path, nested: Callable[[int], str]) -> None:
    deep = nested(1200)
    assert run_discovery(tmp_path).paths == (deep,)


@posix_only
def test_deep_folders_in_git(tmp_path: Path, nested: Callable[[int], str]) -> None:
    deep = nested(150)  # git keeps every folder above open: a user may open 256 files on some systems
    run_git(tmp_path, "init", "--quiet")
    assert run_discovery(tmp_path).paths == (deep,)


def test_globs_as_in_gitignore(tmp_path: Path) -> None:
    root = make_repository(tmp_path, "a.md", "drafts/b.md", "drafts/keep.md", "x/drafts/c.md", "x/d.md", "x/p.png")
    everything = run_discovery(root).paths
    assert run_discovery(root, exclude=("drafts/",)).paths == ("a.md", "x/d.md")
    assert run_discovery(root, exclude=("/drafts/*", "!keep.md")).paths == (
        "a.md",
        "drafts/keep.md",
        "x/d.md",
        "x/drafts/c.md",
    )
    assert run_discovery(root, include=("x/",)).paths == ("x/d.md", "x/drafts/c.md")
    assert run_discovery(root, include=("x/",), exclude=("c.md",)).paths == ("x/d.md",)
    assert run_discovery(root, include=("**",)).paths == everything
    assert run_discovery(root, include=("**", "!x/**"), exclude=("a.md",)).paths == ("drafts/b.md", "drafts/keep.md")


def test_include_may_spell_out_another_suffix(tmp_path: Path) -> None:
    root = make_repository(tmp_path, "a.md", "b.mdx", "c.txt", "notes/d.MDX")
    assert run_discovery(root, include=("*.mdx", "*.MDX")).paths == ("b.mdx", "notes/d.MDX")
    assert run_discovery(root, include=("*.md", "c.*", "!*.txt")).paths == ("a.md",)


@bytes_names
def test_globs_match_both_unicode_forms(tmp_path: Path) -> None:
    root = make_repository(tmp_path, f"{DECOMPOSED}/a.md", f"{COMPOSED}/b.md", "c.md")
    assert run_discovery(root, exclude=(COMPOSED,)).paths == ("c.md",)
    assert len(run_discovery(root, include=(f"{DECOMPOSED}/",)).paths) == 2


@pytest.mark.parametrize("glob", ["", " ", "!", "# x", "a[", "[z-a]", "a\\", "/"])
@pytest.mark.parametrize("key", ["include", "exclude"])
def test_glob_that_can_never_match(tmp_path: Path, glob: str, key: str) -> None:
    with pytest.raises(ProjectError, match=re.escape(f"`{glob}` in `{key}` is not a valid glob")):
        discover_notes(Project(tmp_path), **{key: ["*.md", glob]})  # type: ignore[arg-type]


def test_odd_sets_of_characters_raise_no_warning(tmp_path: Path) -> None:
    assert run_discovery(write_short_notes(tmp_path, "a.md", "f.md"), exclude=("[[:f]*.md",)).paths == ("a.md",)
