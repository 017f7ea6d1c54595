"""The store of kept facts by itself: what is taken again, what is written, and when."""

import os
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest

from techstock.cache import CacheDirectory, CachedNote, NoteStore, make_stamp
from techstock.cache import store as stores
from techstock.cache.index import CacheIndex, CorpusProblems, FactBytes, decode_index, encode_index
from techstock.cache.key import NO_STAMP, SETTLE_TIME, is_settled
from techstock.model.files import FileStamp
from techstock.storage.cache_directory import INDEX_NAME

KEY = b"k" * 20
OLD = 1_000_000_000_000_000_000


def stamp(size: int = 3) -> FileStamp:
    return size, OLD, OLD, 7


def make_entry(path: str, digest: bytes | None = None, brief: int = 1) -> CachedNote[int]:
    return CachedNote(path, stamp(), digest or path.encode(), brief)


def stored(folder: Path | None, key: bytes = KEY) -> NoteStore[int]:
    return NoteStore(int, CacheDirectory(str(folder)) if folder else None, key)


def save(folder: Path, *facts: tuple[str, bytes]) -> NoteStore[int]:
    """Keep these facts besides those that are kept, as a run that has read new notes does."""
    store = stored(folder)
    entries = [store._by_path[path] for path in sorted(store._by_path) if path not in dict(facts)]
    for path, fact in facts:
        new = make_entry(path, digest=path.encode() + fact)
        store.add_facts(new, fact)
        entries.append(new)
    store.save(entries, changed=False)
    assert store.trouble == ""
    assert store.saved
    return store


def read_facts(store: NoteStore[int]) -> dict[str, FactBytes | None]:
    return {path: store.get_facts(entry) for path, entry in store._by_path.items()}


def packs(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.suffix == ".facts")


def test_what_was_saved_is_there_again(tmp_path: Path) -> None:
    store = stored(tmp_path)
    assert len(store) == 0
    one, other = make_entry("b.md"), make_entry("a.md")
    store.add_facts(one, b"facts of b")
    store.add_facts(other, b"facts of a")
    assert store.get_facts(one) == b"facts of b"
    store.rules.append(b"rule")
    store.rans.append((0,))
    store.joint = CorpusProblems({b"d": {0: msgspec.Raw(b"\x90")}}, {}, b"inputs", b"outlook")
    one.ran, one.problems = 0, {0: msgspec.Raw(b"\x90")}
    store.save([one, other], changed=False)
    assert (store.saved, store.trouble) == (True, "")
    again = stored(tmp_path)
    assert len(again) == 2
    assert list(again._by_path) == ["a.md", "b.md"]
    assert read_facts(again) == {"a.md": b"facts of a", "b.md": b"facts of b"}
    assert (again.rules, again.rans) == ([b"rule"], [(0,)])
    assert (again.joint.inputs, again.joint.outlook, again.joint.pairs) == (b"inputs", b"outlook", {})
    assert bytes(again.joint.whole[b"d"][0]) == b"\x90"
    assert (again._by_path["b.md"].ran, bytes(again._by_path["b.md"].problems[0])) == (0, b"\x90")
    assert one.pack == -1  # what the run still uses is not what was written


def test_a_note_is_unchanged_only_if_its_stamp_is_and_is_old(tmp_path: Path) -> None:
    save(tmp_path, ("a.md", b"x"))
    store = stored(tmp_path)
    assert store.find_unchanged("a.md", stamp()) is store._by_path["a.md"]
    assert store.find_unchanged("a.md", stamp(4)) is None
    assert store.find_unchanged("b.md", stamp()) is None
    store._index.since = OLD + SETTLE_TIME
    assert store.find_unchanged("a.md", stamp()) is None
    store._index.since += 1
    assert store.find_unchanged("a.md", stamp()) is not None


def test_settled() -> None:
    assert is_settled((0, 5, 7, 1), 7 + SETTLE_TIME + 1)
    assert not is_settled((0, 5, 7, 1), 7 + SETTLE_TIME)
    assert not is_settled((0, 7, 5, 1), 7 + SETTLE_TIME)
    assert not is_settled(NO_STAMP, 9 * SETTLE_TIME)


def test_stamps(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    status = (tmp_path / "a").stat()
    assert make_stamp(status) == (3, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
    assert make_stamp(None) == make_stamp(tmp_path.stat()) == NO_STAMP


def test_the_same_bytes_are_known_under_any_path(tmp_path: Path) -> None:
    save(tmp_path, ("a.md", b"x"))
    store = stored(tmp_path)
    known = store._by_path["a.md"]
    known.ran, known.problems = 0, {0: msgspec.Raw(b"\x90")}
    same = store.find_by_digest("a.md", known.digest, stamp(9))
    assert same is not None
    assert (same.path, same.stamp, same.ran, len(same.problems)) == ("a.md", stamp(9), 0, 1)
    moved = store.find_by_digest("b.md", known.digest, stamp(9))
    assert moved is not None
    assert (moved.path, moved.stamp, moved.ran, moved.problems) == ("b.md", stamp(9), -1, {})
    assert store.get_facts(moved) == b"x"
    assert store.find_by_digest("a.md", b"other", stamp()) is None


def test_nothing_is_written_unless_something_changed(tmp_path: Path) -> None:
    save(tmp_path, ("a.md", b"x"), ("b.md", b"y"))
    for change in ("nothing", "flag", "stamp", "fewer"):
        store = stored(tmp_path)
        entries = [store._by_path["a.md"], store._by_path["b.md"]]
        if change == "stamp":
            entries[0] = msgspec.structs.replace(entries[0], stamp=stamp(4))
        if change == "fewer":
            del entries[1]
        store.save(entries, changed=change == "flag")
        assert store.saved == (change != "nothing"), change
    assert read_facts(stored(tmp_path)) == {"a.md": b"x"}


def test_without_a_folder_nothing_is_kept() -> None:
    store = stored(None)
    new = make_entry("a.md")
    store.add_facts(new, b"x")
    store.save([new], changed=True)
    assert (store.get_facts(new), store.saved, store.trouble, len(store)) == (b"x", False, "", 0)


def test_what_is_not_ours_is_not_used(tmp_path: Path) -> None:
    assert stored(tmp_path).trouble == ""
    save(tmp_path, ("a.md", b"x"))
    assert stored(tmp_path, b"o" * 20).trouble == "not used: damaged, or of another version"
    (tmp_path / INDEX_NAME).unlink()
    (tmp_path / INDEX_NAME).mkdir()
    assert stored(tmp_path).trouble.startswith("not read: ")
    store = stored(tmp_path)
    store.save([make_entry("a.md")], changed=True)
    assert store.trouble.startswith("not saved: ")
    assert not store.saved


def test_too_many_rules_begin_anew(tmp_path: Path) -> None:
    for count, left in ((stores._MAX_RULES, stores._MAX_RULES), (stores._MAX_RULES + 1, 0)):
        store = save(tmp_path, ("a.md", b"x"))
        store.rules[:] = [bytes([number]) for number in range(count)]
        store.rans[:] = [(0,)]
        store.joint = CorpusProblems({b"d": {0: msgspec.Raw(b"\x90")}})
        one = store._by_path.get("a.md") or make_entry("a.md", digest=b"a.mdx")
        one.ran, one.problems = 0, {0: msgspec.Raw(b"\x90")}
        store.save([one], changed=True)
        again = stored(tmp_path)
        assert len(again.rules) == left
        assert again._by_path["a.md"].ran == (0 if left else -1)
        assert len(again._by_path["a.md"].problems) == len(again.joint.whole) == len(again.rans) == bool(left)


def test_equal_facts_are_kept_once(tmp_path: Path) -> None:
    store = stored(tmp_path)
    entries = [make_entry("a.md", b"d"), make_entry("b.md", b"d"), make_entry("c.md")]
    for one in entries:
        store.add_facts(one, b"same" if one.digest == b"d" else b"other")
    store.save(entries, changed=False)
    [pack] = packs(tmp_path)
    assert (tmp_path / pack).read_bytes() == b"sameother"
    assert read_facts(stored(tmp_path)) == {"a.md": b"same", "b.md": b"same", "c.md": b"other"}


def test_lost_facts_are_not_named_any_more(tmp_path: Path) -> None:
    save(tmp_path, ("a.md", b"x"))
    for name in packs(tmp_path):
        (tmp_path / name).unlink()
    save(tmp_path, ("b.md", b"y"))
    assert read_facts(stored(tmp_path)) == {"b.md": b"y"}


def test_packs_become_one_when_most_of_them_is_stale_or_they_are_many(tmp_path: Path) -> None:
    save(tmp_path, ("a.md", b"a" * 10), ("b.md", b"b" * 10))
    first = packs(tmp_path)
    save(tmp_path, ("b.md", b"c" * 10))  # half of the first pack is in use: it stays
    assert set(packs(tmp_path)) > set(first)
    assert len(stored(tmp_path)._index.packs) == 2
    save(tmp_path, ("a.md", b"d" * 10))
    assert first[0] not in stored(tmp_path)._index.packs
    for number in range(20):
        save(tmp_path, (f"{number}.md", b"e" * (30 - number)))
        assert len(stored(tmp_path)._index.packs) <= stores._MAX_PACKS
    found = read_facts(stored(tmp_path))
    assert found == {"a.md": b"d" * 10, "b.md": b"c" * 10} | {f"{n}.md": b"e" * (30 - n) for n in range(20)}


def test_packs_that_nobody_names_are_swept(tmp_path: Path) -> None:
    save(tmp_path, ("a.md", b"x"))
    [named] = packs(tmp_path)
    stray = tmp_path / f"{'0' * 16}.facts"
    stray.write_bytes(b"x")
    for path in tmp_path.iterdir():
        os.utime(path, (0, 0))
    save(tmp_path, ("b.md", b"y"))
    assert named in packs(tmp_path)
    assert not stray.exists()


@pytest.mark.parametrize(("behind", "expected"), [(0, 0), (5_000, 5_000), (-5_000, 0)])
def test_the_clock_of_the_file_system_counts_if_it_is_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, behind: int, expected: int
) -> None:
    monkeypatch.setattr(time, "time_ns", lambda: OLD)
    monkeypatch.setattr(CacheDirectory, "read_clock", lambda _self: OLD - behind)
    save(tmp_path, ("a.md", b"x"))
    assert stored(tmp_path)._index.since == OLD - expected


def test_an_index_that_points_at_nothing_is_not_taken() -> None:
    known = {0: msgspec.Raw(b"\x90")}
    joint = CorpusProblems({b"d": known}, {b"d": known})
    good = CacheIndex(1, ["p"], [b"r"], [(0,)], [CachedNote("a", stamp(), b"d", 1, 0, {}, 0)], joint)
    assert decode_index(encode_index(good, KEY), KEY, int) is not None
    one = good.entries[0]
    wrong: tuple[dict[str, Any], ...] = (
        {"packs": []},
        {"rules": []},
        {"rans": []},
        {"rans": [(1,)]},
        {"rans": [(-1,)]},
        {"joint": CorpusProblems({b"d": {1: msgspec.Raw(b"\x90")}})},
        {"joint": CorpusProblems({}, {b"d": {-1: msgspec.Raw(b"\x90")}})},
        {"entries": [msgspec.structs.replace(one, pack=1)]},
        {"entries": [msgspec.structs.replace(one, pack=-2)]},
        {"entries": [msgspec.structs.replace(one, ran=1)]},
        {"entries": [msgspec.structs.replace(one, ran=-2)]},
    )
    for bad in wrong:
        assert decode_index(encode_index(msgspec.structs.replace(good, **bad), KEY), KEY, int) is None, bad
    whole = encode_index(good, KEY)
    assert decode_index(whole + b"x", KEY, int) is None
    assert decode_index(whole[:10], KEY, int) is None
    assert decode_index(whole, KEY, str) is None


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (OSError(28, "No Space Left"), "no space left"),
        (OSError("Odd"), "odd"),
        (MemoryError(), "out of memory"),
    ],
)
def test_why_nothing_is_read_or_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, reason: str
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(CacheDirectory, "write", fail)
    store = stored(tmp_path)
    store.save([make_entry("a.md")], changed=True)
    assert store.trouble == f"not saved: {reason}"
    monkeypatch.setattr(CacheDirectory, "read", fail)
    assert stored(tmp_path).trouble == f"not read: {reason}"


def test_which_packs_are_worth_keeping(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = stored(tmp_path)

    def kept(sizes: list[int], *live: tuple[int, int]) -> list[int]:
        monkeypatch.setattr(store._packs, "get_size", sizes.__getitem__)
        return store._select_kept_packs(
            [CachedNote("a", stamp(), b"", 1, pack=pack, length=length) for pack, length in live]
        )

    assert kept([20], (0, 5), (0, 5), (-1, 99)) == [0]
    assert kept([21], (0, 5), (0, 5)) == []
    assert kept([-1, 0, 9], (0, 5), (1, 0), (2, 5)) == [1, 2]
    many = [(pack, 10) for pack in range(stores._MAX_PACKS)]
    assert kept([10] * 9, *many[1:]) == list(range(1, stores._MAX_PACKS))
    assert kept([10, 10, 11, *[10] * 9], *many) == [2]
