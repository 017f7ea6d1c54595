"""The directory that holds all caches: facts, web answers, images. Only files that techstock wrote are deleted.

Nothing is read that another user owns: a file with made-up content could be anybody's.
"""

import os
import time
from collections.abc import Iterable
from contextlib import suppress
from errno import EPERM

from techstock.storage.regular_file import open_regular_file, read_descriptor
from techstock.text.lazy_patterns import compile_lazily

try:  # without `hashlib`, which also loads OpenSSL and so adds 3 ms to every start
    from _blake2 import blake2b as blake2b  # noqa: PLC0414 (for others to import)
except ImportError:  # another Python than CPython
    from hashlib import blake2b as blake2b  # noqa: PLC0414 (for others to import)

DIRECTORY_NAME = ".techstock_cache"
INDEX_NAME = "notes.index"
VALUES_NAME = "notes.values"
ANSWERS_NAME = "web.jsonl"
PRINTED_NAME = "printed.runs"
_TAG = "CACHEDIR.TAG"
_IGNORE = ".gitignore"
_MARKER_FILES = {
    _TAG: b"Signature: 8a477f597d28d172789f06886806bc55\n# A cache of techstock, which may be deleted at any time.\n",
    _IGNORE: b"*\n",
}
_CONTAINER_MARKS = ("/.dockerenv", "/run/.containerenv", "/var/run/secrets/kubernetes.io")
_FACTS_FORM = r"[0-9a-f]{16}\.facts"
_FACTS_NAME = compile_lazily(_FACTS_FORM)
_CACHE_FILE_NAME = compile_lazily(rf"notes\.(?:index|values)|printed\.runs|{_FACTS_FORM}|web\.jsonl|images-\d+\.json")
_ABANDONED_AFTER = 60  # seconds after which what no index names is nobody's: other runs may be at work
_MAX_FILE_SIZE = 1 << 30  # bytes


class CacheDirectory:
    """A cache directory. It is not created before something is saved. `path` is absolute."""

    def __init__(self, path: str) -> None:
        self.path = path

    @property
    def is_link(self) -> bool:
        return os.path.islink(self.path)

    def join_path(self, name: str) -> str:
        return os.path.join(self.path, name)

    @property
    def is_foreign(self) -> bool:
        """Return whether the directory exists and another user owns it."""
        try:
            return not _is_own(os.stat(self.path))
        except (OSError, ValueError):
            return False

    def read(self, name: str, max_size: int = _MAX_FILE_SIZE) -> bytes:
        """Read a file. Raises `OSError`, also if it has more than `max_size` bytes, is a link or another user's."""
        file = self._open_own_file(name)
        try:
            return read_descriptor(file, max_size)
        finally:
            os.close(file)

    def open_facts(self, name: str) -> int:
        """Open a cache file for reading and return its descriptor. Raises `OSError` as `read` does."""
        if not _FACTS_NAME.fullmatch(name):
            raise FileNotFoundError(name)
        return self._open_own_file(name)

    def _open_own_file(self, name: str) -> int:
        file = open_regular_file(self.join_path(name))
        if _is_own(os.fstat(file)):
            return file
        os.close(file)
        raise PermissionError(EPERM, "another user owns it")

    def write(self, name: str, pieces: Iterable[bytes | memoryview]) -> None:
        """Write a file atomically, so that nobody ever reads half of it. Raises `OSError`.

        Temporary files that a run left behind which was killed are removed.
        """
        from techstock.storage import atomic_file  # late: many runs save nothing

        self._create_directory()
        atomic_file.remove_abandoned_files(self.path)
        with atomic_file.open_atomic_file(self.path) as made:
            made.write(b"".join(pieces))
            made.rename_to(self.join_path(name))

    def read_clock(self) -> int:
        """Return the time by the clock of the file system, in nanoseconds. Raises `OSError`."""
        from techstock.storage import atomic_file

        self._create_directory()
        with atomic_file.open_atomic_file(self.path) as made:
            return os.fstat(made.file).st_mtime_ns

    def _create_directory(self) -> None:
        from techstock.storage.protected_files import create_scratch_file

        os.makedirs(self.path, exist_ok=True)
        for name, content in _MARKER_FILES.items():
            with suppress(FileExistsError):
                create_scratch_file(self.join_path(name), content)

    def stat_files(self) -> dict[str, os.stat_result]:
        """Return the stat results of the cache's own files, without following symbolic links."""
        from techstock.storage.atomic_file import is_temporary_name

        found = {}
        try:
            with os.scandir(self.path) as scan:
                for entry in scan:
                    if (
                        _CACHE_FILE_NAME.fullmatch(entry.name)
                        or entry.name in _MARKER_FILES
                        or is_temporary_name(entry.name)
                    ):
                        found[entry.name] = entry.stat(follow_symlinks=False)
        except OSError:
            return {}
        return found

    def remove_unneeded(self, needed: Iterable[str]) -> None:
        """Delete files of facts that are not `needed` and older than a minute."""
        kept = frozenset(needed)
        before = time.time() - _ABANDONED_AFTER
        for name, status in self.stat_files().items():
            if _FACTS_NAME.fullmatch(name) and name not in kept and status.st_mtime < before:
                _remove_quietly(self.join_path(name))

    def delete_cache(self) -> None:
        """Delete the cache's own files, and the directory if nothing else is in it. Raises `OSError`."""
        for name in self.stat_files():
            os.unlink(self.join_path(name))
        try:
            os.rmdir(self.path)
        except OSError:
            if os.path.isdir(self.path) and not os.listdir(self.path):
                raise


def _is_own(status: os.stat_result) -> bool:
    """Return whether this user owns a file; in a container, root has the files of others before it as its own."""
    if not hasattr(os, "geteuid"):  # Windows
        return True
    user = os.geteuid()
    return status.st_uid == user or (user == 0 and _is_in_container())


def _is_in_container() -> bool:
    return any(map(os.path.exists, _CONTAINER_MARKS))


def make_random_name() -> str:
    """Return a random name that no other process uses."""
    return os.urandom(8).hex()


def _remove_quietly(path: str) -> None:
    with suppress(OSError):
        os.unlink(path)
