"""Values computed from a few notes, in the cache directory: each is kept under a digest of all that it depends on."""

from collections.abc import Container

import msgspec

from techstock.cache.index import decode_checked, encode_checked
from techstock.storage.cache_directory import VALUES_NAME, CacheDirectory

_MAGIC = b"techstock values"
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
            key, body = decode_checked(_MAGIC, data) or (b"", b"")
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
        self._folder.write(VALUES_NAME, [encode_checked(_MAGIC, self._key, body)])
        self._has_new = False
