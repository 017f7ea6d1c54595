"""Pack files, which hold encoded facts. Single pieces are read when they are needed."""

import os
from collections.abc import Sequence
from typing import Any
from zlib import crc32

from techstock.cache.index import CachedNote
from techstock.storage.cache_directory import CacheDirectory


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
