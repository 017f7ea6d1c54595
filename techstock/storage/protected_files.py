"""Writing of files: all that techstock writes to a disk goes through these functions and `atomic_file`.

What is written below a root passes no link and never enters a folder of git, whatever its name is spelled like; a file
is there whole or not at all. What a person types may be a link or lie anywhere, and a pipe or device is written to
directly.
"""

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EEXIST, EISDIR, ELOOP, ENXIO
from pathlib import Path

from techstock.storage import atomic_file
from techstock.storage.regular_file import NotRegularFileError, OutsideProjectError
from techstock.text.unicode_names import is_git_name

_OPEN_FLAGS = 0
for _name in ("O_BINARY", "O_CLOEXEC", "O_NOCTTY", "O_NOFOLLOW", "O_NONBLOCK"):  # Windows lacks most
    _OPEN_FLAGS |= getattr(os, _name, 0)
_HAS_DIR_FD = {os.open, os.mkdir, os.rename, os.stat, os.unlink} <= os.supports_dir_fd
_IN_GIT = "it lies in the folder of git"
_STANDARD_STREAMS = {"/dev/stdout": 1, "/dev/stderr": 2}
_DESCRIPTOR = re.compile(r"/(?:dev|proc/self)/fd/(\d{1,6})")


@contextmanager
def open_folder_below(root: str | os.PathLike[str], path: str) -> Iterator[tuple[int | None, str]]:
    """Yield the folder of a file to write, opened step by step so that no link is followed, and the file's name in it.

    `path` is relative to `root` (absolute, without links), with `/`. On systems without descriptors of folders, the
    folder is None and the name absolute. Raises `OutsideProjectError` for a path into a folder of git or out of the
    root, another `OSError`, and `ValueError` for a name that no file can have.
    """
    *folders, name = _split_path(path)
    if not _HAS_DIR_FD:  # Windows
        full = os.path.join(root, path)
        if os.path.realpath(os.path.dirname(full)) != os.path.normpath(os.path.dirname(full)):
            raise OSError(ELOOP, os.strerror(ELOOP))
        yield None, full
        return
    file = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for folder in folders:
            inner = os.open(folder.encode(), os.O_RDONLY | os.O_DIRECTORY | _OPEN_FLAGS, dir_fd=file)
            os.close(file)
            file = inner
            if _is_git_folder(file):
                raise OutsideProjectError(_IN_GIT)
        yield file, name
    finally:
        os.close(file)


def _split_path(path: str) -> list[str]:
    """Return the steps of a path below a root. Raises `OutsideProjectError`."""
    steps = path.split("/")
    if any(step in ("", ".", "..") for step in steps) or os.path.isabs(path) or os.path.splitdrive(path)[0]:
        raise OutsideProjectError("it lies outside the root")
    if any(map(is_git_name, steps)):
        raise OutsideProjectError(_IN_GIT)
    return steps


def _is_git_folder(folder: str | int) -> bool:
    """Return whether git keeps its own files in a folder (a path or a descriptor), under whatever name."""
    try:
        names = set(os.listdir(folder))
    except OSError:
        return False
    return "HEAD" in names and ("commondir" in names or {"objects", "refs"} <= names)


@contextmanager
def open_file_at(name: str, flags: int, folder: int | None) -> Iterator[int]:
    """Open a file in a folder that `open_folder_below` yields, and yield its descriptor; a link is not followed."""
    file = os.open(name, flags | _OPEN_FLAGS, 0o666, dir_fd=folder)
    try:
        yield file
    finally:
        os.close(file)


def write_file_below(root: str | os.PathLike[str], path: str, content: bytes) -> None:
    """Write a file below `root` atomically; an old one that is a regular file is replaced and its mode kept.

    Raises `NotRegularFileError` if something else is in its place, and as `open_folder_below` does.
    """
    with open_folder_below(root, path) as (folder, name):
        try:
            mode = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
        except FileNotFoundError:
            mode = 0
        if mode and not stat.S_ISREG(mode):
            raise NotRegularFileError
        _replace_file(folder, name, content, stat.S_IMODE(mode))


def create_file_below(root: str | os.PathLike[str], path: str, content: bytes) -> list[Path]:
    """Create a file below `root` atomically, and the folders that are missing; return what was created, folders first.

    Raises `FileExistsError` if the file exists, and as `open_folder_below` does; created folders are then removed.
    """
    made = create_folders_below(root, path.rpartition("/")[0])
    try:
        with open_folder_below(root, path) as (folder, name):
            directory = os.path.dirname(name)
            with atomic_file.open_atomic_file(directory, folder=folder) as file:
                file.write(content)
                file.sync()
                file.create_as(name)
    except BaseException:
        remove_created(made)
        raise
    return [*made, Path(root, path)]


def create_folders_below(root: str | os.PathLike[str], path: str) -> list[Path]:
    """Create a folder below `root` with those above it, and return the new ones. Raises as `open_folder_below` does."""
    made: list[Path] = []
    steps = _split_path(path) if path else []
    try:
        for count in range(1, len(steps) + 1):
            with open_folder_below(root, "/".join(steps[:count])) as (folder, name):
                try:
                    os.mkdir(name, dir_fd=folder)
                except FileExistsError:
                    _require_folder(Path(root, *steps[:count]), folder, name)
                else:
                    made.append(Path(root, *steps[:count]))
    except BaseException:
        remove_created(made)
        raise
    return made


def _require_folder(path: Path, folder: int | None, name: str) -> None:
    """Raise `OSError` unless a folder has this name; its `filename` is `path`."""
    mode = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
    if stat.S_ISLNK(mode):
        raise OSError(ELOOP, os.strerror(ELOOP), str(path))
    if not stat.S_ISDIR(mode):
        raise FileExistsError(EEXIST, os.strerror(EEXIST), str(path))


def remove_created(paths: list[Path]) -> None:
    """Remove files and empty folders that were created in this order; errors are ignored."""
    for path in reversed(paths):
        with suppress(OSError):
            if path.is_dir():
                path.rmdir()
            else:
                path.unlink()


def create_scratch_file(path: str, content: bytes) -> None:
    """Create a file in a folder of techstock's own. Raises `OSError`, also if anything of this name exists."""
    with open_file_at(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, None) as file:
        atomic_file.write_all(file, content)


def find_descriptor(path: str | os.PathLike[str]) -> int | None:
    """Return the open descriptor of this process that a path such as `/dev/stdout` names, whatever it leads to."""
    name = os.fspath(path)
    match = _DESCRIPTOR.fullmatch(name)
    return int(match[1]) if match else _STANDARD_STREAMS.get(name)


def write_typed_file(file: Path, content: bytes) -> None:
    """Write a file that a person named, without links: atomically if it is a regular file or new, else directly.

    Raises `OSError`, also for a pipe that nobody reads: opening it would wait for a reader.
    """
    descriptor = find_descriptor(file)
    if descriptor is None and (not file.exists() or file.is_file()):
        mode = stat.S_IMODE(file.stat().st_mode) if file.exists() else 0
        folder = str(file.parent)
        atomic_file.remove_abandoned_files(folder)
        _replace_file(None, str(file), content, mode)
        return
    stream = _open_stream(file) if descriptor is None else os.dup(descriptor)
    try:
        atomic_file.write_all(stream, content)
    finally:
        os.close(stream)


def _open_stream(file: Path) -> int:
    """Open a pipe or a device for writing. Raises `OSError`."""
    if file.is_dir():
        raise IsADirectoryError(EISDIR, os.strerror(EISDIR))
    try:
        stream = os.open(file, os.O_WRONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0))
    except OSError as error:
        if error.errno == ENXIO:
            raise OSError(ENXIO, "nobody reads this pipe") from None
        raise
    if hasattr(os, "set_blocking"):
        os.set_blocking(stream, True)
    return stream


def _replace_file(folder: int | None, name: str, content: bytes, mode: int) -> None:
    with atomic_file.open_atomic_file(os.path.dirname(name), folder=folder) as made:
        made.write(content)
        if mode and hasattr(os, "fchmod"):
            os.fchmod(made.file, mode)
        made.sync()
        made.rename_to(name)


def is_in_git_folder(path: Path, top: Path) -> bool:
    """Return whether an absolute path leads into a folder of git below `top`, links followed."""
    real, real_top = Path(os.path.realpath(path)), Path(os.path.realpath(top))
    if not real.is_relative_to(real_top):
        return False
    steps = real.relative_to(real_top).parts
    folders = (os.path.join(real_top, *steps[:count]) for count in range(1, len(steps)))
    return any(map(is_git_name, steps)) or any(map(_is_git_folder, folders))


def passes_symlink(typed: Path, top: str) -> bool:
    """Return whether the absolute path `typed` passes a link below `top`, which a stranger's repository may contain."""
    whole = os.path.abspath(typed)
    for above in reversed(Path(whole).parents):
        if os.path.realpath(above) == top:
            return os.path.realpath(typed) != os.path.join(top, os.path.relpath(whole, above))
    return False
