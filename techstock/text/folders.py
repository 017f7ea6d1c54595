"""Folders of normalised paths."""

from collections.abc import Iterable


def list_folders_of(paths: Iterable[str]) -> set[str]:
    """Return all folders around these paths."""
    found: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]  # `posixpath` does more, and takes ten times as long
        while folder and folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return found
