"""Values in the cache directory: read when one is asked for, dropped when no round asks, worthless when damaged."""

from pathlib import Path

import pytest

from techstock.cache.store import StoredValues
from techstock.storage.cache_directory import VALUES_NAME, CacheDirectory

KEY = b"k" * 20


@pytest.fixture
def folder(tmp_path: Path) -> CacheDirectory:
    return CacheDirectory(str(tmp_path / "cache"))


def fill(folder: CacheDirectory | None) -> StoredValues:
    values = StoredValues(folder, KEY)
    values.begin_round("")
    values.add_value("", b"1", b"one")
    values.add_value("", b"2", b"two")
    values.begin_round("sub")
    values.add_value("sub", b"1", b"other")
    values.save({"", "sub"})
    return values


def test_values_are_there_again(folder: CacheDirectory) -> None:
    fill(folder)
    again = StoredValues(folder, KEY)
    assert [again.get_value("", b"1"), again.get_value("", b"2"), again.get_value("sub", b"1")] == [
        b"one",
        b"two",
        b"other",
    ]
    assert again.get_value("", b"3") is None
    assert again.get_value("none", b"1") is None
    assert StoredValues(folder, KEY, fresh=True).get_value("", b"1") is None
    assert StoredValues(folder, b"x" * 20).get_value("", b"1") is None


def test_values_of_a_group_that_had_no_round_stay(folder: CacheDirectory) -> None:
    fill(folder)
    values = StoredValues(folder, KEY)
    values.begin_round("")
    assert values.get_value("", b"2") == b"two"
    values.add_value("", b"3", b"three")
    values.save({"", "sub"})
    left = StoredValues(folder, KEY)
    assert left.get_value("", b"1") is None  # nobody asked for it
    assert [left.get_value("", b"2"), left.get_value("", b"3")] == [b"two", b"three"]
    assert left.get_value("sub", b"1") == b"other"


def test_folders_that_are_gone_are_dropped(folder: CacheDirectory) -> None:
    fill(folder)
    values = StoredValues(folder, KEY)
    values.begin_round("")
    values.add_value("", b"3", b"three")
    values.save(set())
    assert StoredValues(folder, KEY).get_value("sub", b"1") is None
    assert StoredValues(folder, KEY).get_value("", b"3") == b"three"


def test_two_rounds_without_an_answer_forget_it() -> None:
    values = fill(None)
    values.begin_round("")
    assert values.get_value("", b"1") == b"one"
    values.begin_round("")
    assert values.get_value("", b"1") == b"one"
    assert values.get_value("", b"2") is None


def test_nothing_is_written_without_a_new_value(folder: CacheDirectory) -> None:
    fill(folder)
    before = Path(folder.join_path(VALUES_NAME)).stat().st_mtime_ns
    values = StoredValues(folder, KEY)
    values.begin_round("")
    values.get_value("", b"1")
    values.save({""})
    assert Path(folder.join_path(VALUES_NAME)).stat().st_mtime_ns == before


@pytest.mark.parametrize("at", [0, 20, 50, -1])
def test_damage_is_noticed(folder: CacheDirectory, at: int) -> None:
    fill(folder)
    file = Path(folder.join_path(VALUES_NAME))
    data = bytearray(file.read_bytes())
    data[at] ^= 1
    file.write_bytes(data)
    values = StoredValues(folder, KEY)
    assert values.get_value("", b"1") is None
    values.add_value("", b"1", b"new")
    values.save({""})
    assert StoredValues(folder, KEY).get_value("", b"1") == b"new"


def test_a_folder_whose_name_is_no_utf_8_is_not_saved(folder: CacheDirectory) -> None:
    values = StoredValues(folder, KEY)
    values.add_value("\udc80", b"1", b"one")
    values.save({"\udc80"})
    assert not Path(folder.join_path(VALUES_NAME)).exists()
    assert values.get_value("\udc80", b"1") == b"one"
