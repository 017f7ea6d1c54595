"""Lookup of paths among the files of a project, with the reason where a path is no file that readers have."""

from functools import cached_property
from typing import Final

import msgspec

from techstock.model import Corpus, Files, Note
from techstock.model.files import ABSENT, FILE, FOLDER, LINK, OTHER, SUBMODULE, TRACKED
from techstock.references.targets import relative
from techstock.text.unicode import composed

IGNORED: Final = "ignored"
GONE: Final = "gone"
CASE: Final = "case"
FORM: Final = "form"
MISSING: Final = "missing"


class Found(msgspec.Struct, frozen=True):
    """The status of a path.

    `kind` is one of those in `model.files`, `ignored` (by git), `gone` (in git's index, not on disk), `case` or `form`
    (the spelling differs: `path` is the true spelling), or `missing`. For a symbolic link or a repository inside this
    one, `path` is its own, which may be a folder above.
    """

    kind: str
    path: str


_LONGEST = 4096  # characters: no system has longer paths, and to look at each folder of one would take long


class Lookup:
    """An index of a corpus's files by path, name and folder; answers are cached."""

    def __init__(self, corpus: Corpus, files: Files) -> None:
        self.files = files
        self.notes = {join(files.base, note.path): note for note in corpus.notes}
        self.guessed: set[str] = set()  # paths for which a similar name was looked for
        self.vaults: dict[str, str | None] = {}  # by folder: that of the vault around it
        self._answers: dict[str, Found] = {}
        self._outside: dict[str, Found | None] = {}

    def find(self, path: str) -> Found:
        """Return the status of a path below the repository."""
        if path not in self._answers:
            self._answers[path] = self._find(path)
        return self._answers[path]

    def _find(self, path: str) -> Found:
        if len(path) > _LONGEST:
            return Found(MISSING, path)
        kind = self.files.names.get(path, "")
        if kind in (LINK, SUBMODULE, ABSENT):
            return Found(kind, path)
        if path in self.notes:
            return Found(kind or TRACKED, path)
        there = self.files.on_disk(path)
        if there == LINK:
            return Found(LINK, path)
        if kind:
            return Found(kind if there not in ("", FOLDER) else GONE, path)
        return self._above(dirname(path)) or self._unnamed(path, there)

    def _above(self, folder: str) -> Found | None:
        """Return the status of the nearest folder, from this one upward, that is a symbolic link or a submodule."""
        unknown: list[str] = []
        while folder and folder not in self._outside:
            unknown.append(folder)
            folder = dirname(folder)
        found = self._outside.get(folder)
        for folder in reversed(unknown):
            kind = self.files.names.get(folder, "")
            if kind in (LINK, SUBMODULE):
                found = Found(kind, folder)
            elif f"{folder}/" in self.files.names:
                found = Found(SUBMODULE, folder)
            self._outside[folder] = found
        return found

    def _unnamed(self, path: str, there: str) -> Found:
        if not path or there == FOLDER or path in self.folders or f"{path}/" in self.files.names:
            return Found(FOLDER, path)
        if there in (FILE, OTHER):
            return Found(IGNORED if self.files.in_git else TRACKED, path)
        alike = self._folded.get(_folded(path), ())
        for name in alike:
            if composed(name) == composed(path):
                return Found(FORM, name)
        return Found(CASE, alike[0]) if alike else Found(MISSING, path)

    @cached_property
    def folders(self) -> frozenset[str]:
        """Return all folders that hold a file."""
        found: set[str] = set()
        for name in (*self.files.names, *self.notes):
            folder = dirname(name)
            while folder and folder not in found:
                found.add(folder)
                folder = dirname(folder)
        return frozenset(found)

    @cached_property
    def _folded(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for name in sorted({*self.files.names, *self.notes}):
            if not name.endswith("/"):
                found.setdefault(_folded(name), []).append(name)
        return {key: tuple(names) for key, names in found.items()}

    @cached_property
    def by_name(self) -> dict[str, tuple[str, ...]]:
        """Return the paths of the files of each file name, which is case-folded and in one Unicode form."""
        found: dict[str, list[str]] = {}
        for key, names in self._folded.items():
            found.setdefault(basename(key), []).extend(names)
        return {name: tuple(paths) for name, paths in found.items()}

    @cached_property
    def by_folder(self) -> dict[str, tuple[str, ...]]:
        """Return the names of the files of each folder."""
        found: dict[str, list[str]] = {}
        for name in {*self.files.names, *self.notes}:
            found.setdefault(dirname(name), []).append(basename(name))
        return {folder: tuple(sorted(names)) for folder, names in found.items()}

    def named(self, name: str) -> tuple[str, ...]:
        """Return the paths of all files that have this file name, case and Unicode form aside."""
        return self.by_name.get(_folded(name), ())

    def folder(self, note: Note) -> str:
        """Return the folder of a note, below the repository."""
        return dirname(join(self.files.base, note.path))

    def shown(self, path: str) -> str:
        """Return a path as messages display it: relative to the root, like the paths of notes."""
        return relative(path, self.files.base) or "."


def dirname(path: str) -> str:
    """Return the folder of a normalised path: `posixpath` does more, and takes ten times as long."""
    return path.rpartition("/")[0]


def basename(path: str) -> str:
    """Return the last part of a normalised path."""
    return path.rpartition("/")[2]


def _folded(path: str) -> str:
    return composed(path).casefold()


def join(folder: str, path: str) -> str:
    """Return `path` below `folder`, which may be empty."""
    return f"{folder}/{path}" if folder else path


def lookup(corpus: Corpus) -> Lookup | None:
    """Return the file index of a corpus, made once; `None` where its files are not known."""
    if corpus.files is None:
        return None
    if "lookup" not in corpus.memo:
        corpus.memo["lookup"] = Lookup(corpus, corpus.files)
    found: Lookup = corpus.memo["lookup"]
    return found
