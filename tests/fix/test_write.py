"""Writing notes: whole or not at all, whatever goes wrong."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from techstock.fix.write import WriteError, write_changes
from techstock.storage import protected_files
from tests.faults import ERRORS, count_steps, raised
from tests.project.disk import linux_only

OLD, NEW = "\ufeff- 古い\r\n", "\ufeff- 新しい\r\n- 行"


@pytest.fixture
def note(tmp_path: Path) -> Path:
    file = tmp_path / "日本" / "a b.md"
    file.parent.mkdir()
    file.write_bytes(OLD.encode())
    return file


def names_in(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


def change_note(note: Path, old: str = OLD, new: str = NEW) -> None:
    write_changes(note.parent.parent, {f"日本/{note.name}": (old, new)})


def test_writes_the_bytes_and_keeps_the_mode(note: Path) -> None:
    note.chmod(0o604)
    change_note(note)
    assert note.read_bytes() == NEW.encode()
    assert note.stat().st_mode & 0o7777 == 0o604
    assert names_in(note.parent) == {note.name}


def test_leaves_what_does_not_change(note: Path) -> None:
    before = note.stat()
    change_note(note, new=OLD)
    assert (note.stat().st_ino, note.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_reader_keeps_the_old_note_whole(note: Path) -> None:
    with note.open("rb") as reader:
        change_note(note)
        assert reader.read() == OLD.encode()


@pytest.mark.parametrize("content", [b"other\n", OLD.encode() + b"x", b""])
def test_refuses_a_note_that_has_changed(note: Path, content: bytes) -> None:
    note.write_bytes(content)
    with pytest.raises(WriteError, match=r"`日本/a b\.md` is not written: it has changed since it was read"):
        change_note(note)
    assert note.read_bytes() == content


def test_refuses_a_note_that_is_gone_or_was_never_a_file(note: Path) -> None:
    note.unlink()
    with pytest.raises(WriteError, match="it is gone"):
        change_note(note)
    os.mkfifo(note)
    with pytest.raises(WriteError, match="not a regular file"):
        change_note(note)
    note.unlink()
    note.mkdir()
    with pytest.raises(WriteError, match="not written"):
        change_note(note)


def test_follows_no_link(note: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.md"
    outside.write_bytes(OLD.encode())
    note.unlink()
    note.symlink_to(outside)
    with pytest.raises(WriteError, match="symbolic link"):
        change_note(note)
    inner = tmp_path / "root"
    inner.mkdir()
    (inner / "sub").symlink_to(tmp_path)
    with pytest.raises(WriteError, match="symbolic link"):
        write_changes(inner, {"sub/outside.md": (OLD, NEW)})
    assert outside.read_bytes() == OLD.encode()


def test_a_note_with_two_names_is_left_alone(note: Path) -> None:
    """A new file would part them, and in place a kill tears both: backups are often made of such links."""
    other = note.with_name("other.md")
    os.link(note, other)
    with pytest.raises(WriteError) as found:
        change_note(note)
    assert str(found.value) == (
        "`日本/a b.md` is not written: it has several names (hard links); put a copy in its place to have that written"
    )
    assert other.read_bytes() == note.read_bytes() == OLD.encode()
    assert names_in(note.parent) == {"a b.md", "other.md"}


def test_names_that_no_file_can_have(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match="no file can have this name"):
        write_changes(tmp_path, {"a\0.md": (OLD, NEW)})


@pytest.mark.parametrize("name", ERRORS)
def test_a_fault_at_any_step_leaves_the_old_note_or_the_new_one(note: Path, name: str) -> None:
    steps = count_steps(lambda: change_note(note), looks=True)
    assert steps > 10
    for at in range(steps):
        note.write_bytes(OLD.encode())
        found = raised(at, ERRORS[name], lambda: change_note(note), looks=True)
        assert found is None or isinstance(found, WriteError | KeyboardInterrupt), at
        assert note.read_bytes() in (OLD.encode(), NEW.encode()), at
        assert found or note.read_bytes() == NEW.encode(), at
        assert names_in(note.parent) == {note.name}, at


@pytest.mark.parametrize("step", ["open", "replace"])
def test_where_no_new_file_can_take_its_place(note: Path, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that cannot be written, a mount on the note itself: it is not written in place either."""
    real = getattr(os, step)

    def refusing(path: Any, flags: Any, *rest: Any, **named: Any) -> Any:
        if step == "replace" or flags & (os.O_CREAT | getattr(os, "O_TMPFILE", 0) & ~os.O_DIRECTORY):
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(path, flags, *rest, **named)

    monkeypatch.setattr(os, step, refusing)
    with pytest.raises(WriteError) as found:
        change_note(note)
    assert str(found.value) == "`日本/a b.md` is not written: no new file can take its place: permission denied"
    assert note.read_bytes() == OLD.encode()
    assert names_in(note.parent) == {note.name}


def test_without_descriptors_of_folders(note: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protected_files, "_HAS_DIR_FD", False)
    change_note(note)
    assert note.read_bytes() == NEW.encode()
    assert names_in(note.parent) == {note.name}
    (tmp_path / "link").symlink_to(note.parent)
    with pytest.raises(WriteError, match="symbolic link"):
        write_changes(tmp_path, {"link/a b.md": (NEW, OLD)})


def test_another_file_in_its_place_is_not_overwritten(note: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fsync

    def meanwhile(file: int) -> None:
        real(file)
        fresh = note.with_name("fresh")
        fresh.write_bytes(OLD.encode())
        fresh.replace(note)

    monkeypatch.setattr(os, "fsync", meanwhile)
    with pytest.raises(WriteError, match="another file has taken its place"):
        change_note(note)
    assert note.read_bytes() == OLD.encode()
    assert names_in(note.parent) == {note.name}


def test_several_notes_are_written_together_or_not_at_all(tmp_path: Path) -> None:
    for name in ("a.md", "b.md", "c.md"):
        (tmp_path / name).write_bytes(OLD.encode())
    (tmp_path / "b.md").write_bytes(b"changed\n")
    with pytest.raises(WriteError, match=r"`b\.md`"):
        write_changes(tmp_path, dict.fromkeys(("a.md", "b.md", "c.md"), (OLD, NEW)))
    assert (tmp_path / "a.md").read_bytes() == OLD.encode()
    assert (tmp_path / "c.md").read_bytes() == OLD.encode()
    assert len(names_in(tmp_path)) == 3


def test_what_cannot_be_put_back_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first note is written, changed by somebody, and then the second one cannot be written."""
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_bytes(OLD.encode())
    real = os.replace

    def meanwhile(*arguments: Any, **named: Any) -> None:
        real(*arguments, **named)
        (tmp_path / "a.md").write_bytes(b"mine\n")
        (tmp_path / "b.md").write_bytes(b"mine\n")

    monkeypatch.setattr(os, "replace", meanwhile)
    with pytest.raises(
        WriteError, match=r"`b\.md` is not written: .*; `a\.md` belongs with it and could not be put back"
    ):
        write_changes(tmp_path, dict.fromkeys(("a.md", "b.md"), (OLD, NEW)))
    assert (tmp_path / "a.md").read_bytes() == b"mine\n"


def test_what_was_put_back_is_not_named(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(OLD.encode())
    (tmp_path / "b.md").write_bytes(b"mine\n")
    with pytest.raises(WriteError) as found:
        write_changes(tmp_path, dict.fromkeys(("a.md", "b.md"), (OLD, NEW)))
    assert str(found.value) == "`b.md` is not written: it has changed since it was read"
    assert (tmp_path / "a.md").read_bytes() == OLD.encode()


def test_a_system_that_reads_and_writes_a_little_at_a_time(note: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read, put = os.read, os.write
    monkeypatch.setattr(os, "read", lambda file, size: read(file, min(size, 3)))
    monkeypatch.setattr(os, "write", lambda file, data: put(file, bytes(data)[:2]))
    change_note(note)
    assert note.read_bytes() == NEW.encode()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only the superuser gives files away")
def test_the_owner_stays(note: Path) -> None:
    os.chown(note, 1234, 4321)
    change_note(note)
    assert (note.stat().st_uid, note.stat().st_gid) == (1234, 4321)


@pytest.mark.skipif(os.name == "nt", reason="there are no owners")
@pytest.mark.parametrize(
    ("group", "mode", "written"),
    [(True, 0o640, True), (False, 0o640, False), (False, 0o664, False), (False, 0o644, True), (False, 0o600, True)],
)
def test_a_note_of_somebody_else(
    note: Path, group: bool, mode: int, written: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its group stays if it may do more than everybody, or it is not written: the mode would open it to another one."""
    note.chmod(mode)
    seen: list[tuple[int, int]] = []

    def given(_file: int, owner: int, to: int) -> None:
        seen.append((owner, to))
        if owner != -1 or not group:
            raise PermissionError(errno.EPERM, "Operation not permitted")

    real = os.fstat

    def status(file: int) -> os.stat_result:
        found = list(real(file))
        if not any(os.path.samestat(real(file), one) for one in (note.stat(),)):
            found[4] += 1
            found[5] += 1
        return os.stat_result(found, {"st_mtime_ns": real(file).st_mtime_ns})

    monkeypatch.setattr(os, "fchown", given)
    monkeypatch.setattr(os, "fstat", status)
    owner, its_group = note.stat().st_uid, note.stat().st_gid
    if written:
        change_note(note)
        assert note.read_bytes() == NEW.encode()
        assert note.stat().st_mode & 0o777 == mode
    else:
        with pytest.raises(WriteError, match="it belongs to a group that you are not in"):
            change_note(note)
        assert note.read_bytes() == OLD.encode()
    assert seen == [(owner, its_group), (-1, its_group)]


@linux_only
def test_extended_attributes_stay(note: Path) -> None:
    try:
        os.setxattr(note, "user.kind", "題".encode())
    except OSError:
        pytest.skip("the file system has no extended attributes")
    change_note(note)
    assert note.read_bytes() == NEW.encode()
    assert {name: os.getxattr(note, name) for name in os.listxattr(note) if name.startswith("user.")} == {
        "user.kind": "題".encode()
    }


@linux_only
@pytest.mark.parametrize(("name", "written"), [("security.selinux", True), ("system.posix_acl_access", False)])
def test_attributes_that_cannot_be_set(note: Path, name: str, written: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Labels of the system are its own; without its list, the mode could let others in."""

    def refused(*_: Any) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "listxattr", lambda _: [name])
    monkeypatch.setattr(os, "getxattr", lambda *_: b"x")
    monkeypatch.setattr(os, "setxattr", refused)
    if written:
        change_note(note)
    else:
        with pytest.raises(WriteError, match="operation not permitted"):
            change_note(note)
    assert note.read_bytes() == (NEW if written else OLD).encode()


def test_a_file_system_without_attributes(note: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: Any) -> list[str]:
        raise OSError(errno.ENOTSUP, "Operation not supported")

    monkeypatch.setattr(os, "listxattr", none, raising=False)
    change_note(note)
    assert note.read_bytes() == NEW.encode()
