"""Folders of normalised paths, and paths relative to a folder."""

import re
from collections.abc import Callable, Container, Iterable
from posixpath import relpath


def list_folders_of(paths: Iterable[str]) -> set[str]:
    """Return all folders around these paths."""
    found: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]  # `posixpath` does more, and takes ten times as long
        while folder and folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return found


def make_shown_path(path: str, root: str, cwd: str) -> str:
    """Return a path below `root` as a person can paste it; all with `/`, the last two absolute.

    It is relative to `cwd` if that is in the project or around it, else absolute.
    """
    if root == cwd:
        return path
    whole = f"{root.rstrip('/')}/{path}"
    near = f"{cwd}/".startswith(f"{root.rstrip('/')}/") or whole.startswith(f"{cwd.rstrip('/')}/")
    return relpath(whole, cwd) if near else whole


def show_named_paths(text: str, paths: Container[str], show: Callable[[str], str]) -> str:
    """Return `text` with each of these paths as `show` returns it, where it is in backticks, alone or with a line."""

    def show_if_path(match: re.Match[str]) -> str:
        return f"`{show(match[1])}{match[2]}`" if match[1] in paths else match[0]

    return re.sub(r"`([^`]+?)((?::\d+)?)`", show_if_path, text)
