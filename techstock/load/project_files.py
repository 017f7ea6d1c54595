"""The files of a project, as git and the disk list them. Rules on images and links ask for them."""

import os
from collections.abc import Collection, Mapping
from functools import cached_property
from posixpath import dirname, normpath
from stat import S_ISDIR, S_ISLNK, S_ISREG

from techstock.model import GitHubRemote, ImageContent, TargetSettings
from techstock.model.files import (
    ABSENT,
    FILE,
    FOLDER,
    LFS_POINTER,
    NOT_AN_IMAGE,
    OTHER,
    SUBMODULE,
    SYMLINK,
    TRACKED,
    UNCHECKED,
    UNTRACKED,
)
from techstock.project import Git, GitError, GitListing, Project
from techstock.project.discovery import list_files_below
from techstock.storage.cache_directory import CacheDirectory
from techstock.storage.regular_file import FileTooLargeError, NotRegularFileError, read_regular_file

_MAX_IMAGE_SIZE = 50 * 1024 * 1024  # bytes of an image file that are looked at


class DiskFiles:
    """An implementation of `ProjectFiles` on git and the disk.

    `keep` is the directory that caches the results of decoding images; None: nothing is cached.
    """

    def __init__(
        self, project: Project, settings: TargetSettings | None = None, keep: CacheDirectory | None = None
    ) -> None:
        self._project = project
        self._settings = settings or TargetSettings()
        self._keep = keep
        self._folders: dict[str, dict[str, str]] = {}
        self._contents: dict[str, ImageContent] = {}

    @cached_property
    def _git(self) -> tuple[Git, GitListing] | None:
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
        return self._join_base(self._settings.image_root)

    @cached_property
    def link_site(self) -> str:
        return self._join_base(self._settings.link_root or self._settings.image_root)

    def _join_base(self, folder: str) -> str:
        return f"{self.base}/{folder}".strip("/") if folder else ""

    def is_excluded(self, target: str, *, is_image: bool) -> bool:
        return self._settings.is_excluded(target, is_image=is_image)

    @cached_property
    def home(self) -> GitHubRemote | None:
        from techstock.project.github_remote import find_github_remote  # late: most notes hold no URL of GitHub

        return find_github_remote(self._git[0]) if self._git else None

    @cached_property
    def names(self) -> Mapping[str, str]:
        if self._git is None:
            files, _ = list_files_below(self._top)
            return {_decode_name(name): TRACKED for name in files}
        listing = self._git[1]
        found = dict.fromkeys(map(_decode_name, listing.untracked), UNTRACKED)
        found |= dict.fromkeys(map(_decode_name, listing.tracked), TRACKED)
        for apart, kind in ((listing.links, SYMLINK), (listing.submodules, SUBMODULE), (listing.absent, ABSENT)):
            found |= dict.fromkeys(map(_decode_name, apart), kind)
        return found

    def get_disk_kind(self, path: str) -> str:
        kind, folder = FOLDER, ""
        for step in path.split("/"):
            if kind != FOLDER or (not folder and step == ".git"):
                return ""
            kind = self._list_folder(folder).get(step, "")
            folder = f"{folder}/{step}" if folder else step
        if not kind and not path.isascii() and path in self.names:  # an old Mac spells names in its own way
            return self._classify_path(path)
        return kind

    def _list_folder(self, folder: str) -> dict[str, str]:
        if folder not in self._folders:
            try:
                with os.scandir(self._make_absolute(folder)) as scan:
                    self._folders[folder] = {_decode_name(entry.name): _classify_entry(entry) for entry in scan}
            except OSError:
                self._folders[folder] = {}
        return self._folders[folder]

    def _classify_path(self, path: str) -> str:
        if dirname(path) and self.get_disk_kind(dirname(path)) != FOLDER:
            return ""
        try:
            mode = os.lstat(self._make_absolute(path)).st_mode
        except (OSError, ValueError):
            return ""
        return FILE if S_ISREG(mode) else FOLDER if S_ISDIR(mode) else SYMLINK if S_ISLNK(mode) else OTHER

    def resolve_symlink(self, path: str) -> str | None:
        if self.get_disk_kind(path) != SYMLINK:
            return ""  # a checkout without links keeps a file in its place
        try:
            target = _decode_name(os.readlink(self._make_absolute(path))).replace("\\" if os.name == "nt" else "/", "/")
        except OSError:
            return ""
        found = normpath(f"{dirname(path)}/{target}" if dirname(path) else target)
        outside = os.path.isabs(target) or found == ".." or found.startswith("../")
        return None if outside else found

    def inspect_contents(self, keys: Collection[str]) -> Mapping[str, ImageContent]:
        new = sorted(key for key in keys if key not in self._contents)
        if new:
            from techstock.images.inspection import inspect_images  # late: notes without images need none of it

            found = inspect_images(new, self._read_image, self._keep)
            self._contents |= found | self._resolve_lfs_pointers(found)
        return self._contents

    def _read_image(self, path: str) -> bytes | ImageContent:
        if self.get_disk_kind(path) not in (FILE, OTHER):  # never through a folder that is a link
            return ImageContent(fault=UNCHECKED, detail="it is no longer there")
        try:
            return read_regular_file(self._make_absolute(path), _MAX_IMAGE_SIZE)
        except NotRegularFileError:
            return ImageContent(fault=NOT_AN_IMAGE, detail="a pipe or a device")
        except FileTooLargeError as error:
            return ImageContent(fault=UNCHECKED, detail=f"it has more than {_MAX_IMAGE_SIZE:,} bytes", size=error.size)
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else None
            return ImageContent(
                fault=UNCHECKED, detail=f"it cannot be read: {(why or 'no file can have this name').lower()}"
            )

    def _resolve_lfs_pointers(self, found: Mapping[str, ImageContent]) -> dict[str, ImageContent]:
        """Return the Git LFS pointers in `found` that git replaces on checkout, as contents without a fault."""
        paths = [key for key, content in found.items() if content.fault == LFS_POINTER and not content.detail]
        if not paths or not self._git:
            return {}
        try:
            filters = self._git[0].read_filter_attributes(map(_encode_name, paths))
        except GitError:
            return {}
        return {
            path: ImageContent(size=found[path].size) for path in paths if filters.get(_encode_name(path)) == b"lfs"
        }

    def _make_absolute(self, path: str) -> bytes:
        return os.path.join(self._top, _encode_name(path)) if path else self._top


def _classify_entry(entry: "os.DirEntry[bytes]") -> str:
    try:
        if entry.is_symlink():
            return SYMLINK
        return FOLDER if entry.is_dir(follow_symlinks=False) else FILE if entry.is_file() else OTHER
    except OSError:
        return OTHER


def _decode_name(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")


def _encode_name(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")
