"""The files of a project, as git and the disk list them. Rules on images and links ask for them."""

import os
from collections.abc import Collection, Mapping
from functools import cached_property
from pathlib import Path
from posixpath import dirname, normpath
from stat import S_ISDIR, S_ISLNK, S_ISREG

from techstock.model import Content, Home
from techstock.model.files import (
    ABSENT,
    FILE,
    FOLDER,
    FOREIGN,
    LINK,
    OTHER,
    POINTER,
    SUBMODULE,
    TRACKED,
    UNCHECKED,
    UNTRACKED,
)
from techstock.project import Git, GitError, Listing, Project
from techstock.project.home import home
from techstock.project.reading import NotRegularError, TooLargeError, bytes_of
from techstock.project.walk import walk

_CACHE = ".techstock_cache"
_LARGEST = 50 * 1024 * 1024  # bytes of an image file that are looked at


class Disk:
    """An implementation of `ProjectFiles` on git and the disk.

    `site` is the folder below the root that a leading `/` means; empty: the repository. `keep` is the folder that
    caches the results of decoding images; None: nothing is cached.
    """

    def __init__(self, project: Project, site: str = "", keep: Path | None = None) -> None:
        self._project = project
        self._site = site
        self._keep = keep
        self._folders: dict[str, dict[str, str]] = {}
        self._contents: dict[str, Content] = {}

    @cached_property
    def _git(self) -> tuple[Git, Listing] | None:
        """The repository with its listing; None without a repository, and if it ignores the project."""
        git = self._project.git
        if git is None:
            return None
        whole = git if git.root == git.top else Git(git.top, git.top)
        try:
            known = git.listing.tracked or git.listing.untracked or git is whole
            return (whole, whole.listing) if known else None
        except GitError:
            return None  # discovery has said so

    @cached_property
    def _top(self) -> bytes:
        return os.fsencode(self._git[0].top if self._git else str(self._project.root))

    @property
    def in_git(self) -> bool:
        return self._git is not None

    @cached_property
    def base(self) -> str:
        path = os.path.relpath(self._project.root, os.fsdecode(self._top)).replace(os.sep, "/")
        return "" if path == "." else path

    @cached_property
    def site(self) -> str:
        return f"{self.base}/{self._site}".strip("/") if self._site else ""

    @cached_property
    def home(self) -> Home | None:
        return home(self._git[0]) if self._git else None

    @cached_property
    def names(self) -> Mapping[str, str]:
        if self._git is None:
            files, _ = walk(self._top)
            return {_text(name): TRACKED for name in files}
        listing = self._git[1]
        found = dict.fromkeys(map(_text, listing.untracked), UNTRACKED)
        found |= dict.fromkeys(map(_text, listing.tracked), TRACKED)
        for apart, kind in ((listing.links, LINK), (listing.submodules, SUBMODULE), (listing.absent, ABSENT)):
            found |= dict.fromkeys(map(_text, apart), kind)
        return found

    def on_disk(self, path: str) -> str:
        kind, folder = FOLDER, ""
        for step in path.split("/"):
            if kind != FOLDER or (not folder and step == ".git"):
                return ""
            kind = self._entries(folder).get(step, "")
            folder = f"{folder}/{step}" if folder else step
        if not kind and not path.isascii() and path in self.names:  # an old Mac spells names in its own way
            return self._status(path)
        return kind

    def _entries(self, folder: str) -> dict[str, str]:
        if folder not in self._folders:
            try:
                with os.scandir(self._path(folder)) as scan:
                    self._folders[folder] = {_text(entry.name): _kind(entry) for entry in scan}
            except OSError:
                self._folders[folder] = {}
        return self._folders[folder]

    def _status(self, path: str) -> str:
        if dirname(path) and self.on_disk(dirname(path)) != FOLDER:
            return ""
        try:
            mode = os.lstat(self._path(path)).st_mode
        except (OSError, ValueError):
            return ""
        return FILE if S_ISREG(mode) else FOLDER if S_ISDIR(mode) else LINK if S_ISLNK(mode) else OTHER

    def leads(self, path: str) -> str | None:
        if self.on_disk(path) != LINK:
            return ""  # a checkout without links keeps a file in its place
        try:
            target = _text(os.readlink(self._path(path))).replace("\\" if os.name == "nt" else "/", "/")
        except OSError:
            return ""
        found = normpath(f"{dirname(path)}/{target}" if dirname(path) else target)
        outside = os.path.isabs(target) or found == ".." or found.startswith("../")
        return None if outside else found

    def contents(self, keys: Collection[str]) -> Mapping[str, Content]:
        new = sorted(key for key in keys if key not in self._contents)
        if new:
            from techstock.engine.looking import looked  # late: notes without images need none of it

            kept = None if self._brings_cache() else self._keep
            found = looked(new, self._read, kept)
            self._contents |= found | self._fetched(found)
        return self._contents

    def _read(self, path: str) -> bytes | Content:
        if self.on_disk(path) not in (FILE, OTHER):  # never through a folder that is a link
            return Content(fault=UNCHECKED, detail="it is no longer there")
        try:
            return bytes_of(self._path(path), _LARGEST)
        except NotRegularError:
            return Content(fault=FOREIGN, detail="a pipe or a device")
        except TooLargeError as error:
            return Content(fault=UNCHECKED, detail=f"it has more than {_LARGEST:,} bytes", size=error.size)
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else None
            return Content(
                fault=UNCHECKED, detail=f"it cannot be read: {(why or 'no file can have this name').lower()}"
            )

    def _brings_cache(self) -> bool:
        """Return whether a cache is committed to the repository. Its content is not to be trusted."""
        folder = f"{self.base}/{_CACHE}/".lstrip("/")
        return self.in_git and any(name.startswith(folder) for name in self.names)

    def _fetched(self, found: Mapping[str, Content]) -> dict[str, Content]:
        """Return the Git LFS pointers in `found` that git replaces on checkout, as contents without a fault."""
        paths = [key for key, content in found.items() if content.fault == POINTER and not content.detail]
        if not paths or not self._git:
            return {}
        try:
            filters = self._git[0].filters(map(_bytes, paths))
        except GitError:
            return {}
        return {path: Content(size=found[path].size) for path in paths if filters.get(_bytes(path)) == b"lfs"}

    def _path(self, path: str) -> bytes:
        return os.path.join(self._top, _bytes(path)) if path else self._top


def _kind(entry: "os.DirEntry[bytes]") -> str:
    try:
        if entry.is_symlink():
            return LINK
        return FOLDER if entry.is_dir(follow_symlinks=False) else FILE if entry.is_file() else OTHER
    except OSError:
        return OTHER


def _text(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")


def _bytes(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")
