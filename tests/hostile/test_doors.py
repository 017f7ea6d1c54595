"""What a repository puts where techstock reads or writes: deep, endless, a pipe, a link, or the folder of git."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from techstock.commands.session import locate_cache
from techstock.storage import cache_directory
from techstock.storage.protected_files import create_file_below, write_file_below
from techstock.storage.regular_file import OutsideProjectError, read_file_below
from techstock.text.unicode_names import is_git_name
from tests.cli.support import run
from tests.hostile.support import read_everything
from tests.project.disk import posix_only
from tests.support import make_project, make_repository, run_git
from tests.trust.test_hostile_repositories import awaited

NOTE = "- 待避:\n"
DEEP = "tool.techstock = 1 # techstock\n" + "a." * 80_000 + "a = 1\n"
GIT_NAMES = [
    ".git",
    ".GIT",
    ".gIt",
    ".git.",
    ".git ",
    ".git::$INDEX_ALLOCATION",
    "git~1",
    "GIT~2",
    ".g\u200cit",
    "\ufeff.git",
]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "notes", files={"a.md": NOTE, "sub/b.md": "- 復旧: 再び始めること。\n"})


@posix_only
@pytest.mark.parametrize("name", ["pyproject.toml", "sub/pyproject.toml", "techstock.toml"])
@pytest.mark.parametrize("content", ["deep", "sparse", "pipe", "loop", "device"])
def test_a_configuration_that_never_ends(root: Path, name: str, content: str) -> None:
    file = root / name
    if content == "deep":
        file.write_text(DEEP)
    elif content == "sparse":
        with file.open("wb") as stream:
            stream.write(b"[tool.techstock]\n")
            stream.truncate(20 << 30)
    elif content == "pipe":
        os.mkfifo(file)
    else:
        file.symlink_to(name.rpartition("/")[2] if content == "loop" else "/dev/zero")
    for command in (["lint"], ["lint", "sub/b.md"], ["init"]):
        with awaited():
            done = run(*command, cwd=root)
        assert done.returncode in (0, 1, 2)
        assert "defect" not in done.stderr
    if name == "techstock.toml":
        assert done.returncode == 2


@posix_only
@pytest.mark.parametrize("name", [".pre-commit-config.yaml", ".github/workflows/a.yml", ".github/workflows/notes.yml"])
def test_init_waits_for_nothing(root: Path, name: str) -> None:
    (root / ".github" / "workflows").mkdir(parents=True)
    os.mkfifo(root / name)
    with awaited():
        assert run("init", cwd=root).returncode == 0
    (root / name).unlink()
    (root / name).symlink_to("/dev/zero")
    with awaited():
        assert run("init", cwd=root).returncode == 0


@posix_only
@pytest.mark.parametrize("to", ["pipe", "/dev/zero", "/dev/tty"])
def test_a_baseline_that_is_no_file(root: Path, to: str) -> None:
    make_project(root, {"techstock.toml": 'baseline = "known.txt"\n'})
    if to == "pipe":
        os.mkfifo(root / "known.txt")
    else:
        (root / "known.txt").symlink_to(to)
    for command in (["lint"], ["baseline"], ["baseline", "--prune"]):
        with awaited():
            done = run(*command, cwd=root)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    with awaited():
        done = run("lint", "--baseline", "known.txt", cwd=root)
    assert (done.returncode, done.stderr) == (2, "error: the baseline `known.txt` is not a file\n") or to == "/dev/tty"


@posix_only
def test_a_report_to_compare_with_that_never_ends(root: Path) -> None:
    os.mkfifo(root / "old.json")
    with awaited():
        done = run("lint", "--output-format", "markdown", "--compare", "old.json", cwd=root)
    assert (done.returncode, "--compare: `old.json` cannot be read: it is not a regular file" in done.stderr) == (
        2,
        True,
    )
    (root / "old.json").unlink()
    for size, said in ((20 << 30, "has more than"), (1 << 20, "is not a report")):
        with (root / "old.json").open("wb") as file:
            file.write(b"[" * 1_000)
            file.truncate(size)
        done = run("lint", "--output-format", "markdown", "--compare", "old.json", cwd=root)
        assert (done.returncode, f"--compare: `old.json` {said}" in done.stderr) == (2, True)


def test_names_of_git() -> None:
    assert all(map(is_git_name, GIT_NAMES))
    assert not any(map(is_git_name, ["git", ".gitignore", ".github", "a.git", "git~", "git~a", ".gi", "", "日.git"]))


@pytest.mark.parametrize("name", GIT_NAMES)
@pytest.mark.parametrize("path", ["{}/hooks/pre-commit", "sub/{}/x", "{}"])
def test_no_door_leads_into_git(root: Path, name: str, path: str) -> None:
    for write in (write_file_below, create_file_below):
        with pytest.raises(OutsideProjectError, match="folder of git"):
            write(root, path.format(name), b"x")
    with pytest.raises(OutsideProjectError, match="folder of git"):
        read_file_below(root, path.format(name), 10)


@pytest.mark.parametrize("path", ["../x", "/x", "a/../../x", "sub/../x", "./x", "a//x", ""])
def test_no_door_leads_out(root: Path, path: str) -> None:
    for write in (write_file_below, create_file_below):
        with pytest.raises(OSError, match=r"."):
            write(root, path, b"x")
    assert not (root.parent / "x").exists()


@posix_only
def test_a_link_to_the_folder_of_git_is_none_for_the_configuration(root: Path) -> None:
    (root / "techstock.toml").symlink_to(".git/config")
    done = run("lint", cwd=root)
    assert (done.returncode, done.stderr) == (
        2,
        "error: techstock.toml: cannot be read: it lies in the folder of git\n",
    )


def put_git_elsewhere(root: Path) -> None:
    """Make the folder of git one without its usual name, as `git init --separate-git-dir` does."""
    (root / ".git").rename(root / "meta")
    (root / ".git").write_text("gitdir: meta\n")


@pytest.mark.parametrize("place", [".git", ".GIT", "meta"])
def test_no_writer_enters_the_folder_of_git(root: Path, place: str) -> None:
    if place == "meta":
        put_git_elsewhere(root)
        run_git(root, "config", "status.showUntrackedFiles", "no")
    git = root / ("meta" if place == "meta" else ".git")
    before = {path: path.read_bytes() for path in git.rglob("*") if path.is_file()}
    for typed in (
        ["lint", "--output-format", f"json={place}/hooks/pre-commit"],
        ["baseline", "--baseline", f"{place}/hooks/pre-commit"],
        ["baseline", "--config", f"baseline='{place}/hooks/pre-commit'"],
        ["images", "--download", place, "--budget", "0"],
    ):
        done = run(*typed, cwd=root)
        assert (done.returncode, done.stdout) == (2, ""), typed
    run("lint", "--cache-dir", f"{place}/kept", cwd=root)
    after = {path: path.read_bytes() for path in git.rglob("*") if path.is_file()}
    assert after == before


@posix_only
def test_output_that_is_no_file_is_written_directly(root: Path, tmp_path: Path) -> None:
    read, write = os.pipe()
    done = run("lint", "-q", "--output-format", f"json=/dev/fd/{write}", cwd=root)
    os.close(write)
    with os.fdopen(read, "rb") as stream:
        assert stream.read().startswith(b"[")
    assert done.returncode == 1
    os.mkfifo(tmp_path / "pipe")
    with awaited():
        done = run("lint", "-q", "--output-format", f"json={tmp_path / 'pipe'}", cwd=root)
    assert (done.returncode, "cannot be written: nobody reads this pipe" in done.stderr) == (2, True)
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    assert run("lint", "-q", "--output-format", f"json={tmp_path / 'pipe'}", cwd=root).returncode == 1
    assert os.read(reader, 10).startswith(b"[")
    os.close(reader)


@posix_only
def test_standard_output_that_is_a_file_is_not_replaced(root: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("before\n")
    with log.open("a") as stream:
        subprocess.run(
            [sys.executable, "-P", "-m", "techstock", "lint", "-q", "--output-format", "json=/dev/stdout"],
            cwd=root, stdout=stream, check=False,
        )  # fmt: skip
    assert log.read_text().startswith("before\n[")


@posix_only
@pytest.mark.parametrize("to", ["/dev/null", "/dev/stdout", "../mine"])
def test_a_link_in_the_repository_is_no_device_that_a_person_typed(root: Path, to: str) -> None:
    (root / "out.json").symlink_to(to)
    done = run("lint", "--output-format", "json=out.json", cwd=root)
    assert (done.returncode, "a link in the repository leads elsewhere" in done.stderr) == (2, True)


@posix_only
@pytest.mark.parametrize(
    "linked", [".techstock_cache", ".techstock_cache/.gitignore", ".techstock_cache/images-1.json"]
)
def test_no_cache_is_written_through_a_link(root: Path, linked: str) -> None:
    (root / linked).parent.mkdir(exist_ok=True)
    (root / linked).symlink_to(".." if linked == ".techstock_cache" else root.parent / "new")
    make_project(root.parent, {"mine.txt": "mine"})
    before = read_everything(root.parent)
    for command in (["lint"], ["images", "--offline"], ["cache", "clean"]):
        run(*command, cwd=root)
    after = read_everything(root.parent)
    assert {name for name in after if not name.startswith(str(root))} == {
        name for name in before if not name.startswith(str(root))
    }


def test_a_cache_that_the_repository_around_the_root_tracks(root: Path) -> None:
    make_project(root, {"sub/techstock.toml": ""})
    run("lint", "-q", "--cache-dir", "../kept", cwd=root / "sub")
    assert "1 of 1 notes kept" in run("lint", "-v", "--cache-dir", "../kept", cwd=root / "sub").stderr
    run_git(root, "add", "--force", "kept")
    assert "cache not used: git tracks it" in run("lint", "-v", "--cache-dir", "../kept", cwd=root / "sub").stderr


def test_a_cache_between_the_notes(root: Path) -> None:
    run("lint", "-q", "--cache-dir", ".", cwd=root)
    assert "cache not used: git tracks it" in run("lint", "-v", "--cache-dir", ".", cwd=root).stderr


@posix_only
def test_a_cache_of_another_user(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_directory, "_CONTAINER_MARKS", ())
    run("lint", "-q", cwd=root)
    folder = locate_cache(None, root, root)
    assert folder.read("notes.index")
    user = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: user + 1)
    with pytest.raises(PermissionError, match="another user owns it"):
        folder.read("notes.index")
    done = run("lint", "-v", cwd=root)
    assert "0 of 2 notes kept from before, 2 parsed in 1 process, cache not used: another user owns it" in done.stderr
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert folder.is_foreign == (user != 0)
    monkeypatch.setattr(cache_directory, "_CONTAINER_MARKS", ("/",))
    assert not folder.is_foreign  # root in a container has a checkout of somebody else before it


@posix_only
def test_files_of_another_user_in_a_cache(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a folder that many may write to."""
    if os.geteuid() != 0:
        pytest.skip("only root can give files away")
    monkeypatch.setattr(cache_directory, "_CONTAINER_MARKS", ())
    run("lint", "-q", cwd=root)
    assert "2 of 2 notes kept" in run("lint", "-v", cwd=root).stderr
    os.chown(root / ".techstock_cache" / "notes.index", 12345, 12345)
    done = run("lint", "-v", cwd=root)
    assert "0 of 2 notes kept from before" in done.stderr
    assert "cache not read: another user owns it" in done.stderr
    assert "2 of 2 notes kept" in run("lint", "-v", cwd=root).stderr  # what was saved meanwhile is ours


@posix_only
@pytest.mark.parametrize("name", [".gitignore", "sub/.gitignore", "sub/.gitattributes", ".git/info/attributes"])
def test_git_waits_for_no_pipe(root: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("techstock.project.git._PATIENCE", 0.2)
    make_project(root, {"sub/c.png": b"version https://git-lfs.github.com/spec/v1\n", "a.md": "![x](sub/c.png)\n"})
    (root / name).unlink(missing_ok=True)
    os.mkfifo(root / name)
    with awaited():
        done = run("lint", cwd=root)
    assert done.returncode in (0, 1)
    assert "defect" not in done.stderr
