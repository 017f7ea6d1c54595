"""The directory that holds a cache. Only files that techstock wrote are read or deleted."""

import os
import re
import time
from collections.abc import Iterable
from contextlib import suppress
from errno import EFBIG

from techstock import drafts

NAME = ".techstock_cache"
INDEX = "notes.index"
_TAG = "CACHEDIR.TAG"
_IGNORE = ".gitignore"
_MARKS = {
    _TAG: b"Signature: 8a477f597d28d172789f06886806bc55\n# A cache of techstock, which may be deleted at any time.\n",
    _IGNORE: b"*\n",
}
_OURS = re.compile(r"notes\.index|[0-9a-f]{16}\.facts")
_ABANDONED = 60  # seconds after which what no index names is nobody's: other runs may be at work
_LARGEST = 1 << 30  # bytes
_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


class Folder:
    """A cache directory. It is not created before something is saved. `path` is absolute."""

    def __init__(self, path: str) -> None:
        self.path = path

    @property
    def is_link(self) -> bool:
        return os.path.islink(self.path)

    def at(self, name: str) -> str:
        return os.path.join(self.path, name)

    def read(self, name: str) -> bytes:
        """Read a file. Raises `OSError`, also for a file of more than 1 GiB; symbolic links are not followed."""
        with open(os.open(self.at(name), _READ), "rb") as file:
            if os.fstat(file.fileno()).st_size > _LARGEST:
                raise OSError(EFBIG, os.strerror(EFBIG))
            return file.read()

    def opened(self, name: str) -> int:
        """Open a cache file for reading and return its descriptor. Raises `OSError`; links are not followed."""
        if not _OURS.fullmatch(name):
            raise FileNotFoundError(name)
        return os.open(self.at(name), _READ)

    def write(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write a file atomically, so that nobody ever reads half of it. Raises `OSError`."""
        self._prepare()
        with drafts.draft(self.path) as made:
            made.write(b"".join(pieces))
            made.place(self.at(name))

    def now(self) -> int:
        """Return the time by the clock of the file system, in nanoseconds. Raises `OSError`."""
        self._prepare()
        with drafts.draft(self.path) as made:
            return os.fstat(made.file).st_mtime_ns

    def _prepare(self) -> None:
        os.makedirs(self.path, exist_ok=True)
        for name, content in _MARKS.items():
            with suppress(FileExistsError), open(os.open(self.at(name), _WRITE, 0o666), "wb") as file:
                file.write(content)

    def files(self) -> dict[str, os.stat_result]:
        """Return the stat results of the cache's own files, without following symbolic links."""
        found = {}
        try:
            with os.scandir(self.path) as scan:
                for entry in scan:
                    if _OURS.fullmatch(entry.name) or entry.name in _MARKS or drafts.is_draft(entry.name):
                        found[entry.name] = entry.stat(follow_symlinks=False)
        except OSError:
            return {}
        return found

    def sweep(self, needed: Iterable[str]) -> None:
        """Delete own files that are not `needed` and older than a minute, and abandoned temporary files."""
        drafts.sweep(self.path)
        kept = {*needed, INDEX, *_MARKS}
        before = time.time() - _ABANDONED
        for name, status in self.files().items():
            if name not in kept and not drafts.is_draft(name) and status.st_mtime < before:
                _remove(self.at(name))

    def clean(self) -> None:
        """Delete the cache's own files, and the directory if nothing else is in it. Raises `OSError`."""
        for name in self.files():
            os.unlink(self.at(name))
        try:
            os.rmdir(self.path)
        except OSError:
            if os.path.isdir(self.path) and not os.listdir(self.path):
                raise


def unique() -> str:
    """Return a random name that no other process uses."""
    return os.urandom(8).hex()


def _remove(path: str) -> None:
    with suppress(OSError):
        os.unlink(path)
