"""The files of a project, as git and the disk list them. Rules on images and links ask for them."""

import os
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from posixpath import dirname, normpath
from stat import S_ISDIR, S_ISLNK, S_ISREG

from techstock.cache.key import NO_STAMP, is_settled, make_stamp
from techstock.model import FileQuestions, GitHubRemote, ImageContent, TargetSettings
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
    FileStamp,
    InspectedImages,
    SettledNotes,
)
from techstock.project import Git, GitError, GitListing, Project
from techstock.storage.cache_directory import CacheDirectory, blake2b
from techstock.storage.regular_file import FileTooLargeError, NotRegularFileError, read_regular_file

_MAX_IMAGE_SIZE = 50 * 1024 * 1024  # bytes of an image file that are looked at
_UNCERTAIN = (UNCHECKED, LFS_POINTER)  # faults that depend on more than the bytes of an image


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
        self._recalled = InspectedImages()
        self._named: set[str] = set()  # paths that were looked at one by one
        self._followed: set[str] = set()  # symbolic links
        self._settled: tuple[tuple[str, ...], SettledNotes] = ((), SettledNotes())  # for these paths of notes
        self._digested: tuple[FileQuestions | None, bytes] = (None, b"")  # the last questions: they are asked twice
        self._replaced: set[str] = set()  # pointers of Git LFS that git replaces or not: its configuration tells

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
            return {_decode_name(name): TRACKED for name in self._project.files_on_disk[0]}
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
        self._named.add(path)
        if dirname(path) and self.get_disk_kind(dirname(path)) != FOLDER:
            return ""
        try:
            mode = os.lstat(self._make_absolute(path)).st_mode
        except (OSError, ValueError):
            return ""
        return FILE if S_ISREG(mode) else FOLDER if S_ISDIR(mode) else SYMLINK if S_ISLNK(mode) else OTHER

    def resolve_symlink(self, path: str) -> str | None:
        self._followed.add(path)
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
        new = sorted(key for key in keys if key not in self._contents and not self._recall_image(key))
        if new:
            from techstock.images.inspection import inspect_images  # late: notes without images need none of it

            found = inspect_images(new, self._read_image, self._keep)
            self._contents |= found | self._resolve_lfs_pointers(found)
        return self._contents

    def recall_images(self, known: InspectedImages) -> None:
        if known.contents and known.decoder == _stamp_decoder():
            self._recalled = known

    def _recall_image(self, path: str) -> bool:
        """Return whether an image is as it was when it was inspected; take over what is known of it."""
        stamp, content = self._recalled.contents.get(path, (NO_STAMP, ImageContent()))
        if stamp[0] < 0 or stamp != self._stamp_image(path):
            return False
        self._contents[path] = content
        return True

    def list_images(self, since: int) -> InspectedImages:
        if not self._contents:
            return self._recalled
        contents = {
            path: (stamp, content)
            for path, content in sorted(self._contents.items())
            if path[:5].lower() != "data:" and content.fault not in _UNCERTAIN and path not in self._replaced
            if _is_unicode(path) and is_settled(stamp := self._stamp_image(path), since)
        }
        return InspectedImages(_stamp_decoder(), contents) if contents else InspectedImages()

    def make_thumbnails(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        from techstock.images.inspection import make_thumbnails  # late: only a report shows some

        return make_thumbnails(keys, self._read_image)

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
        self._replaced.update(paths)
        if not paths or not self._git:
            return {}
        try:
            filters = self._git[0].read_filter_attributes(map(_encode_name, paths))
        except GitError:
            return {}
        return {
            path: ImageContent(size=found[path].size) for path in paths if filters.get(_encode_name(path)) == b"lfs"
        }

    def get_settled(self, paths: tuple[str, ...]) -> SettledNotes:
        if paths != self._settled[0]:
            self._settled = paths, SettledNotes()
        return self._settled[1]

    def recall_settled(self, paths: tuple[str, ...], known: SettledNotes) -> None:
        if paths != self._settled[0]:
            self._settled = paths, known

    def list_questions(self) -> FileQuestions | None:
        found = self._contents
        if any(content.fault in _UNCERTAIN for content in found.values()) or self._replaced:
            return None
        images = tuple(key for key in found if key[:5].lower() != "data:")
        if not all(map(_is_unicode, (*self._folders, *self._named, *self._followed, *images))):
            return None  # such a name cannot be written into the cache
        return FileQuestions(
            tuple(self._folders), tuple(self._named), tuple(self._followed), images, "home" in vars(self)
        )

    def digest_answers(self, questions: FileQuestions, since: int | None = None) -> bytes:
        if since is not None and not all(is_settled(self._stamp_image(path), since) for path in questions.images):
            return b""
        if questions != self._digested[0]:
            self._digested = questions, self._digest_answers(questions)
        return self._digested[1]

    def _digest_answers(self, questions: FileQuestions) -> bytes:
        stamps = [self._stamp_image(path) for path in questions.images]
        digest = blake2b(digest_size=20)
        for part in (
            (self.base, self._settings, self.in_git, self.home if questions.home else None),
            [self.get_disk_kind(path) for path in questions.named],
            [self.resolve_symlink(path) for path in questions.links],
            (stamps, _stamp_decoder() if questions.images else ()),
            [sorted(self._list_real_folder(folder).items()) for folder in questions.folders],
        ):
            digest.update(repr(part).encode("utf-8", "backslashreplace"))
        for names in self._list_names():
            digest.update(b"%d\0" % len(names) + b"\0".join(sorted(names)))
        return digest.digest()

    def _list_real_folder(self, folder: str) -> dict[str, str]:
        """Return the listing of a folder; an empty one for a path that is no folder, or leads through a link."""
        return self._list_folder(folder) if not folder or self.get_disk_kind(folder) == FOLDER else {}

    def _list_names(self) -> Sequence[Collection[bytes]]:
        """Return all that `names` depends on."""
        if self._git is None:
            return self._project.files_on_disk[:1]
        listing = self._git[1]
        return listing.tracked, listing.untracked, listing.links, listing.submodules, listing.absent

    def _stamp_image(self, path: str) -> FileStamp:
        if self.get_disk_kind(path) != FILE:
            return NO_STAMP
        try:
            return make_stamp(os.lstat(self._make_absolute(path)))
        except OSError:
            return NO_STAMP

    def _make_absolute(self, path: str) -> bytes:
        return os.path.join(self._top, _encode_name(path)) if path else self._top


def _stamp_decoder() -> FileStamp:
    """Return the stamp of the package that decodes images, without importing it."""
    from importlib.machinery import PathFinder  # late: many notes have no images

    spec = PathFinder.find_spec("PIL")
    return make_stamp(os.stat(spec.origin)) if spec and spec.origin else NO_STAMP


def _classify_entry(entry: "os.DirEntry[bytes]") -> str:
    try:
        if entry.is_symlink():
            return SYMLINK
        return FOLDER if entry.is_dir(follow_symlinks=False) else FILE if entry.is_file() else OTHER
    except OSError:
        return OTHER


def _is_unicode(path: str) -> bool:
    """Return whether a path has no lone surrogates, which stand for bytes that are not UTF-8."""
    return path.isascii() or path.encode("utf-8", "ignore").decode() == path


def _decode_name(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")


def _encode_name(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")
