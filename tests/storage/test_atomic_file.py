"""Drafts: a name only when whole, and nobody's file is removed but what a dead run left."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from techstock.commands.output_files import write_file
from techstock.fix.write import WriteError, remove_stale_files, write_changes
from techstock.storage import atomic_file
from tests.project.disk import posix_only
from tests.support import list_names

LEFT = ".techstock-0123456789abcdef"


@pytest.fixture(params=["nameless", "named"])
def either(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "named":
        monkeypatch.setattr(atomic_file, "_TMPFILE_FLAG", 0)
    return str(request.param)


def test_it_has_no_name_but_the_last_one(tmp_path: Path, either: str) -> None:
    with atomic_file.open_atomic_file(str(tmp_path), 0o640) as made:
        made.write(b"first")
        made.clear_content()
        assert os.fstat(made.file).st_size == 0
        assert os.fstat(made.file).st_mode & 0o777 == 0o640
        made.write(b"new")
        assert len(list_names(tmp_path)) == (either == "named" or not atomic_file._TMPFILE_FLAG)
        made.rename_to(str(tmp_path / "a"))
        assert list_names(tmp_path) == ["a"]
    assert (tmp_path / "a").read_bytes() == b"new"
    assert list_names(tmp_path) == ["a"]


def test_what_is_not_placed_is_gone(tmp_path: Path, either: str) -> None:
    with atomic_file.open_atomic_file(str(tmp_path)) as made:
        made.write(b"new")
    assert list_names(tmp_path) == []


def test_a_file_of_its_name_is_somebody_elses(tmp_path: Path, either: str, monkeypatch: pytest.MonkeyPatch) -> None:
    removed: list[str] = []
    (tmp_path / LEFT).write_bytes(b"mine")
    monkeypatch.setattr(os, "urandom", lambda _size: bytes.fromhex(LEFT[-16:]))
    with monkeypatch.context() as patch:
        patch.setattr(os, "unlink", lambda name, **_: removed.append(name))
        with pytest.raises(FileExistsError), atomic_file.open_atomic_file(str(tmp_path)) as made:
            made.rename_to(str(tmp_path / "a"))
    assert removed == []
    assert (tmp_path / LEFT).read_bytes() == b"mine"
    assert list_names(tmp_path) == [LEFT]


@posix_only
def test_it_is_made_where_it_will_stand(tmp_path: Path, either: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not where the run is: that may be another file system, or read-only."""
    (tmp_path / "notes" / "sub").mkdir(parents=True)
    (tmp_path / "run").mkdir()
    monkeypatch.chdir(tmp_path / "run")
    folder = os.open(tmp_path / "notes", os.O_RDONLY)
    made_at: list[str] = []
    link = os.link

    def linked(source: str, name: str, **named: Any) -> None:
        made_at.append(str(Path(source).readlink()))
        link(source, name, **named)

    monkeypatch.setattr(os, "link", linked)
    with atomic_file.open_atomic_file("sub", folder=folder) as made:
        if either == "named":
            assert [atomic_file.is_temporary_name(name) for name in list_names(tmp_path / "notes" / "sub")] == [True]
        made.rename_to("sub/a")
    os.close(folder)
    assert len(made_at) == (either == "nameless" and bool(atomic_file._TMPFILE_FLAG))
    assert all(place.startswith(str(tmp_path / "notes" / "sub")) for place in made_at)
    assert (list_names(tmp_path / "notes" / "sub"), list_names(tmp_path / "run")) == (["a"], [])


@posix_only
def test_a_sweep_at_the_moment_of_its_placing(tmp_path: Path, either: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has a name then, and is not nobody's."""
    replace = os.replace

    def swept(source: str, target: str, **named: Any) -> None:
        atomic_file.remove_abandoned_files(str(tmp_path))
        replace(source, target, **named)

    monkeypatch.setattr(os, "replace", swept)
    with atomic_file.open_atomic_file(str(tmp_path)) as made:
        made.write(b"new")
        made.rename_to(str(tmp_path / "a"))
    assert (tmp_path / "a").read_bytes() == b"new"


def test_where_there_are_no_locks(tmp_path: Path, either: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def lock(_file: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(atomic_file, "lock_file", lock)
    with atomic_file.open_atomic_file(str(tmp_path)) as made:
        made.write(b"new")
        made.rename_to(str(tmp_path / "a"))
    assert (tmp_path / "a").read_bytes() == b"new"


@pytest.mark.parametrize("placed", [True, False])
def test_it_is_closed_once_and_removes_nothing_then(
    tmp_path: Path, either: str, placed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    with atomic_file.open_atomic_file(str(tmp_path)) as made:
        if placed:
            made.rename_to(str(tmp_path / "a"))
        else:
            made.close()
        touched: list[object] = []
        close = os.close
        with monkeypatch.context() as patch:
            patch.setattr(os, "unlink", lambda name, **_: touched.append(name))
            made.close()
            patch.setattr(os, "close", touched.append)
            made.close()
            patch.setattr(os, "close", close)
        assert touched == []


def test_where_the_file_system_knows_no_files_without_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.open

    def lacking(path: Any, flags: int, *rest: Any, **named: Any) -> int:
        if atomic_file._TMPFILE_FLAG and flags & atomic_file._TMPFILE_FLAG == atomic_file._TMPFILE_FLAG:
            raise OSError(errno.EOPNOTSUPP, "Operation not supported")
        return real(path, flags, *rest, **named)

    monkeypatch.setattr(os, "open", lacking)
    with atomic_file.open_atomic_file(str(tmp_path)) as made:
        made.write(b"new")
        assert [atomic_file.is_temporary_name(name) for name in list_names(tmp_path)] == [True]
        made.rename_to(str(tmp_path / "a"))
    assert list_names(tmp_path) == ["a"]


@posix_only
def test_one_that_is_swept_before_it_is_locked_begins_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atomic_file, "_TMPFILE_FLAG", 0)
    real, swept = atomic_file.lock_file, list[str]()

    def lock(file: int) -> None:
        if not swept:
            swept.extend(list_names(tmp_path))
            (tmp_path / swept[0]).unlink()
        real(file)

    monkeypatch.setattr(atomic_file, "lock_file", lock)
    with atomic_file.open_atomic_file(str(tmp_path)) as made:
        made.rename_to(str(tmp_path / "a"))
    assert len(swept) == 1
    assert list_names(tmp_path) == ["a"]


@posix_only
def test_only_what_dead_runs_left_is_swept(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    folder = tmp_path / "notes"
    folder.mkdir()
    outside.write_bytes(b"mine")
    stay = [f"{LEFT}0", f"{LEFT[:-1]}", f"a{LEFT}", f"{LEFT[:-1]}F", ".techstock-1234"]
    for name in (LEFT, *stay):
        (folder / name).write_bytes(b"x")
    others = [LEFT[:-1] + digit for digit in "abcd"]
    (folder / others[0]).symlink_to(outside)
    os.mkfifo(folder / others[1])
    (folder / others[2]).mkdir()
    os.link(outside, folder / others[3])
    atomic_file.remove_abandoned_files(str(folder))
    assert list_names(folder) == sorted([*stay, *others])
    assert outside.read_bytes() == b"mine"


@posix_only
def test_what_a_living_run_holds_is_not_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atomic_file, "_TMPFILE_FLAG", 0)
    with atomic_file.open_atomic_file(str(tmp_path)) as made:
        atomic_file.remove_abandoned_files(str(tmp_path))
        made.write(b"new")
        made.rename_to(str(tmp_path / "a"))
    assert (tmp_path / "a").read_bytes() == b"new"


@posix_only
def test_a_sweep_goes_to_its_folder_and_not_to_where_the_run_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("notes", "run"):
        (tmp_path / name).mkdir()
        (tmp_path / name / LEFT).write_bytes(b"x")
    monkeypatch.chdir(tmp_path / "run")
    folder = os.open(tmp_path / "notes", os.O_RDONLY)
    atomic_file.remove_abandoned_files("", folder)
    os.close(folder)
    assert (list_names(tmp_path / "notes"), list_names(tmp_path / "run")) == ([], [LEFT])
    atomic_file.remove_abandoned_files("")
    assert list_names(tmp_path / "run") == []


def test_sweeping_goes_where_notes_are_and_follows_no_link(tmp_path: Path) -> None:
    for folder in ("root/a", "elsewhere", "root/b"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / LEFT).write_bytes(b"x")
    os.utime(tmp_path / "root" / "a" / LEFT, (0, 0))
    (tmp_path / "root" / "link").symlink_to(tmp_path / "elsewhere")
    remove_stale_files(tmp_path / "root", ["a/n.md", "a/m.md", "link/n.md", "gone/n.md", "a\0/n.md"])
    assert list_names(tmp_path / "root" / "a") == []
    assert list_names(tmp_path / "root" / "b") == list_names(tmp_path / "elsewhere") == [LEFT]


@posix_only
def test_a_note_that_another_run_is_writing_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("old")
    with (tmp_path / "a.md").open("r+b") as other:
        atomic_file.lock_file(other.fileno())
        with pytest.raises(WriteError, match="another run is writing it"):
            write_changes(tmp_path, {"a.md": ("old", "new")})
        assert (tmp_path / "a.md").read_text() == "old"
    write_changes(tmp_path, {"a.md": ("old", "new")})
    assert (tmp_path / "a.md").read_text() == "new"


@posix_only
def test_a_file_that_is_replaced_keeps_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    file.write_text("old")
    file.chmod(0o604)
    write_file(file, ["new"])
    assert file.read_text() == "new"
    assert file.stat().st_mode & 0o777 == 0o604
    (tmp_path / LEFT).write_bytes(b"x")
    write_file(file, ["newer"])
    assert list_names(tmp_path) == ["report.json"]
