"""A file is written whole or not at all."""

import os
from pathlib import Path
from typing import BinaryIO

import pytest

from techstock.fix import writing
from techstock.fix.writing import WriteError, replace_file


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = Path(os.path.realpath(tmp_path)) / "root"
    (folder / "notes").mkdir(parents=True)
    (folder / "notes" / "a.md").write_bytes(b"one\r\n")
    return folder


def test_written_with_its_permissions(root: Path) -> None:
    file = root / "notes" / "a.md"
    file.chmod(0o640)
    replace_file(root, "notes/a.md", b"one\r\n", b"two\r\n")
    assert file.read_bytes() == b"two\r\n"
    assert file.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in file.parent.iterdir()] == ["a.md"]


@pytest.mark.parametrize("content", [b"other", b"one\r\nmore", b""])
def test_changed_meanwhile(root: Path, content: bytes) -> None:
    (root / "notes" / "a.md").write_bytes(content)
    with pytest.raises(WriteError, match="changed meanwhile"):
        replace_file(root, "notes/a.md", b"one\r\n", b"two")
    assert (root / "notes" / "a.md").read_bytes() == content


def test_changed_while_writing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    close = writing.finish

    def slow(stream: BinaryIO) -> None:
        close(stream)
        (root / "notes" / "a.md").write_bytes(b"edited")

    monkeypatch.setattr(writing, "finish", slow)
    with pytest.raises(WriteError, match="changed meanwhile"):
        replace_file(root, "notes/a.md", b"one\r\n", b"two")
    assert (root / "notes" / "a.md").read_bytes() == b"edited"
    assert [path.name for path in (root / "notes").iterdir()] == ["a.md"]


def test_no_link_is_followed(root: Path) -> None:
    outside = root.parent / "outside"
    outside.mkdir()
    (outside / "a.md").write_bytes(b"one\r\n")
    (root / "link").symlink_to(outside)
    (root / "file.md").symlink_to(outside / "a.md")
    (root / "inner.md").symlink_to(root / "notes" / "a.md")
    for path in ("link/a.md", "file.md", "inner.md", "../outside/a.md"):
        with pytest.raises(WriteError, match="link"):
            replace_file(root, path, b"one\r\n", b"two")
    assert (outside / "a.md").read_bytes() == b"one\r\n"


def test_gone_or_no_file(root: Path) -> None:
    with pytest.raises(WriteError, match="No such file"):
        replace_file(root, "notes/b.md", b"", b"two")
    os.mkfifo(root / "notes" / "pipe.md")
    with pytest.raises(WriteError, match="changed meanwhile"):
        replace_file(root, "notes/pipe.md", b"", b"two")


def test_full_disk_leaves_nothing_behind(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WriteError, match="No space left"):
        replace_file(root, "notes/a.md", b"one\r\n", b"two")
    assert (root / "notes" / "a.md").read_bytes() == b"one\r\n"
    assert [path.name for path in (root / "notes").iterdir()] == ["a.md"]
