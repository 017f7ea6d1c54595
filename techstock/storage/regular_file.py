"""Reading of files: all that techstock reads from a disk comes through these functions.

Only regular files are read, never a pipe, a device or a folder, and no more of them than a limit. Nothing waits. What
lies in a project is read below its root only; what a person typed, and techstock's own files, may be links.
"""

import os
from errno import EFBIG, EINVAL, EPERM
from stat import S_ISREG

from techstock.text.unicode_names import is_git_name

StrOrBytesPath = str | bytes | os.PathLike[str]

# A pipe or device must not keep us waiting, and a link is not followed, whatever has happened since discovery.
_OPEN_FLAGS = os.O_RDONLY
for _name in ("O_BINARY", "O_CLOEXEC", "O_NOCTTY", "O_NONBLOCK"):  # Windows lacks most
    _OPEN_FLAGS |= getattr(os, _name, 0)
_NO_LINK_FLAG = getattr(os, "O_NOFOLLOW", 0)


class NotRegularFileError(OSError):
    """The path is not a regular file, but a pipe, a device or a folder."""

    def __init__(self) -> None:
        super().__init__(EINVAL, "it is not a regular file")


class FileTooLargeError(OSError):
    """The file has `size` bytes, more than allowed."""

    def __init__(self, size: int) -> None:
        super().__init__(EFBIG, os.strerror(EFBIG))
        self.size = size


class OutsideProjectError(OSError):
    """The path leads out of the project, or into the folder of git; `strerror` says which."""

    def __init__(self, why: str) -> None:
        super().__init__(EPERM, why)


def open_regular_file(path: StrOrBytesPath, *, follow_links: bool = False) -> int:
    """Open a regular file for reading, without blocking, and return its descriptor.

    A link at the end of `path` is followed only if asked for. Raises `NotRegularFileError`, another `OSError`, and
    `ValueError` for a name that no file can have.
    """
    file = os.open(path, _OPEN_FLAGS if follow_links else _OPEN_FLAGS | _NO_LINK_FLAG)
    if S_ISREG(os.fstat(file).st_mode):
        return file
    os.close(file)
    raise NotRegularFileError


def read_regular_file(path: StrOrBytesPath, limit: int, *, follow_links: bool = False) -> bytes:
    """Return the bytes of a regular file. Raises `FileTooLargeError` for more than `limit`, and as the above."""
    file = open_regular_file(path, follow_links=follow_links)
    try:
        return read_descriptor(file, limit)
    finally:
        os.close(file)


def read_descriptor(file: int, limit: int) -> bytes:
    """Return the rest of an open regular file. Raises `FileTooLargeError` and `OSError`."""
    expected = os.fstat(file).st_size
    data = _read_up_to(file, min(expected, limit) + 1)
    size = max(expected, len(data))
    if size > limit:
        raise FileTooLargeError(size)
    return data


def read_beginning(path: StrOrBytesPath, size: int, *, follow_links: bool = False) -> bytes:
    """Return at most `size` bytes from the beginning of a regular file. Raises as `open_regular_file` does."""
    file = open_regular_file(path, follow_links=follow_links)
    try:
        return _read_up_to(file, min(size, os.fstat(file).st_size + 1))
    finally:
        os.close(file)


def read_file_below(root: StrOrBytesPath, path: str, limit: int) -> bytes:
    """Return the bytes of a file of the project at `root`, whose links may lead to other files of the project.

    Raises `OutsideProjectError`, and as `read_regular_file` does.
    """
    return read_regular_file(locate_below(root, path), limit)


def locate_below(root: StrOrBytesPath, path: str) -> str:
    """Return the absolute path, without links, of a path below `root`; it need not exist.

    Raises `OutsideProjectError` for one that leads elsewhere, or into a folder of git.
    """
    top = os.path.realpath(os.fsdecode(root))
    real = os.path.realpath(os.path.join(top, path))
    if not real.startswith(os.path.join(top, "")):
        raise OutsideProjectError("it lies outside the root")
    if any(map(is_git_name, os.path.relpath(real, top).split(os.sep))):
        raise OutsideProjectError("it lies in the folder of git")
    return real


def _read_up_to(file: int, size: int) -> bytes:
    """Return at most `size` bytes; one call of `os.read` may return fewer before the file ends."""
    data = os.read(file, size)
    while len(data) < size and (more := os.read(file, size - len(data))):
        data += more
    return data
