"""Search for the root of a project."""

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from techstock.project.paths import find_spelling_on_disk, make_printable
from techstock.storage.regular_file import read_beginning
from techstock.text.folders import list_folders_of

MAX_CONFIGURATION_SIZE = 1024 * 1024  # bytes


class ProjectError(Exception):
    """The request does not fit the files on disk (a missing path, an invalid glob); the text is one sentence."""


def find_root(paths: Sequence[Path], cwd: Path) -> Path:
    """Return the nearest folder with a configuration or `.git`, from the deepest folder common to `paths` upward.

    Without paths the search starts at `cwd`; if no folder qualifies, the common folder is the root. The result is
    absolute and free of symbolic links. Raises `ProjectError` for a path that does not exist.
    """
    folders = [_find_folder(path, cwd) for path in paths] or [os.path.abspath(cwd)]
    try:
        start = os.path.commonpath(folders)
    except ValueError as error:  # two drives of Windows
        raise ProjectError("the paths have no folder in common: name the root with `--root`") from error
    return find_marked_root(start) or Path(os.path.realpath(start))


def find_marked_root(folder: str) -> Path | None:
    """Return the nearest folder with a configuration or `.git`, from this one (absolute) upward; `None` without any."""
    # As typed first: a link that leaves the project must not move the root. Then as git sees it, for a link into one.
    found = _find_project_folder(folder) or _find_project_folder(os.path.realpath(folder))
    return Path(os.path.realpath(found)) if found else None


def _find_folder(path: Path, cwd: Path) -> str:
    """Return the folder that `path` is or is in; a file that is a link is in the folder of the link."""
    found = find_spelling_on_disk(os.path.join(cwd, path))
    if found is None:
        raise ProjectError(f"`{make_printable(str(path))}` does not exist")
    folder = found if os.path.isdir(found) else os.path.dirname(found)
    # `link/..` is not the folder that holds `link`: only the file system can tell.
    return os.path.realpath(folder) if os.pardir in folder.split(os.sep) else os.path.abspath(folder)


def _find_project_folder(folder: str) -> str | None:
    """Return the nearest folder from this one upward with a configuration or `.git`."""
    while True:
        if os.path.exists(os.path.join(folder, ".git")) or any(_list_configurations(folder)):
            return folder
        folder, before = os.path.dirname(folder), folder
        if folder == before:
            return None


def _list_configurations(folder: str) -> Iterator[str]:
    """Yield the names of the files in `folder` that configure techstock."""
    if os.path.isfile(os.path.join(folder, "techstock.toml")):
        yield "techstock.toml"
    if _has_techstock_section(os.path.join(folder, "pyproject.toml")):
        yield "pyproject.toml"


def _has_techstock_section(path: str) -> bool:
    """Return whether this `pyproject.toml` contains `[tool.techstock]`."""
    if not os.path.exists(path):
        return False
    try:
        data = read_beginning(path, MAX_CONFIGURATION_SIZE + 1, follow_links=True)
    except OSError:
        return False
    if b"techstock" not in data:
        return False
    from techstock.text.bounded_parsing import parse_toml  # late: most projects have no such file

    try:
        if len(data) > MAX_CONFIGURATION_SIZE:
            raise ValueError
        tool = parse_toml(data.decode()).get("tool")
    except ValueError:
        return b"tool.techstock" in data  # broken, and meant for us: whoever reads the configuration says so
    return isinstance(tool, dict) and "techstock" in tool


def find_nested_configurations(root: Path, paths: Iterable[str]) -> tuple[str, ...]:
    """Return the (ignored) configuration files in folders of these notes below the root; relative and sorted."""
    folders = list_folders_of(paths)
    return tuple(sorted(f"{f}/{name}" for f in folders for name in _list_configurations(os.path.join(root, f))))
