"""Write files of a project: all of one or nothing, only what is inside, and never over a change that was not seen."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from stat import S_IMODE, S_ISREG
from typing import BinaryIO

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL
_OLD = os.O_RDONLY
for _name in ("O_BINARY", "O_CLOEXEC", "O_NOFOLLOW"):  # Windows lacks most
    _NEW |= getattr(os, _name, 0)
    _OLD |= getattr(os, _name, 0)
_OLD |= getattr(os, "O_NONBLOCK", 0)


class WriteError(Exception):
    """A file is not written; the message is one clause about it."""


def is_inside(root: Path, path: Path) -> bool:
    """Whether `path` leads to what lies below `root` (absolute, without links), whatever links are on the way."""
    real = Path(os.path.realpath(path))
    return real != root and root in real.parents


def replace_file(root: Path, path: str, before: bytes, after: bytes) -> None:
    """Put `after` in place of the file at `path` below the root, which must still hold `before`.

    Its permissions stay. Raises `WriteError`, and then the file is as it was.
    """
    target = root / path
    try:
        mode = _checked(root, path, before)
        with temporary(target.parent, mode) as (stream, waiting):
            stream.write(after)
            finish(stream)
            _checked(root, path, before)  # the last moment: writing may have taken long
            waiting.replace(target)
    except OSError as error:
        raise WriteError(f"`{path}` cannot be written: {error.strerror}") from error
    _settle(target.parent)


@contextmanager
def temporary(folder: Path, mode: int = 0o644) -> Iterator[tuple[BinaryIO, Path]]:
    """A new file in `folder`, open for writing, and its path; what is left of it at the end is removed."""
    path = folder / f".techstock-{os.urandom(8).hex()}"
    file = os.open(path, _NEW, mode)
    try:
        with os.fdopen(file, "wb") as stream:
            if hasattr(os, "fchmod"):
                os.fchmod(file, mode)
            yield stream, path
    finally:
        path.unlink(missing_ok=True)


def finish(stream: BinaryIO) -> None:
    """Close a file whose content must survive a loss of power."""
    stream.flush()
    os.fsync(stream.fileno())
    stream.close()


def _checked(root: Path, path: str, before: bytes) -> int:
    """The permissions of a file that is a plain one inside the root and holds `before`. Raises `WriteError`."""
    target = root / path
    if Path(os.path.realpath(target)) != target or not is_inside(root, target):
        raise WriteError(f"`{path}` is not written: a link is on the way to it")
    file = os.open(target, _OLD)
    try:
        status = os.fstat(file)
        with os.fdopen(file, "rb", closefd=False) as stream:
            same = S_ISREG(status.st_mode) and stream.read(len(before) + 1) == before
    finally:
        os.close(file)
    if not same:
        raise WriteError(f"`{path}` is not written: it has changed meanwhile")
    return S_IMODE(status.st_mode)


def _settle(folder: Path) -> None:
    """Let the new name survive a loss of power, where a folder can be told to."""
    try:
        file = os.open(folder, os.O_RDONLY)
    except OSError:  # Windows
        return
    try:
        os.fsync(file)
    except OSError:
        return
    finally:
        os.close(file)
