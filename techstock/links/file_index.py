"""Lookup of paths among the files of a project, with the reason where a path is no file that readers have."""

from collections.abc import Collection, Mapping
from functools import cached_property

import msgspec

from techstock.links.targets import make_relative
from techstock.model import Corpus, Note, ProjectFiles, compute_once
from techstock.model.files import (
    ABSENT,
    CASE_DIFFERS,
    DELETED,
    FILE,
    FOLDER,
    IGNORED,
    MISSING,
    OTHER,
    SUBMODULE,
    SYMLINK,
    TRACKED,
    UNICODE_FORM_DIFFERS,
    UnknownFiles,
)
from techstock.text.folders import list_folders_of
from techstock.text.unicode_names import fold_path, fold_paths, normalize_nfc


class PathStatus(msgspec.Struct, frozen=True):
    """The status of a path.

    `kind` is one of those in `model.files`. Where the spelling differs, `path` is the true spelling. For a symbolic
    link or a repository inside this one, `path` is its own, which may be a folder above.
    """

    kind: str
    path: str


_MAX_PATH_LENGTH = 4096  # characters: no system has longer paths, and to look at each folder of one would take long


class FileIndex:
    """An index of a corpus's files by path, name and folder; answers are cached.

    `gone` are paths of files below the repository that count as deleted.
    """

    def __init__(self, corpus: Corpus, gone: Collection[str] = ()) -> None:
        self.files: ProjectFiles = corpus.files or UnknownFiles()
        self.notes = {join_path(self.files.base, note.path): note for note in corpus.notes}
        self._gone = gone
        self.guessed: set[str] = set()  # paths for which a similar name was looked for
        self.nearest = self.files.get_settled(corpus.paths).nearest if not gone else {}
        self.vaults: dict[str, str | None] = {}  # by folder: that of the vault around it
        self._answers: dict[str, PathStatus] = {}
        self._outside: dict[str, PathStatus | None] = {}

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Return the kind of each path, as `ProjectFiles` lists them."""
        return {**dict.fromkeys(self._gone, TRACKED), **self.files.names} if self._gone else self.files.names

    def find_path(self, path: str) -> PathStatus:
        """Return the status of a path below the repository."""
        if path not in self._answers:
            self._answers[path] = self._find_uncached(path)
        return self._answers[path]

    def _find_uncached(self, path: str) -> PathStatus:
        if len(path) > _MAX_PATH_LENGTH:
            return PathStatus(MISSING, path)
        kind = self.names.get(path, "")
        if kind in (SYMLINK, SUBMODULE, ABSENT):
            return PathStatus(kind, path)
        if path in self.notes:
            return PathStatus(kind or TRACKED, path)
        there = self.files.get_disk_kind(path)
        if there == SYMLINK:
            return PathStatus(SYMLINK, path)
        if kind:
            return PathStatus(kind if there not in ("", FOLDER) else DELETED, path)
        return self._find_symlink_or_submodule(get_folder(path)) or self._find_unlisted(path, there)

    def _find_symlink_or_submodule(self, folder: str) -> PathStatus | None:
        """Return the status of the nearest folder, from this one upward, that is a symbolic link or a submodule."""
        unknown: list[str] = []
        while folder and folder not in self._outside:
            unknown.append(folder)
            folder = get_folder(folder)
        found = self._outside.get(folder)
        for folder in reversed(unknown):
            kind = self.names.get(folder, "")
            if kind in (SYMLINK, SUBMODULE):
                found = PathStatus(kind, folder)
            elif f"{folder}/" in self.names:
                found = PathStatus(SUBMODULE, folder)
            self._outside[folder] = found
        return found

    def _find_unlisted(self, path: str, there: str) -> PathStatus:
        if not path or there == FOLDER or path in self.folders or f"{path}/" in self.names:
            return PathStatus(FOLDER, path)
        if there in (FILE, OTHER):
            return PathStatus(IGNORED if self.files.in_git else TRACKED, path)
        alike = self._folded.get(fold_path(path), ())
        for name in alike:
            if normalize_nfc(name) == normalize_nfc(path):
                return PathStatus(UNICODE_FORM_DIFFERS, name)
        return PathStatus(CASE_DIFFERS, alike[0]) if alike else PathStatus(MISSING, path)

    @cached_property
    def folders(self) -> frozenset[str]:
        """Return all folders that hold a file."""
        return frozenset(list_folders_of((*self.names, *self.notes)))

    @cached_property
    def _folded(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        names = [name for name in sorted({*self.names, *self.notes}) if not name.endswith("/")]
        for key, name in zip(fold_paths(names), names, strict=True):
            found.setdefault(key, []).append(name)
        return {key: tuple(names) for key, names in found.items()}

    @cached_property
    def by_name(self) -> dict[str, tuple[str, ...]]:
        """Return the paths of the files of each file name, which is case-folded and in one Unicode form."""
        found: dict[str, list[str]] = {}
        for key, names in self._folded.items():
            found.setdefault(get_file_name(key), []).extend(names)
        return {name: tuple(paths) for name, paths in found.items()}

    @cached_property
    def by_folder(self) -> dict[str, tuple[str, ...]]:
        """Return the names of the files of each folder."""
        found: dict[str, list[str]] = {}
        for name in {*self.names, *self.notes}:
            found.setdefault(get_folder(name), []).append(get_file_name(name))
        return {folder: tuple(sorted(names)) for folder, names in found.items()}

    def find_by_name(self, name: str) -> tuple[str, ...]:
        """Return the paths of all files that have this file name, case and Unicode form aside."""
        return self.by_name.get(fold_path(name), ())

    def get_note_path(self, note: Note) -> str:
        """Return the path of a note, below the repository."""
        return join_path(self.files.base, note.path)

    def display_path(self, path: str) -> str:
        """Return a path as messages display it: relative to the root, like the paths of notes."""
        return make_relative(path, self.files.base) or "."


def get_folder(path: str) -> str:
    """Return the folder of a normalised path: `posixpath` does more, and takes ten times as long."""
    return path.rpartition("/")[0]


def get_file_name(path: str) -> str:
    """Return the last part of a normalised path."""
    return path.rpartition("/")[2]


def join_path(folder: str, path: str) -> str:
    """Return `path` below `folder`, which may be empty."""
    return f"{folder}/{path}" if folder else path


def get_file_index(corpus: Corpus) -> FileIndex:
    """Return the file index of a corpus, made once."""
    return compute_once(corpus, FileIndex)
