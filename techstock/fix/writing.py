"""Write a note, whole or not at all."""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from errno import EACCES, EBUSY, ELOOP, ENOTSUP, EPERM, EXDEV
from pathlib import Path
from stat import S_IMODE, S_ISREG

from techstock import drafts

_FLAGS = 0
for _name in ("O_BINARY", "O_CLOEXEC", "O_NOCTTY", "O_NOFOLLOW", "O_NONBLOCK"):  # Windows lacks most
    _FLAGS |= getattr(os, _name, 0)
_FORBIDDEN = frozenset({EACCES, EPERM, EXDEV, EBUSY, ENOTSUP})  # a new file, or that it takes the note's place
_BY_FOLDER = {os.open, os.rename, os.unlink} <= os.supports_dir_fd


class WriteError(Exception):
    """A note was not changed; the message is one sentence."""


def write(root: Path, changes: Mapping[str, tuple[str, str]]) -> None:
    """Write notes, each from its old text (as it was read) to its new one: all of them, or none.

    The keys are paths below `root` (absolute, without links), with `/`. A reader sees a note old or new, never half of
    it, where the folder allows new files; elsewhere, and where a note has several names, it is written in place. The
    mode stays. Raises `WriteError` where a note is not what was read any more, is a link or lies behind one, or cannot
    be written; the notes are then as before.
    """
    done: list[str] = []
    try:
        for path, (old, new) in changes.items():
            if old != new:
                _write(root, path, old.encode(), new.encode())
                done.append(path)
    except BaseException as error:
        stuck = [path for path in reversed(done) if not _is_put_back(root, path, changes[path])]
        if stuck and isinstance(error, WriteError):
            names = ", ".join(f"`{path}`" for path in stuck)
            raise WriteError(f"{error}; {names} belongs with it and could not be put back") from error
        raise


def sweep(root: Path, paths: Iterable[str]) -> None:
    """Remove what killed runs left beside these notes. Raises nothing: they do no harm."""
    for path in {os.path.dirname(path): path for path in paths}.values():
        with suppress(OSError, ValueError), _folder(root, path) as (folder, name):
            drafts.sweep(os.path.dirname(name), folder)


def _is_put_back(root: Path, path: str, change: tuple[str, str]) -> bool:
    old, new = change
    try:
        _write(root, path, new.encode(), old.encode())
    except WriteError:
        return False
    return True


def _write(root: Path, path: str, old: bytes, new: bytes) -> None:
    try:
        with _folder(root, path) as (folder, name), _opened(name, os.O_RDWR, folder) as file:
            _lock(file)
            _expect(file, old)
            if not _replaced(folder, name, file, old, new):
                _overwrite(file, old, new)
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        raise WriteError(f"`{path}` is not written: {_reason(error)}") from error
    except _ChangedError as error:
        raise WriteError(f"`{path}` is not written: {error}") from error


class _ChangedError(Exception):
    """The file is not the one that was read."""


@contextmanager
def _folder(root: Path, path: str) -> Iterator[tuple[int | None, str]]:
    """The folder of a note, opened step by step so that no link is followed, and the note's name in it."""
    if not _BY_FOLDER:  # Windows
        full = os.path.join(root, path)
        if os.path.realpath(os.path.dirname(full)) != os.path.normpath(os.path.dirname(full)):
            raise OSError(ELOOP, os.strerror(ELOOP))
        yield None, full
        return
    *folders, name = path.encode().split(b"/")
    file = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for folder in folders:
            inner = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | _FLAGS, dir_fd=file)
            os.close(file)
            file = inner
        yield file, os.fsdecode(name)
    finally:
        os.close(file)


@contextmanager
def _opened(name: str, flags: int, folder: int | None) -> Iterator[int]:
    file = os.open(name, flags | _FLAGS, dir_fd=folder)
    try:
        yield file
    finally:
        os.close(file)


def _lock(file: int) -> None:
    """Let no other run write this note meanwhile: it would not see what this one is about to put in its place."""
    try:
        drafts.lock(file)
    except BlockingIOError:
        raise _ChangedError("another run is writing it") from None
    except OSError:  # there are no locks here
        return


def _expect(file: int, content: bytes) -> None:
    """Raise `_ChangedError` unless this regular file holds exactly these bytes."""
    status = os.fstat(file)
    if not S_ISREG(status.st_mode):
        raise _ChangedError("it is not a regular file")
    os.lseek(file, 0, os.SEEK_SET)
    if status.st_size != len(content) or _content(file, len(content) + 1) != content:
        raise _ChangedError("it has changed since it was read")


def _content(file: int, size: int) -> bytes:
    data = b""
    while len(data) < size and (more := os.read(file, size - len(data))):
        data += more
    return data


def _replaced(folder: int | None, name: str, file: int, old: bytes, new: bytes) -> bool:
    """Put a new file in the place of the note; whether that was possible."""
    status = os.fstat(file)
    if status.st_nlink > 1:  # its other names would keep the old text
        return False
    try:
        with drafts.draft(os.path.dirname(name), 0o600, folder) as made:
            _fill(made, new, status)
            with _opened(name, os.O_RDONLY, folder) as current:
                if not os.path.samestat(os.fstat(current), status):
                    raise _ChangedError("another file has taken its place")
                _expect(current, old)
            made.place(name)
    except OSError as error:
        if error.errno in _FORBIDDEN:
            return False
        raise
    if folder is not None:
        with suppress(OSError):  # the note is whole either way
            os.fsync(folder)
    return True


def _fill(made: drafts.Draft, content: bytes, like: os.stat_result) -> None:
    """Give a new file this content, and the owner and mode of another."""
    made.write(content)
    if hasattr(os, "fchown"):
        status = os.fstat(made.file)
        if (status.st_uid, status.st_gid) != (like.st_uid, like.st_gid):
            os.fchown(made.file, like.st_uid, like.st_gid)
        os.fchmod(made.file, S_IMODE(like.st_mode))
    made.sync()


def _overwrite(file: int, old: bytes, new: bytes) -> None:
    """Write into the file itself; whatever goes wrong, put the old content back."""
    _expect(file, old)
    try:
        if len(new) > len(old) and hasattr(os, "posix_fallocate"):
            os.posix_fallocate(file, 0, len(new))  # a full disk says so before anything is lost
        _rewrite(file, new)
    except BaseException:
        with suppress(OSError):
            _rewrite(file, old)
        raise


def _rewrite(file: int, content: bytes) -> None:
    os.lseek(file, 0, os.SEEK_SET)
    drafts.put(file, content)
    os.ftruncate(file, len(content))
    os.fsync(file)


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError):
        return "it is gone"
    if isinstance(error, NotADirectoryError) or (isinstance(error, OSError) and error.errno == ELOOP):
        return "it is a symbolic link, or lies behind one"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return "no file can have this name"
