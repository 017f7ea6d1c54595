"""Files that are written atomically, and the removal of temporary files that killed processes left behind.

On Linux the temporary file has no name while it is written (`O_TMPFILE`): a process that is killed leaves nothing. It
needs a name between its link and the rename that replaces the target, as no system call does both; elsewhere, and on
file systems without `O_TMPFILE`, it has one from the beginning. The process that writes it holds a lock on it as long
as it lives, so that the next run recognizes abandoned files.
"""

import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EINVAL, EISDIR, ENOENT, EOPNOTSUPP
from stat import S_ISREG

_NAME_PREFIX = ".techstock-"
_NAME_PATTERN = re.compile(rf"{re.escape(_NAME_PREFIX)}[0-9a-f]{{16}}")
_OPEN_FLAGS = os.O_RDWR
for _flag in ("O_BINARY", "O_CLOEXEC", "O_NOCTTY", "O_NOFOLLOW", "O_NONBLOCK"):  # Windows lacks most
    _OPEN_FLAGS |= getattr(os, _flag, 0)
_TMPFILE_FLAG = getattr(os, "O_TMPFILE", 0) if os.path.isdir("/proc/self/fd") else 0
_UNSUPPORTED_ERRORS = frozenset({EINVAL, EISDIR, ENOENT, EOPNOTSUPP})  # what a file system or kernel without it answers
_HAS_DIR_FD = {os.open, os.link, os.rename, os.unlink} <= os.supports_dir_fd
_ABANDONED_AFTER = 60  # seconds after which a draft is nobody's, where there are no locks

if sys.platform == "win32":

    def lock_file(file: int) -> None:
        """Do nothing: on Windows an open file cannot be removed."""

else:
    import fcntl

    def lock_file(file: int) -> None:
        """Lock an open file until it is closed or its process ends.

        Raises `BlockingIOError` if another process holds the lock, another `OSError` if locks are not supported.
        """
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def write_all(file: int, content: bytes) -> None:
    """Write all of `content` to a descriptor. Raises `OSError`."""
    view = memoryview(content)
    while view:
        view = view[os.write(file, view) :]


class AtomicFile:
    """A temporary file, with or without a name, that replaces its target once complete; `file` is its descriptor."""

    def __init__(self, folder: int | None, directory: str) -> None:
        self.file = -1
        self._folder, self._directory = folder, directory
        self._name = ""

    def open(self, mode: int) -> None:
        """Create and lock the temporary file. Raises `OSError`."""
        if _TMPFILE_FLAG and self._folder is not None:
            try:
                self.file = os.open(self._directory or ".", _OPEN_FLAGS | _TMPFILE_FLAG, mode, dir_fd=self._folder)
            except OSError as error:
                if error.errno not in _UNSUPPORTED_ERRORS:
                    raise
            else:
                with suppress(OSError):
                    lock_file(self.file)
                return
        self._open_named(mode)

    def _open_named(self, mode: int) -> None:
        while True:
            self._choose_name()
            try:
                self.file = os.open(self._name, _OPEN_FLAGS | os.O_CREAT | os.O_EXCL, mode, dir_fd=self._folder)
            except FileExistsError:  # somebody else's
                self._name = ""
                raise
            with suppress(OSError):
                lock_file(self.file)
            if os.fstat(self.file).st_nlink:
                return
            self.close()  # another run took it for nobody's, before it was locked

    def _choose_name(self) -> None:
        self._name = os.path.join(self._directory, f"{_NAME_PREFIX}{os.urandom(8).hex()}")

    def write(self, content: bytes) -> None:
        """Append to the file. Raises `OSError`."""
        write_all(self.file, content)

    def clear_content(self) -> None:
        """Remove all content of the file. Raises `OSError`."""
        os.lseek(self.file, 0, os.SEEK_SET)
        os.ftruncate(self.file, 0)

    def sync(self) -> None:
        """Flush the content to the disk, so that it survives a loss of power. Raises `OSError`."""
        os.fsync(self.file)

    def rename_to(self, target: str) -> None:
        """Rename the file to `target` in its directory, atomically; an existing file is replaced. Raises `OSError`."""
        if not self._name:
            self._link_name()
        if sys.platform == "win32":
            self._close_descriptor()
        os.replace(self._name, target, src_dir_fd=self._folder, dst_dir_fd=self._folder)
        self._name = ""

    def create_as(self, target: str) -> None:
        """Give the file the name `target` in its directory. Raises `FileExistsError` if it is taken, or `OSError`."""
        if sys.platform == "win32":
            self._close_descriptor()
            os.rename(self._name, target)  # which replaces nothing there
            self._name = ""
            return
        try:
            if self._name:
                os.link(self._name, target, src_dir_fd=self._folder, dst_dir_fd=self._folder, follow_symlinks=False)
            else:
                os.link(f"/proc/self/fd/{self.file}", target, dst_dir_fd=self._folder, follow_symlinks=True)
        except FileExistsError:
            raise
        except OSError:  # a file system without links: the name is taken first, and then replaced
            os.close(os.open(target, _OPEN_FLAGS | os.O_CREAT | os.O_EXCL, dir_fd=self._folder))
            self.rename_to(target)

    def read_content(self) -> bytes:
        """Return all that was written. Raises `OSError`."""
        os.lseek(self.file, 0, os.SEEK_SET)
        data = b""
        while piece := os.read(self.file, 1 << 20):
            data += piece
        return data

    def _link_name(self) -> None:
        self._choose_name()
        try:
            os.link(f"/proc/self/fd/{self.file}", self._name, dst_dir_fd=self._folder, follow_symlinks=True)
        except FileExistsError:  # somebody else's
            self._name = ""
            raise

    def close(self) -> None:
        """Close the file; unless it was renamed to its target, it is deleted."""
        try:
            self._close_descriptor()
        finally:  # Ctrl-C may come at any moment
            if self._name:
                with suppress(OSError):
                    os.unlink(self._name, dir_fd=self._folder)
                self._name = ""

    def _close_descriptor(self) -> None:
        if self.file >= 0:
            file, self.file = self.file, -1
            with suppress(OSError):
                os.close(file)


@contextmanager
def open_atomic_file(directory: str, mode: int = 0o666, folder: int | None = None) -> Iterator[AtomicFile]:
    """Create a temporary file in a directory, relative to the descriptor `folder` if there is one. Raises `OSError`."""
    opened = -1
    if folder is None and _HAS_DIR_FD:
        opened = folder = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        directory = ""
    made = AtomicFile(folder, directory)
    try:
        made.open(mode)
        yield made
    finally:
        made.close()
        if opened >= 0:
            with suppress(OSError):
                os.close(opened)


def is_temporary_name(name: str) -> bool:
    """Return whether a file of this name is a temporary file of techstock, abandoned or not."""
    return _NAME_PATTERN.fullmatch(name) is not None


def remove_abandoned_files(directory: str, folder: int | None = None) -> None:
    """Remove the temporary files in a directory whose processes have ended; errors are ignored."""
    try:
        names = os.listdir(directory or "." if folder is None else folder)
    except OSError:
        return
    for name in filter(is_temporary_name, names):
        with suppress(OSError):
            _remove_if_abandoned(os.path.join(directory, name), folder)


def _remove_if_abandoned(name: str, folder: int | None) -> None:
    file = os.open(name, _OPEN_FLAGS, dir_fd=folder)
    try:
        status = os.fstat(file)
        if not S_ISREG(status.st_mode) or status.st_nlink != 1:
            return
        if sys.platform == "win32" and time.time() - status.st_mtime < _ABANDONED_AFTER:
            return
        lock_file(file)
        if sys.platform != "win32":
            os.unlink(name, dir_fd=folder)
    finally:
        os.close(file)
    if sys.platform == "win32":
        os.unlink(name)
