"""What the paths of a command line name."""

import os
from pathlib import Path

import pytest

from techstock.project import Discovery, Project, ProjectError, ReportScope, discover_notes, resolve_scope
from tests.project.disk import COMPOSED, DECOMPOSED, bytes_names, posix_only
from tests.support import make_repository, write_short_notes

NAMES = ("a.md", "sub/b.md", "sub/deep/c.md", "sub-other/d.md", "sub0.md")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_repository(tmp_path.resolve() / "root", *NAMES)


def scoped(root: Path, *paths: str, cwd: Path | None = None, exclude: tuple[str, ...] = ()) -> ReportScope:
    project = Project(root)
    return resolve_scope(project, [Path(path) for path in paths], discover_notes(project, (), exclude), cwd or root)


def test_no_path_is_the_project(root: Path) -> None:
    assert scoped(root) == ReportScope(None, ())


@pytest.mark.parametrize("path", [".", "sub/..", "..", "sub/../sub/.."])
def test_folder_that_holds_the_root_is_the_project(root: Path, path: str) -> None:
    assert scoped(root, path) == ReportScope(None, ())
    assert scoped(root, "a.md", path, "sub").paths is None


def test_files_and_folders(root: Path) -> None:
    assert scoped(root, "a.md") == ReportScope(frozenset({"a.md"}))
    assert scoped(root, "sub") == ReportScope(frozenset({"sub/b.md", "sub/deep/c.md"}))
    assert scoped(root, str(root / "sub" / "deep"), "a.md", "a.md") == ReportScope(frozenset({"a.md", "sub/deep/c.md"}))


def test_paths_are_relative_to_the_working_directory(root: Path) -> None:
    assert scoped(root, "b.md", "../a.md", "./deep", cwd=root / "sub").paths == frozenset(
        {"a.md", "sub/b.md", "sub/deep/c.md"}
    )
    assert scoped(root, ".", cwd=root / "sub").paths == frozenset({"sub/b.md", "sub/deep/c.md"})


def test_missing_path_is_an_error(root: Path) -> None:
    for path in ("missing.md", "sub/missing/x.md", "a.md/x.md"):
        with pytest.raises(ProjectError, match=f"^`{path}` does not exist$"):
            scoped(root, "a.md", path)


def test_what_is_no_note_of_the_project_is_said(root: Path, tmp_path: Path) -> None:
    write_short_notes(root, "p.png", "ignored.md", "empty/q.png", "sub/draft.md")
    write_short_notes(tmp_path, "outside.md", "root-other/x.md")
    (root / ".gitignore").write_text("ignored.md\n", encoding="utf-8")
    named = ("p.png", "ignored.md", "empty", "sub/draft.md", "../outside.md", "../root-other", "a.md")
    result = scoped(root, *named, exclude=("draft.md",))
    assert result.paths == frozenset({"a.md"})
    assert result.notices == (
        "`p.png` is not checked: it is not a Markdown file",
        "`ignored.md` is not checked: it is excluded, hidden, ignored by git, or not tracked",
        "`empty` is not checked: no note of the project is in it",
        "`sub/draft.md` is not checked: it is excluded, hidden, ignored by git, or not tracked",
        f"`../outside.md` is not checked: it is outside the root `{root}`".replace("/", os.sep),
        f"`../root-other` is not checked: it is outside the root `{root}`".replace("/", os.sep),
    )


@posix_only
def test_links(root: Path, tmp_path: Path) -> None:
    (root / "link.md").symlink_to("sub/b.md")
    (root / "folder").symlink_to("sub")
    (root / "broken.md").symlink_to("missing")
    (root / "loop.md").symlink_to("loop.md")
    (root / "out").symlink_to(write_short_notes(tmp_path / "outside", "x.md"))
    (tmp_path / "alias").symlink_to(root)
    assert scoped(root, "link.md").paths == frozenset({"sub/b.md"})
    assert scoped(root, "folder").paths == frozenset({"sub/b.md", "sub/deep/c.md"})
    assert scoped(root, "folder/b.md").paths == frozenset({"sub/b.md"})
    assert scoped(root, "folder/../a.md").paths == frozenset({"a.md"})
    assert scoped(root, str(tmp_path / "alias" / "a.md")).paths == frozenset({"a.md"})
    assert scoped(root, str(tmp_path / "alias")).paths is None
    for path in ("broken.md", "loop.md", "out", "out/x.md"):
        result = scoped(root, path)
        assert result.paths == frozenset()
        assert len(result.notices) == 1


@bytes_names
@pytest.mark.parametrize(("disk", "typed"), [(COMPOSED, DECOMPOSED), (DECOMPOSED, COMPOSED)])
def test_both_unicode_forms_name_a_note(tmp_path: Path, disk: str, typed: str) -> None:
    root = make_repository(tmp_path.resolve(), f"{disk}/{disk}.md", f"{disk}/x.md", "y.md")
    assert scoped(root, f"{typed}/{typed}.md").paths == frozenset({f"{disk}/{disk}.md"})
    assert scoped(root, f"{typed}/x.md").paths == frozenset({f"{disk}/x.md"})
    assert scoped(root, typed).paths == frozenset({f"{disk}/{disk}.md", f"{disk}/x.md"})
    with pytest.raises(ProjectError):
        scoped(root, f"{typed}/{typed}x.md")


@bytes_names
def test_exact_name_wins_over_the_other_form(tmp_path: Path) -> None:
    root = make_repository(tmp_path.resolve(), f"{COMPOSED}.md", f"{DECOMPOSED}.md")
    assert scoped(root, f"{COMPOSED}.md").paths == frozenset({f"{COMPOSED}.md"})
    assert scoped(root, f"{DECOMPOSED}.md").paths == frozenset({f"{DECOMPOSED}.md"})


@posix_only
def test_other_spelling_on_a_file_system_that_ignores_case(tmp_path: Path) -> None:
    """Hard and symbolic links stand in for such a file system: another name leads to the same file."""
    root = write_short_notes(tmp_path.resolve(), "Notes/A.md", "Notes/b.md", "notes2/x.md")
    (root / "notes").mkdir()
    os.link(root / "Notes" / "A.md", root / "notes" / "a.md")
    os.link(root / "Notes" / "A.md", root / "NOTES.md")
    found = Discovery(("Notes/A.md", "Notes/b.md", "gone.md", "notes2/x.md"))
    write_short_notes(root, "GONE.md", "notes/b.md")
    project = Project(root)
    assert resolve_scope(project, [Path("notes/a.md")], found, root).paths == frozenset({"Notes/A.md"})
    assert resolve_scope(project, [Path("notes/b.md")], found, root).paths == frozenset()  # another file
    assert resolve_scope(project, [Path("GONE.md")], found, root).paths == frozenset()  # the other is not there
    assert resolve_scope(project, [Path("NOTES.md")], found, root).paths == frozenset()


def test_folder_of_another_spelling(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os.path, "samefile", lambda one, other: Path(one).name.lower() == Path(other).name.lower())
    write_short_notes(root, "SUB/x.png")
    assert scoped(root, "SUB").paths == frozenset({"sub/b.md", "sub/deep/c.md"})


@bytes_names
def test_name_that_is_not_utf8(root: Path) -> None:
    name = os.fsdecode(b"caf\xe9.md")
    (root / name).touch()
    result = scoped(root, name)
    assert result.paths == frozenset()
    assert result.notices == (r"`caf\udce9.md` is not checked: it is excluded, hidden, ignored by git, or not tracked",)
    with pytest.raises(ProjectError, match="does not exist") as error:
        scoped(root, f"x{name}")
    assert str(error.value).encode()


def test_many_paths_look_at_the_disk_once_per_folder(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    realpath = os.path.realpath

    def count(path: str) -> str:
        calls.append(path)
        return realpath(path)

    project = Project(root)
    found = discover_notes(project)
    monkeypatch.setattr(os.path, "realpath", count)
    assert resolve_scope(project, [Path(name) for name in NAMES], found, root).paths == frozenset(NAMES)
    assert len(calls) == len({Path(name).parent for name in NAMES})


def test_root_of_the_file_system(root: Path) -> None:
    top = Path(root.anchor)
    note = (root / "a.md").relative_to(top).as_posix()
    result = resolve_scope(Project(top), [root / "a.md"], Discovery((note,)), root)
    assert result == ReportScope(frozenset({note}))
