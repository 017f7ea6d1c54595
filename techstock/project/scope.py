"""Selection of the notes that the paths on the command line name."""

import os
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cache, cached_property
from pathlib import Path

import msgspec

from techstock.model.files import has_note_suffix
from techstock.project.discovery import Discovery, Project
from techstock.project.paths import find_spelling_on_disk, make_printable
from techstock.project.root import ProjectError
from techstock.text.folders import list_folders_of
from techstock.text.unicode_names import fold_path


class ReportScope(msgspec.Struct, frozen=True):
    """The notes to report on (None: the whole project), and notices about named paths that are not checked."""

    paths: frozenset[str] | None
    notices: tuple[str, ...] = ()


def resolve_scope(project: Project, paths: Sequence[Path], discovery: Discovery, cwd: Path) -> ReportScope:
    """Return the notes that `paths` name, files or folders, relative to `cwd`.

    A path that exists and is not a note of the project gets a notice. Raises `ProjectError` for a path that does not
    exist.
    """
    notes = _NoteLookup(os.fspath(project.root), discovery.paths)
    real = cache(os.path.realpath)
    found: set[str] = set()
    notices: list[str] = []
    whole = not paths
    for path in paths:
        typed = os.path.join(cwd, path)
        note = _make_relative(notes.root, os.path.join(real(os.path.dirname(typed)), os.path.basename(typed)))
        if note in notes.known:  # discovery has seen it: hooks name thousands
            found.add(note)
            continue
        target = _resolve_target(typed, path)
        if os.path.isdir(target) and _make_relative(target, notes.root) is not None:
            whole = True
            continue
        named = notes.find_named(target)
        found.update(named)
        if not named:
            notices.append(f"`{make_printable(str(path))}` is not checked: {_explain_exclusion(notes.root, target)}")
    return ReportScope(None if whole else frozenset(found), tuple(notices))


class _NoteLookup:
    """Lookup of the project's notes by paths on disk."""

    def __init__(self, root: str, paths: Sequence[str]) -> None:
        self.root = root
        self.paths = paths
        self.known = frozenset(paths)

    def find_named(self, target: str) -> Sequence[str]:
        """Return the notes that an existing file or folder (absolute, without links) contains or is."""
        path = _make_relative(self.root, target)
        if path is None:
            return ()
        if path in self.known:
            return (path,)
        return self._find_inside(path) or [
            note for same in self._find_same_file(path, target) for note in self._find_inside(same) or (same,)
        ]

    def _find_inside(self, folder: str) -> Sequence[str]:
        """Return the notes below `folder`, found by bisection: they are sorted, and `0` is the character after `/`."""
        return self.paths[bisect_left(self.paths, f"{folder}/") : bisect_left(self.paths, f"{folder}0")]

    def _find_same_file(self, path: str, target: str) -> Iterable[str]:
        """Yield the notes and folders that are `target` in another spelling: some file systems ignore case."""
        for other in self._alike.get(fold_path(path), ()):
            file = os.path.join(self.root, other)
            if os.path.exists(file) and os.path.samefile(file, target):
                yield other

    @cached_property
    def _alike(self) -> dict[str, list[str]]:
        """Return the notes and their folders, grouped by their names without case and Unicode form."""
        alike: dict[str, list[str]] = {}
        for name in sorted({*self.paths, *list_folders_of(self.paths)}):
            alike.setdefault(fold_path(name), []).append(name)
        return alike


def _resolve_target(typed: str, path: Path) -> str:
    """Return the path as spelled on disk, with links resolved. Raises `ProjectError` if it does not exist."""
    found = find_spelling_on_disk(typed)
    if found is None:
        raise ProjectError(f"`{make_printable(str(path))}` does not exist")
    return os.path.realpath(found)


def _make_relative(folder: str, path: str) -> str | None:
    """Return `path` relative to `folder`, with `/`; empty if it is the folder, None if it is outside."""
    if path == folder:
        return ""
    prefix = os.path.join(folder, "")
    return _decode_as_utf8(path[len(prefix) :]).replace(os.sep, "/") if path.startswith(prefix) else None


def _decode_as_utf8(name: str) -> str:
    """Return the name as discovery spells it, whatever encoding the locale assumes."""
    return name if name.isascii() else os.fsencode(name).decode("utf-8", "surrogateescape")


def _explain_exclusion(root: str, target: str) -> str:
    if _make_relative(root, target) is None:
        return f"it is outside the root `{make_printable(root)}`"
    if os.path.isdir(target):
        return "no note of the project is in it"
    if not has_note_suffix(target):
        return "it is not a Markdown file"
    return "it is excluded, hidden, ignored by git, or not tracked"
