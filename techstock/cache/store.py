"""Cached facts by path and by content: loaded at the start of a run, saved at its end."""

import os
import time
from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Any, Generic
from zlib import crc32

import msgspec
from msgspec.structs import replace

from techstock.cache.index import (
    Brief,
    CachedNote,
    CacheIndex,
    CorpusProblems,
    FactBytes,
    decode_checked,
    decode_index,
    encode_checked,
    encode_index,
)
from techstock.cache.key import is_settled
from techstock.model.files import FileStamp
from techstock.storage.cache_directory import INDEX_NAME, VALUES_NAME, CacheDirectory, make_random_name


class PackFiles:
    """The packs that an index names. Each is opened once; one that cannot be opened counts as empty."""

    def __init__(self, folder: CacheDirectory | None, names: Sequence[str]) -> None:
        self._folder = folder
        self._names = names
        self._open: dict[int, tuple[int, int]] = {}  # descriptor and size, by pack

    def read_facts(self, entry: CachedNote[Any]) -> bytes | None:
        """Return the facts of an entry; None if they are lost or damaged."""
        if entry.pack < 0:
            return None
        file, size = self._open_once(entry.pack)
        if entry.start < 0 or not 0 <= entry.length <= size - entry.start:
            return None
        try:
            os.lseek(file, entry.start, os.SEEK_SET)
            data = os.read(file, entry.length)
        except OSError:
            return None
        return data if len(data) == entry.length and crc32(data) == entry.check else None

    def get_size(self, pack: int) -> int:
        """Return the size of a pack in bytes; -1 if it cannot be opened."""
        return self._open_once(pack)[1]

    def _open_once(self, pack: int) -> tuple[int, int]:
        found = self._open.get(pack)
        if found is None:
            found = self._open[pack] = self._open_file(self._names[pack])
        return found

    def _open_file(self, name: str) -> tuple[int, int]:
        if self._folder is None:
            return -1, -1
        try:
            file = self._folder.open_facts(name)
            return file, os.fstat(file).st_size
        except (OSError, ValueError):
            return -1, -1

    def __del__(self) -> None:
        for file, _ in self._open.values():
            if file >= 0:
                os.close(file)


_MAX_RULES = 64  # rules with options: whoever tries many options would keep the problems of each for ever
_MAX_PACKS = 8
_PACK_SUFFIX = ".facts"


class NoteStore(Generic[Brief]):
    """The cache entries and facts of a project's notes; `brief` is the type of the summaries.

    Without a folder nothing is saved, and all else is the same. With `fresh`, nothing is read from it.

    `since` is when this run started, in nanoseconds. `rules` are keys of rules and `rans` sets of them, to which
    entries refer by index: both only grow. `joint` is as in `CacheIndex`. `trouble` says why nothing could be read or
    saved.
    """

    def __init__(
        self,
        brief: type[Brief],
        folder: CacheDirectory | None = None,
        key: bytes = b"",
        trouble: str = "",
        *,
        fresh: bool = False,
    ) -> None:
        self.since = time.time_ns()
        self._brief = brief
        self.folder = folder
        self.key = key
        self.trouble = trouble
        self.saved = False
        self._fresh: dict[bytes, FactBytes] = {}  # facts of this run, by digest
        self.values = StoredValues(folder, key, fresh=fresh) if folder else None
        index = CacheIndex[Brief]() if fresh else self._read_index()
        self.trouble = "not used: damaged" if fresh and folder else self.trouble
        self.rules, self.rans = index.rules, index.rans
        self.joint = index.joint
        self._index = index
        self._packs = PackFiles(folder, index.packs)
        self._by_path = {entry.path: entry for entry in index.entries}
        self._by_digest: dict[bytes, CachedNote[Brief]] | None = None

    def __len__(self) -> int:
        return len(self._by_path)

    def _read_index(self) -> CacheIndex[Brief]:
        if self.folder is None:
            return CacheIndex()
        try:
            data = self.folder.read(INDEX_NAME)
        except FileNotFoundError:
            return CacheIndex()
        except (OSError, MemoryError) as error:
            self.trouble = f"not read: {_describe_error(error)}"
            return CacheIndex()
        index = decode_index(data, self.key, self._brief)
        if index is None:
            self.trouble = "not used: damaged, or of another version"
            return CacheIndex()
        if len(index.rules) > _MAX_RULES:
            for entry in index.entries:
                entry.ran, entry.problems = -1, {}
            index.rules, index.rans, index.joint = [], [], CorpusProblems()
        return index

    def find_unchanged(self, path: str, stamp: FileStamp) -> CachedNote[Brief] | None:
        """Return the entry of a note whose file cannot have changed since it was read; None if there is none."""
        entry = self._by_path.get(path)
        if entry is None or entry.stamp != stamp or not is_settled(stamp, self._index.since):
            return None
        return entry

    def find_by_digest(self, path: str, digest: bytes, stamp: FileStamp) -> CachedNote[Brief] | None:
        """Return an entry for exactly these bytes, under any path, or None. Only one of this path has problems."""
        entry = self._by_path.get(path)
        if entry is not None and entry.digest == digest:
            return replace(entry, stamp=stamp)
        if self._by_digest is None:
            self._by_digest = {entry.digest: entry for entry in self._index.entries}
        entry = self._by_digest.get(digest)
        return entry and replace(entry, path=path, stamp=stamp, ran=-1, problems={})

    def get_facts(self, entry: CachedNote[Brief]) -> FactBytes | None:
        """Return the encoded facts of an entry; None if they are lost or damaged."""
        return self._fresh.get(entry.digest) or self._packs.read_facts(entry)

    def add_facts(self, entry: CachedNote[Brief], facts: FactBytes) -> None:
        """Add the facts of a new entry. They stay in memory after they are saved."""
        self._fresh[entry.digest] = facts
        entry.pack, entry.length, entry.check = -1, len(facts), crc32(facts)

    def save(self, entries: list[CachedNote[Brief]], *, changed: bool) -> None:
        """Save these entries and no others.

        Nothing is written unless problems have `changed`, there are new facts, or entries are new, gone or have a new
        stamp. An error is reported in `trouble`.
        """
        if self.folder is None or not (changed or self._fresh or self._has_new_entries(entries)):
            return
        try:
            index: CacheIndex[Brief] = CacheIndex(
                self.compute_start_time(),
                [],
                self.rules,
                self.rans,
                [replace(entry) for entry in entries],
                self.joint,
            )
            self._write_pack(self.folder, index)
            self.folder.write(INDEX_NAME, [encode_index(index, self.key)])
            if self.values:
                self.values.save({entry.path.rpartition("/")[0] for entry in entries})
            self.folder.remove_unneeded(index.packs)
            self.saved = True
        except (OSError, MemoryError) as error:
            self.trouble = f"not saved: {_describe_error(error)}"

    def _has_new_entries(self, entries: list[CachedNote[Brief]]) -> bool:
        return len(entries) != len(self) or any(self._by_path.get(entry.path) is not entry for entry in entries)

    def compute_start_time(self) -> int:
        """Return when this run started, by the clock of the file system if that is behind the system's clock.

        0 if the clock cannot be read: then no file counts as unchanged since.
        """
        try:
            clock = self.folder.read_clock() if self.folder else 0
        except OSError:
            return 0
        return min(self.since, self.since + clock - time.time_ns())

    def _write_pack(self, folder: CacheDirectory, index: CacheIndex[Brief]) -> None:
        """Write the facts that are in no pack, or in packs that are not worth keeping, into a new pack."""
        kept = self._select_kept_packs(index.entries)
        numbers = {old: number for number, old in enumerate(kept)}
        index.packs = [self._index.packs[old] for old in kept]
        stay = [entry for entry in index.entries if entry.pack in numbers]
        move = [entry for entry in index.entries if entry.pack not in numbers]
        for entry in stay:
            entry.pack = numbers[entry.pack]
        moved: list[CachedNote[Brief]] = []
        pieces = list(self._collect_facts(move, moved, len(kept)))
        if pieces:
            index.packs.append(make_random_name() + _PACK_SUFFIX)
            folder.write(index.packs[-1], pieces)
        index.entries = sorted(stay + moved, key=_get_path)

    def _collect_facts(
        self, entries: Iterable[CachedNote[Brief]], moved: list[CachedNote[Brief]], pack: int
    ) -> Iterator[FactBytes]:
        """Yield the facts of the entries, each once. Add the entries to `moved`, except those whose facts are lost."""
        start = 0
        places: dict[bytes, int] = {}
        for entry in entries:
            facts = self.get_facts(entry)
            if facts is None:
                continue
            if entry.digest not in places:
                places[entry.digest] = start
                start += len(facts)
                yield facts
            entry.pack, entry.start = pack, places[entry.digest]
            entry.length, entry.check = len(facts), crc32(facts)
            moved.append(entry)

    def _select_kept_packs(self, entries: Iterable[CachedNote[Brief]]) -> list[int]:
        live: dict[int, int] = {}
        for entry in entries:
            if entry.pack >= 0:
                live[entry.pack] = live.get(entry.pack, 0) + entry.length
        sizes = {pack: self._packs.get_size(pack) for pack in live}
        kept = sorted(pack for pack, size in sizes.items() if 0 <= size <= 2 * live[pack])
        if len(kept) >= _MAX_PACKS:  # the small ones become one
            return [max(kept, key=sizes.__getitem__)]
        return kept


def _get_path(entry: CachedNote[Any]) -> str:
    return entry.path


def _describe_error(error: OSError | MemoryError) -> str:
    return (error.strerror or str(error)).lower() if isinstance(error, OSError) else "out of memory"


_VALUES_MAGIC = b"techstock values"
_Values = dict[bytes, bytes]


class StoredValues:
    """`KeptValues` that are read from the cache directory when the first one is asked for.

    `key` is that of the cache. With `fresh`, nothing is read. Without a folder they last as long as this object.
    """

    def __init__(self, folder: CacheDirectory | None, key: bytes, *, fresh: bool = False) -> None:
        self._folder, self._key = folder, key
        self._before: dict[str, _Values] | None = {} if fresh else None  # of earlier rounds, by group
        self._current: dict[str, _Values] = {}
        self._has_new = False

    def begin_round(self, group: str) -> None:
        before = self._load()
        if group in self._current:
            before[group] = self._current[group]
        self._current[group] = {}

    def get_value(self, group: str, key: bytes) -> bytes | None:
        current = self._current.setdefault(group, {})
        value = current.get(key)
        if value is None and (value := self._load().get(group, {}).get(key)) is not None:
            current[key] = value
        return value

    def add_value(self, group: str, key: bytes, value: bytes) -> None:
        self._current.setdefault(group, {})[key] = value
        self._has_new = True

    def _load(self) -> dict[str, _Values]:
        if self._before is None:
            self._before = self._read()
        return self._before

    def _read(self) -> dict[str, _Values]:
        try:
            data = self._folder.read(VALUES_NAME) if self._folder else b""
            key, body = decode_checked(_VALUES_MAGIC, data) or (b"", b"")
            return msgspec.msgpack.decode(body, type=dict[str, _Values]) if key == self._key else {}
        except (OSError, MemoryError, ValueError):  # msgspec's errors are of the last kind
            return {}

    def save(self, folders: Container[str]) -> None:
        """Write the values of the last round of each group, if any is new. Raise `OSError` or `MemoryError`.

        Those of folders that are not in `folders` are dropped.
        """
        if self._folder is None or not self._has_new:
            return
        every = self._load() | self._current
        kept = {group: values for group, values in every.items() if not group or group in folders}
        try:
            body = msgspec.msgpack.encode(kept)
        except UnicodeEncodeError:  # the name of a folder that is no UTF-8
            return
        self._folder.write(VALUES_NAME, [encode_checked(_VALUES_MAGIC, self._key, body)])
        self._has_new = False
