"""Reading of notes: their text, or the reason why it cannot be read."""

import os
from errno import ELOOP
from pathlib import Path
from stat import S_ISREG

from techstock.model import Fault, Place
from techstock.project.encoding import not_utf8

# A pipe or device must not keep us waiting, and a link is not followed, whatever has happened since discovery.
_FLAGS = os.O_RDONLY
for _name in ("O_BINARY", "O_CLOEXEC", "O_NOCTTY", "O_NOFOLLOW", "O_NONBLOCK"):  # Windows lacks most
    _FLAGS |= getattr(os, _name, 0)
_NOWHERE = Place(0, 0)


class NotRegularError(Exception):
    """The path is not a regular file, but a pipe, a device or a folder."""


class TooLargeError(Exception):
    """The file has `size` bytes, more than allowed."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size


def read(project_root: Path, path: str, *, limit: int) -> str | Fault:
    """Return the text of the note at `path` below the root; a byte order mark and line endings are kept.

    `limit` is the largest size in bytes that is read. If the file cannot be read, the result is a fault of the kind
    `unreadable`, `size` or `encoding`.
    """
    data = content(os.fsencode(project_root), path, limit=limit)
    return data if isinstance(data, Fault) else decoded(data, path)


def content(project_root: bytes, path: str, *, limit: int) -> bytes | Fault:
    """Return the bytes of the note at `path`, or a fault of the kind `unreadable` or `size`."""
    try:
        return _bytes(located(project_root, path), limit)
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        return Fault(_NOWHERE, "unreadable", f"the note cannot be read: {_reason(error)}")


def located(project_root: bytes, path: str) -> bytes:
    """Return the absolute path of a note in bytes, as the system takes it."""
    return os.path.join(project_root, path.encode())


def decoded(data: bytes, path: str) -> str | Fault:
    """Decode the bytes of the note at `path`; a byte order mark and line endings are kept."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        message, cure = not_utf8(data, error.start, path)
        return Fault(_NOWHERE, "encoding", message, cure)


def _bytes(path: bytes, limit: int) -> bytes | Fault:
    try:
        return bytes_of(path, limit)
    except NotRegularError:
        return Fault(_NOWHERE, "unreadable", "the note cannot be read: it is not a regular file")
    except TooLargeError as error:
        return _too_large(error.size, limit)


def bytes_of(path: bytes, limit: int) -> bytes:
    """Return the bytes of a regular file without following a link at the end of `path` and without blocking.

    Raises `FileTooLargeError` for more than `limit` bytes, `NotRegularFileError`, `OSError`, and `ValueError` for a
    name that no file can have.
    """
    file = os.open(path, _FLAGS)
    try:
        status = os.fstat(file)
        if not S_ISREG(status.st_mode):
            raise NotRegularError
        data = _content(file, min(status.st_size, limit) + 1)
        size = max(status.st_size, len(data))
    finally:
        os.close(file)
    if size > limit:
        raise TooLargeError(size)
    return data


def _content(file: int, size: int) -> bytes:
    """Return at most `size` bytes; one call of `os.read` may return fewer before the file ends."""
    data = os.read(file, size)
    while len(data) < size and (more := os.read(file, size - len(data))):
        data += more
    return data


def _too_large(size: int, limit: int) -> Fault:
    message = f"the note has {size:,} bytes, more than the {limit:,} of `limits.file-size`"
    return Fault(_NOWHERE, "size", message, "split the note, or raise `limits.file-size`")


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError):
        return "the file is gone"
    if isinstance(error, OSError) and error.errno == ELOOP:
        return "it is a symbolic link"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return "no file can have this name"
