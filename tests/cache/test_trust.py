"""Whose cache is used: one that this user's runs have written, and nothing that came with the notes."""

import shutil
from pathlib import Path

import pytest

from tests.cache.support import get_cache_report
from tests.cli.support import run
from tests.project.disk import posix_only
from tests.support import list_names, make_project, make_repository, run_git

NOTE = "# 題\n\n- 用語:\n"


def poisoned(folder: Path) -> Path:
    """A repository that brings a cache along: a real one, of a run for which the rule on its problem said nothing."""
    make_repository(folder)
    make_project(folder, {"a.md": NOTE, "techstock.toml": ""})
    run("lint", "-q", cwd=folder)
    assert list_names(folder / ".techstock_cache")
    run_git(folder, "add", "--all", "--force")
    run_git(folder, "commit", "--quiet", "-m", "more")
    return folder


@pytest.mark.parametrize("name", [".techstock_cache", ".Techstock_Cache"])
def test_git_tracks_it(tmp_path: Path, name: str) -> None:
    root = poisoned(tmp_path / "theirs")
    if name != ".techstock_cache":
        run_git(root, "mv", ".techstock_cache", name)
    before = {path: path.read_bytes() for path in (root / name).iterdir()}
    done = run("lint", "-v", cwd=root)
    assert (
        get_cache_report(done) == "0 of 1 notes kept from before, 1 parsed in 1 process, cache not used: git tracks it"
    )
    assert done.returncode == 1
    assert {path: path.read_bytes() for path in (root / name).iterdir()} == before


def test_git_cannot_tell(tmp_path: Path) -> None:
    root = poisoned(tmp_path / "theirs")
    (root / ".git" / "index").write_bytes(b"broken")
    done = run("lint", "-v", cwd=root)
    assert "cache not used: git cannot tell whether the repository brought it along" in get_cache_report(done)


@posix_only
def test_a_link(tmp_path: Path) -> None:
    root = make_project(tmp_path / "notes", {"a.md": NOTE, "techstock.toml": ""})
    (tmp_path / "elsewhere").mkdir()
    (root / ".techstock_cache").symlink_to(tmp_path / "elsewhere")
    assert get_cache_report(run("lint", "-v", cwd=root)).endswith("cache not used: a symbolic link")
    assert list_names(tmp_path / "elsewhere") == []
    done = run("cache", "clean", cwd=root)
    assert (done.returncode, "is a symbolic link" in done.stderr) == (2, True)


@posix_only
@pytest.mark.parametrize("name", ["notes.index", ".gitignore", "CACHEDIR.TAG"])
def test_a_link_in_it(tmp_path: Path, name: str) -> None:
    root = make_project(tmp_path / "notes", {"a.md": NOTE, "techstock.toml": ""})
    fresh = run("lint", "--no-cache", cwd=root)
    victim = tmp_path / "victim"
    victim.write_text("mine")
    (root / ".techstock_cache").mkdir()
    (root / ".techstock_cache" / name).symlink_to(victim)
    for _ in range(2):
        assert run("lint", cwd=root).stdout == fresh.stdout
    assert victim.read_text() == "mine"


def test_git_does_not_see_ours(tmp_path: Path) -> None:
    root = make_repository(tmp_path, "a.md")
    run("lint", cwd=root)
    assert list_names(root / ".techstock_cache")
    assert run_git(root, "status", "--porcelain") == ""


def test_cache_command(tmp_path: Path) -> None:
    root = make_project(tmp_path, {"a.md": NOTE, "techstock.toml": "", "sub/b.md": NOTE})
    place = root / ".techstock_cache"
    assert run("cache", cwd=root).stdout == f"{place}: empty\n"
    run("lint", cwd=root)
    size = sum(path.stat().st_size for path in place.iterdir())
    assert run("cache", cwd=root / "sub").stdout == f"{place}: {size:,} bytes\n"
    (place / "mine.txt").write_text("x")
    assert (
        run("cache", "clean", "--root", str(root), cwd=tmp_path.parent).stdout == f"{place}: {size:,} bytes, deleted\n"
    )
    assert list_names(place) == ["mine.txt"]
    shutil.rmtree(place)
    run("lint", cwd=root)
    assert run("cache", "clean", cwd=root).returncode == 0
    assert not place.exists()


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["wipe"], "`techstock cache` takes `clean` or nothing, not `wipe`"),
        (["--root", "nowhere"], "--root: there is no folder `nowhere`"),
        (["--size"], "there is no option `--size`"),
    ],
)
def test_cache_command_used_wrongly(tmp_path: Path, arguments: list[str], error: str) -> None:
    done = run("cache", *arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"error: {error}\n")
