"""The directory that holds all caches: facts, web answers, images. Only files that techstock wrote are deleted."""

import os
import re
import time
from collections.abc import Iterable
from contextlib import suppress
from errno import EFBIG

from techstock.storage import atomic_file

DIRECTORY_NAME = ".techstock_cache"
INDEX_NAME = "notes.index"
_TAG = "CACHEDIR.TAG"
_IGNORE = ".gitignore"
_MARKER_FILES = {
    _TAG: b"Signature: 8a477f597d28d172789f06886806bc55\n# A cache of techstock, which may be deleted at any time.\n",
    _IGNORE: b"*\n",
}
_FACTS_NAME = re.compile(r"[0-9a-f]{16}\.facts")
_CACHE_FILE_NAME = re.compile(rf"notes\.index|{_FACTS_NAME.pattern}|web\.jsonl|images-\d+\.json")
_ABANDONED_AFTER = 60  # seconds after which what no index names is nobody's: other runs may be at work
_MAX_FILE_SIZE = 1 << 30  # bytes
_READ_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_WRITE_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


class CacheDirectory:
    """A cache directory. It is not created before something is saved. `path` is absolute."""

    def __init__(self, path: str) -> None:
        self.path = path

    @property
    def is_link(self) -> bool:
        return os.path.islink(self.path)

    def join_path(self, name: str) -> str:
        return os.path.join(self.path, name)

    def read(self, name: str, max_size: int = _MAX_FILE_SIZE) -> bytes:
        """Read a file. Raises `OSError`, also if it has more than `max_size` bytes; symbolic links are not followed."""
        with open(os.open(self.join_path(name), _READ_FLAGS), "rb") as file:
            if os.fstat(file.fileno()).st_size > max_size:
                raise OSError(EFBIG, os.strerror(EFBIG))
            return file.read()

    def open_facts(self, name: str) -> int:
        """Open a cache file for reading and return its descriptor. Raises `OSError`; links are not followed."""
        if not _FACTS_NAME.fullmatch(name):
            raise FileNotFoundError(name)
        return os.open(self.join_path(name), _READ_FLAGS)

    def write(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write a file atomically, so that nobody ever reads half of it. Raises `OSError`.

        Temporary files that a run left behind which was killed are removed.
        """
        self._create_directory()
        atomic_file.remove_abandoned_files(self.path)
        with atomic_file.open_atomic_file(self.path) as made:
            made.write(b"".join(pieces))
            made.rename_to(self.join_path(name))

    def read_clock(self) -> int:
        """Return the time by the clock of the file system, in nanoseconds. Raises `OSError`."""
        self._create_directory()
        with atomic_file.open_atomic_file(self.path) as made:
            return os.fstat(made.file).st_mtime_ns

    def _create_directory(self) -> None:
        os.makedirs(self.path, exist_ok=True)
        for name, content in _MARKER_FILES.items():
            with suppress(FileExistsError), open(os.open(self.join_path(name), _WRITE_FLAGS, 0o666), "wb") as file:
                file.write(content)

    def stat_files(self) -> dict[str, os.stat_result]:
        """Return the stat results of the cache's own files, without following symbolic links."""
        found = {}
        try:
            with os.scandir(self.path) as scan:
                for entry in scan:
                    if (
                        _CACHE_FILE_NAME.fullmatch(entry.name)
                        or entry.name in _MARKER_FILES
                        or atomic_file.is_temporary_name(entry.name)
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


def make_random_name() -> str:
    """Return a random name that no other process uses."""
    return os.urandom(8).hex()


def _remove_quietly(path: str) -> None:
    with suppress(OSError):
        os.unlink(path)
