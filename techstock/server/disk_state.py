"""The state of the files that a project depends on, to notice changes without the help of the editor."""

import os
from collections.abc import Iterator

import msgspec

from techstock.cache import make_stamp
from techstock.commands.session import Session
from techstock.model import ProjectFiles
from techstock.model.files import FileStamp
from techstock.project import Git
from techstock.text.folders import list_folders_of

_CONFIGURATION_FILES = ("techstock.toml", "pyproject.toml")
_GIT_FILES = ("HEAD", "index", "info/exclude", "config")
_Status = tuple[int, int, int, int]  # mode, size, time of change in nanoseconds, inode


class DiskState(msgspec.Struct, frozen=True):
    """The state of a project's files.

    `configuration` is that of the files that are read to open the project. `surroundings` is that of git, of folders
    and of images. `notes` are the stamps of the notes by path.
    """

    configuration: tuple[_Status, ...] = ()
    surroundings: tuple[_Status, ...] = ()
    notes: dict[str, FileStamp] = {}


def read_disk_state(work: Session, files: ProjectFiles) -> DiskState:
    """Return the state of the files now. `files` know what else there is, and which images were looked at."""
    root = str(work.project.root)
    git = work.project.git
    configuration = [os.path.join(root, name) for name in _CONFIGURATION_FILES]
    if work.config.baseline:
        configuration.append(os.path.join(root, work.config.baseline))
    repositories = {os.path.join(folder, ".git") for folder in (root, git.top if git else root)}
    top = git.top if git and files.in_git else root
    names = [*files.names, *(f"{files.base}/{path}".lstrip("/") for path in work.paths)]
    folders = [os.path.join(top, folder) for folder in sorted({"", files.base, *list_folders_of(names)})]
    images = [key for key in files.inspect_contents(()) if not key.startswith("data:")]
    around = [*_list_git_files(git), *folders, *(os.path.join(folder, ".gitignore") for folder in folders)]
    return DiskState(
        (*map(_read_state, configuration), *((int(os.path.exists(path)), 0, 0, 0) for path in sorted(repositories))),
        tuple(map(_read_state, (*around, *(os.path.join(top, image) for image in images)))),
        {path: make_stamp(read_status(os.path.join(root, path))) for path in work.paths},
    )


def read_status(path: str) -> os.stat_result | None:
    """Return the status of a file, which is not followed if it is a link; `None` if there is none."""
    try:
        return os.lstat(path)
    except (OSError, ValueError):
        return None


def _list_git_files(git: Git | None) -> Iterator[str]:
    if git is None:
        return
    try:
        folder = git.find_git_directory()
    except OSError:
        return
    yield from (os.path.join(folder, name) for name in _GIT_FILES)


def _read_state(path: str) -> _Status:
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return 0, 0, 0, 0
    return found.st_mode, found.st_size, found.st_mtime_ns, found.st_ino
