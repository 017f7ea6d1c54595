"""Atomic writing of changed notes."""

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from errno import EACCES, EBUSY, ELOOP, ENOTSUP, EPERM, EXDEV
from pathlib import Path
from stat import S_IMODE, S_IRWXO, S_ISREG

from techstock.storage import atomic_file
from techstock.storage.protected_files import open_file_at, open_folder_below
from techstock.storage.regular_file import FileTooLargeError, read_descriptor

_NOT_REPLACEABLE_ERRNOS = frozenset(
    {EACCES, EPERM, EXDEV, EBUSY, ENOTSUP}
)  # a new file, or that it takes the note's place


class WriteError(Exception):
    """Raised if a note cannot be written; the message is one sentence."""


def write_changes(root: Path, changes: Mapping[str, tuple[str, str]]) -> None:
    """Write notes, each from its old text (as it was read) to its new one, in the given order: all of them, or none.

    Whoever plans the changes decides the order: what moves from note to note must be written where it arrives first.
    The keys are paths below `root` (absolute, without links), with `/`. A new file replaces each note, so that every
    reader sees the old or the new text, never a part of it, even if this process is killed. Mode, group and extended
    attributes are kept, and the owner too, if this process may change owners. Raise `WriteError` if a note differs from
    the text that was read, is a link or is behind one, has several names, or cannot be replaced; the notes are then as
    before.
    """
    done: list[str] = []
    try:
        for path, (old, new) in changes.items():
            if old != new:
                _write_note(root, path, old.encode(), new.encode())
                done.append(path)
    except BaseException as error:
        stuck = [path for path in reversed(done) if not _restore_note(root, path, changes[path])]
        if stuck and isinstance(error, WriteError):
            names = ", ".join(f"`{path}`" for path in stuck)
            raise WriteError(f"{error}; {names} belongs with it and could not be put back") from error
        raise


def remove_stale_files(root: Path, paths: Iterable[str]) -> None:
    """Remove temporary files that killed runs left beside these notes. Errors are ignored: the files do no harm."""
    for path in {os.path.dirname(path): path for path in paths}.values():
        with suppress(OSError, ValueError), open_folder_below(root, path) as (folder, name):
            atomic_file.remove_abandoned_files(os.path.dirname(name), folder)


def _restore_note(root: Path, path: str, change: tuple[str, str]) -> bool:
    old, new = change
    try:
        _write_note(root, path, new.encode(), old.encode())
    except WriteError:
        return False
    return True


def _write_note(root: Path, path: str, old: bytes, new: bytes) -> None:
    try:
        with open_folder_below(root, path) as (folder, name), open_file_at(name, os.O_RDWR, folder) as file:
            _lock_file(file)
            _require_content(file, old)
            _replace_file(folder, name, file, old, new)
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        raise WriteError(f"`{path}` is not written: {_describe_error(error)}") from error
    except _WriteRefusedError as error:
        raise WriteError(f"`{path}` is not written: {error}") from error


class _WriteRefusedError(Exception):
    """Raised if the file is not the one that was read, or cannot be replaced."""


def _lock_file(file: int) -> None:
    """Lock a note against other runs, which would not see the text that this one is about to write.

    Raise `_WriteRefusedError` if another run has locked it.
    """
    try:
        atomic_file.lock_file(file)
    except BlockingIOError:
        raise _WriteRefusedError("another run is writing it") from None
    except OSError:  # there are no locks here
        return


def _require_content(file: int, content: bytes) -> None:
    """Raise `_WriteRefusedError` unless this regular file contains exactly these bytes."""
    if not S_ISREG(os.fstat(file).st_mode):
        raise _WriteRefusedError("it is not a regular file")
    os.lseek(file, 0, os.SEEK_SET)
    try:
        same = read_descriptor(file, len(content)) == content
    except FileTooLargeError:
        same = False
    if not same:
        raise _WriteRefusedError("it has changed since it was read")


def _replace_file(folder: int | None, name: str, file: int, old: bytes, new: bytes) -> None:
    """Replace a note by a new file. Raise `_WriteRefusedError` if it has several names or has been replaced."""
    status = os.fstat(file)
    if status.st_nlink > 1:  # a new file would leave the old text under the other names, and in place it may be torn
        raise _WriteRefusedError("it has several names (hard links); put a copy in its place to have that written")
    try:
        with atomic_file.open_atomic_file(os.path.dirname(name), 0o600, folder) as made:
            _fill_replacement(made, new, status, file)
            with open_file_at(name, os.O_RDONLY, folder) as current:
                if not os.path.samestat(os.fstat(current), status):
                    raise _WriteRefusedError("another file has taken its place")
                _require_content(current, old)
            made.rename_to(name)
    except OSError as error:
        if error.errno in _NOT_REPLACEABLE_ERRNOS:
            raise _WriteRefusedError(f"no new file can take its place: {_describe_error(error)}") from error
        raise
    if folder is not None:
        with suppress(OSError):  # the note is whole either way
            os.fsync(folder)


def _fill_replacement(made: atomic_file.AtomicFile, content: bytes, like: os.stat_result, note: int) -> None:
    """Write the content to a new file, and copy the owner, attributes and mode of the note."""
    made.write(content)
    if hasattr(os, "fchown"):
        _copy_owner(made.file, like)
        _copy_attributes(note, made.file)
        os.fchmod(made.file, S_IMODE(like.st_mode))
    made.sync()


def _copy_owner(file: int, like: os.stat_result) -> None:
    status = os.fstat(file)
    try:
        if (status.st_uid, status.st_gid) != (like.st_uid, like.st_gid):
            os.fchown(file, like.st_uid, like.st_gid)
    except PermissionError:  # the note becomes ours, as from git; its mode must not open it to another group
        if status.st_gid != like.st_gid:
            _copy_group(file, like)


def _copy_group(file: int, like: os.stat_result) -> None:
    """Give the file the group of the note; if that is forbidden, leave it where the group may do no more than others.

    Raise `_WriteRefusedError` if the group of the note matters.
    """
    try:
        os.fchown(file, -1, like.st_gid)
    except PermissionError:
        if like.st_mode >> 3 & ~like.st_mode & S_IRWXO:
            raise _WriteRefusedError(
                "it belongs to a group that you are not in, which a new file cannot keep; `chgrp` gives it to yours"
            ) from None


def _copy_attributes(note: int, file: int) -> None:
    """Copy extended attributes, which include access control lists.

    Errors are ignored for attributes of the `security` namespace, which the system may set itself.
    """
    if not hasattr(os, "listxattr"):  # Linux alone
        return
    try:
        names = os.listxattr(note)
    except OSError:  # there are none on this file system
        return
    for name in names:
        try:
            os.setxattr(file, name, os.getxattr(note, name))
        except OSError:
            if not name.startswith("security."):
                raise


def _describe_error(error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError):
        return "it is gone"
    if isinstance(error, NotADirectoryError) or (isinstance(error, OSError) and error.errno == ELOOP):
        return "it is a symbolic link, or lies behind one"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return "no file can have this name"
