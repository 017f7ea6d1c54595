"""Selection of the notes that the paths on the command line name."""

import os
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cache, cached_property
from pathlib import Path
from posixpath import dirname

import msgspec

from techstock.project.discovery import Discovery, Project
from techstock.project.errors import ProjectError
from techstock.project.names import is_note, printable, spelled
from techstock.text.unicode import composed


class Scope(msgspec.Struct, frozen=True):
    """The notes to report on (None: the whole project), and notices about named paths that are not checked."""

    paths: frozenset[str] | None
    notices: tuple[str, ...] = ()


def scope(project: Project, paths: Sequence[Path], discovery: Discovery, cwd: Path) -> Scope:
    """Return the notes that `paths` name, files or folders, relative to `cwd`.

    A path that exists and is not a note of the project gets a notice. Raises `ProjectError` for a path that does not
    exist.
    """
    notes = _Notes(os.fspath(project.root), discovery.paths)
    real = cache(os.path.realpath)
    found: set[str] = set()
    notices: list[str] = []
    whole = not paths
    for path in paths:
        typed = os.path.join(cwd, path)
        note = _below(notes.root, os.path.join(real(os.path.dirname(typed)), os.path.basename(typed)))
        if note in notes.known:  # discovery has seen it: hooks name thousands
            found.add(note)
            continue
        target = _target(typed, path)
        if os.path.isdir(target) and _below(target, notes.root) is not None:
            whole = True
            continue
        named = notes.named(target)
        found.update(named)
        if not named:
            notices.append(f"`{printable(str(path))}` is not checked: {_reason(notes.root, target)}")
    return Scope(None if whole else frozenset(found), tuple(notices))


class _Notes:
    """Lookup of the project's notes by paths on disk."""

    def __init__(self, root: str, paths: Sequence[str]) -> None:
        self.root = root
        self.paths = paths
        self.known = frozenset(paths)

    def named(self, target: str) -> Sequence[str]:
        """Return the notes that an existing file or folder (absolute, without links) contains or is."""
        path = _below(self.root, target)
        if path is None:
            return ()
        if path in self.known:
            return (path,)
        return self._inside(path) or [
            note for same in self._same(path, target) for note in self._inside(same) or (same,)
        ]

    def _inside(self, folder: str) -> Sequence[str]:
        """Return the notes below `folder`, found by bisection: they are sorted, and `0` is the character after `/`."""
        return self.paths[bisect_left(self.paths, f"{folder}/") : bisect_left(self.paths, f"{folder}0")]

    def _same(self, path: str, target: str) -> Iterable[str]:
        """Yield the notes and folders that are `target` in another spelling: some file systems ignore case."""
        for other in self._alike.get(_key(path), ()):
            file = os.path.join(self.root, other)
            if os.path.exists(file) and os.path.samefile(file, target):
                yield other

    @cached_property
    def _alike(self) -> dict[str, list[str]]:
        """Return the notes and their folders, grouped by their names without case and Unicode form."""
        names = set(self.paths)
        for name in self.paths:
            folder = dirname(name)
            while folder and folder not in names:
                names.add(folder)
                folder = dirname(folder)
        alike: dict[str, list[str]] = {}
        for name in sorted(names):
            alike.setdefault(_key(name), []).append(name)
        return alike


def _key(path: str) -> str:
    return composed(path).casefold()


def _target(typed: str, path: Path) -> str:
    """Return the path as spelled on disk, with links resolved. Raises `ProjectError` if it does not exist."""
    found = spelled(typed)
    if found is None:
        raise ProjectError(f"`{printable(str(path))}` does not exist")
    return os.path.realpath(found)


def _below(folder: str, path: str) -> str | None:
    """Return `path` relative to `folder`, with `/`; empty if it is the folder, None if it is outside."""
    if path == folder:
        return ""
    prefix = os.path.join(folder, "")
    return _in_utf8(path[len(prefix) :]).replace(os.sep, "/") if path.startswith(prefix) else None


def _in_utf8(name: str) -> str:
    """Return the name as discovery spells it, whatever encoding the locale assumes."""
    return name if name.isascii() else os.fsencode(name).decode("utf-8", "surrogateescape")


def _reason(root: str, target: str) -> str:
    if _below(root, target) is None:
        return f"it is outside the root `{printable(root)}`"
    if os.path.isdir(target):
        return "no note of the project is in it"
    if not is_note(target):
        return "it is no note"
    return "it is excluded, hidden, ignored by git, or not tracked"
