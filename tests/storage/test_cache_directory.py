"""The folder of a cache by itself: what is written into it, and what of it is ours to remove."""

import errno
import os
from pathlib import Path

import pytest

from techstock.cache import CacheDirectory
from techstock.storage.cache_directory import INDEX_NAME
from tests.support import list_names

STRAY = [f"{'0' * 16}.facts", f"{'1' * 16}.facts"]
DRAFT = f".techstock-{'0' * 16}"
FOREIGN = ["notes.txt", f"{'0' * 15}.facts", f"{'0' * 16}.facts~", "notes.index.bak"]


def test_a_file_is_put_in_place_with_its_folder_and_marks(tmp_path: Path) -> None:
    folder = CacheDirectory(str(tmp_path / "a" / "b"))
    folder.write(INDEX_NAME, [b"one", b"two"])
    assert {*list_names(tmp_path / "a" / "b")} == {INDEX_NAME, "CACHEDIR.TAG", ".gitignore"}
    assert folder.read(INDEX_NAME) == b"onetwo"
    assert (tmp_path / "a" / "b" / ".gitignore").read_bytes() == b"*\n"
    assert (
        (tmp_path / "a" / "b" / "CACHEDIR.TAG")
        .read_bytes()
        .startswith(b"Signature: 8a477f597d28d172789f06886806bc55\n")
    )
    (tmp_path / "a" / "b" / ".gitignore").write_bytes(b"mine\n")
    folder.write(INDEX_NAME, [b"three"])
    assert folder.read(INDEX_NAME) == b"three"
    assert (tmp_path / "a" / "b" / ".gitignore").read_bytes() == b"mine\n"


def test_only_our_files_are_opened(tmp_path: Path) -> None:
    for name in (STRAY[0], *FOREIGN):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / STRAY[1]).symlink_to(tmp_path / "notes.txt")
    folder = CacheDirectory(str(tmp_path))
    os.close(folder.open_facts(STRAY[0]))
    for name in (*FOREIGN, "../x", STRAY[1]):
        with pytest.raises(OSError, match=r"."):
            folder.open_facts(name)
    with pytest.raises(OSError, match=r"."):
        folder.read(STRAY[1])
    assert not folder.is_link
    (tmp_path / "link").symlink_to(tmp_path)
    assert CacheDirectory(str(tmp_path / "link")).is_link


def test_a_file_is_read_up_to_a_size(tmp_path: Path) -> None:
    (tmp_path / INDEX_NAME).write_bytes(b"x" * 10)
    folder = CacheDirectory(str(tmp_path))
    assert folder.read(INDEX_NAME, 10) == b"x" * 10
    with pytest.raises(OSError, match=os.strerror(errno.EFBIG)) as raised:
        folder.read(INDEX_NAME, 9)
    assert raised.value.errno == errno.EFBIG


def test_its_clock_is_that_of_the_file_system(tmp_path: Path) -> None:
    before = tmp_path / "before"
    before.write_bytes(b"")
    now = CacheDirectory(str(tmp_path / "cache")).read_clock()
    assert 0 <= now - before.stat().st_mtime_ns < 60_000_000_000
    assert {*list_names(tmp_path / "cache")} == {"CACHEDIR.TAG", ".gitignore"}


def test_what_is_old_and_needed_by_nobody_is_swept(tmp_path: Path) -> None:
    folder = CacheDirectory(str(tmp_path))
    folder.write(INDEX_NAME, [b"x"])
    fresh = f"{'2' * 16}.facts"
    for name in (*STRAY, fresh, DRAFT, *FOREIGN):
        (tmp_path / name).write_bytes(b"x")
    for name in {*list_names(tmp_path)} - {fresh}:
        os.utime(tmp_path / name, (0, 0))
    folder.remove_unneeded([STRAY[1]])
    folder.write(INDEX_NAME, [b"x"])
    assert {*list_names(tmp_path)} == {INDEX_NAME, "CACHEDIR.TAG", ".gitignore", STRAY[1], fresh, *FOREIGN}


def test_cleaning_leaves_what_is_not_ours(tmp_path: Path) -> None:
    root = tmp_path / "cache"
    folder = CacheDirectory(str(root))
    assert folder.stat_files() == {}
    folder.delete_cache()
    folder.write(INDEX_NAME, [b"x"])
    (root / DRAFT).write_bytes(b"x")
    (root / FOREIGN[0]).write_bytes(b"x")
    assert set(folder.stat_files()) == {INDEX_NAME, "CACHEDIR.TAG", ".gitignore", DRAFT}
    assert folder.stat_files()[INDEX_NAME].st_size == 1
    folder.delete_cache()
    assert {*list_names(root)} == {FOREIGN[0]}
    (root / FOREIGN[0]).unlink()
    folder.delete_cache()
    assert not root.exists()
