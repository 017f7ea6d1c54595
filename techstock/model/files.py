"""The files beside the notes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, Protocol

import msgspec

NOTE_SUFFIXES: Final = (".md", ".markdown")

TRACKED: Final = "tracked"
UNTRACKED: Final = "untracked"
SYMLINK: Final = "link"
SUBMODULE: Final = "submodule"
ABSENT: Final = "absent"

FOLDER: Final = "folder"
FILE: Final = "file"
OTHER: Final = "other"

IGNORED: Final = "ignored"  # by git
DELETED: Final = "gone"  # in git's index, not on disk
CASE_DIFFERS: Final = "case"
UNICODE_FORM_DIFFERS: Final = "form"
MISSING: Final = "missing"
OUTSIDE: Final = "outside"  # of the repository

EMPTY: Final = "empty"
TRUNCATED: Final = "truncated"
NOT_AN_IMAGE: Final = "foreign"
UNDECODABLE: Final = "broken"
LFS_POINTER: Final = "pointer"
UNCHECKED: Final = "unchecked"


def has_note_suffix(path: str) -> bool:
    """Return whether the file name ends with a Markdown suffix, in any case (`README.MD`)."""
    return path.lower().endswith(NOTE_SUFFIXES)


class ImageContent(msgspec.Struct, frozen=True, gc=False):
    """The result of inspecting the bytes of an image file.

    `format` is told by the first bytes (`png`, `jpeg`, …; empty: no known format). `fault` is empty for an image
    that can be shown, else one of `empty`, `truncated`, `foreign` (no image), `broken` (cannot be decoded), `pointer`
    (a Git LFS pointer in place of the image) and `unchecked`; `detail` is a few words about it. `size` is in bytes.
    """

    format: str = ""
    fault: str = ""
    detail: str = ""
    size: int = 0


class GitHubRemote(msgspec.Struct, frozen=True):
    """The repository on github.com: its name `owner/name`, and the branches that this checkout may represent."""

    name: str
    branches: tuple[str, ...]


class TargetSettings(msgspec.Struct, frozen=True):
    """Settings on the targets of images and of links.

    A root is the folder that a leading `/` stands for, relative to the root of the project: empty for the repository,
    or, for links, for `image_root`. The globs match whole targets as they are written; what they match is not checked.
    """

    image_root: str = ""
    link_root: str = ""
    image_exclude: tuple[str, ...] = ()
    link_exclude: tuple[str, ...] = ()

    def is_excluded(self, target: str, *, is_image: bool) -> bool:
        """Return whether a target is not to be checked."""
        globs = self.image_exclude if is_image else self.link_exclude
        if not globs:
            return False
        from fnmatch import fnmatchcase  # late: few projects have any

        return any(fnmatchcase(target, glob) for glob in globs)


FileStamp = tuple[int, int, int, int]
"""Size in bytes, times of the last change of content and of status in nanoseconds, inode."""


class InspectedImages(msgspec.Struct, frozen=True, array_like=True):
    """The results of inspecting image files, by path, which hold while the files have the same stamps.

    `decoder` is the stamp of the package that decoded them.
    """

    decoder: FileStamp = (-1, 0, 0, 0)
    contents: dict[str, tuple[FileStamp, ImageContent]] = {}

    def join(self, earlier: "InspectedImages", paths: Collection[str]) -> "InspectedImages":
        """Return these results, and earlier ones of the images at these paths."""
        wanted = set(paths)
        before = {path: known for path, known in earlier.contents.items() if path in wanted}
        if not self.contents:
            return InspectedImages(earlier.decoder, before)
        return InspectedImages(
            self.decoder, (before | self.contents if earlier.decoder == self.decoder else self.contents)
        )


class FileQuestions(msgspec.Struct, frozen=True, array_like=True):
    """The questions that rules asked of the files of a project, beside those about their names.

    `folders` were listed, `named` paths looked at one by one, symbolic `links` followed, `images` inspected; `home`:
    whether the repository on github.com was asked for.
    """

    folders: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    home: bool = False

    def join(self, other: "FileQuestions") -> "FileQuestions":
        """Return the questions of both."""
        return FileQuestions(
            _join_sorted(self.folders, other.folders),
            _join_sorted(self.named, other.named),
            _join_sorted(self.links, other.links),
            _join_sorted(self.images, other.images),
            self.home or other.home,
        )


def _join_sorted(some: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({*some, *others}))


class SettledNotes(msgspec.Struct, array_like=True):
    """The notes of which all links, or all images, lead to something that is there, by path.

    Each is settled while it has this digest. Links also depend on the notes to whose headings they lead: these follow,
    each with its path and digest. `nearest` are similar names that were found for paths that do not exist.
    """

    links: dict[str, tuple[bytes, tuple[tuple[str, bytes], ...]]] = {}
    images: dict[str, bytes] = {}
    nearest: dict[str, str] = {}


class ProjectFiles(Protocol):
    """The files of a project, as listed in git's index, or found on disk where there is no git.

    Immutable like the notes: the same question has the same answer for as long as the corpus lives. Answers are
    computed when first needed, so that notes without images do not wait for them. Paths are relative to the repository
    (to the root where there is none), with `/`; bytes of a name that are not UTF-8 are lone surrogates.
    """

    @property
    def names(self) -> Mapping[str, str]:
        """Return the kind of each path: `tracked`, `untracked`, `link`, `submodule` or `absent` (by sparse checkout).

        Without git all files are `tracked`; a folder that is a repository of its own may be among them, with a trailing
        `/`.
        """
        return {}

    @property
    def base(self) -> str:
        """Return the path of the project's root; empty where it is the repository itself."""
        return ""

    @property
    def site(self) -> str:
        """Return the folder that a leading `/` in the target of an image refers to."""
        return ""

    @property
    def link_site(self) -> str:
        """Return the folder that a leading `/` in the target of a link refers to."""
        return self.site

    @property
    def in_git(self) -> bool:
        """Return whether the list of files comes from git."""
        return False

    @property
    def home(self) -> GitHubRemote | None:
        """Return the repository on github.com; `None` where it is hosted elsewhere or nowhere."""
        return None

    def is_excluded(self, target: str, *, is_image: bool) -> bool:  # noqa: ARG002
        """Return whether a target, as it is written, is not to be checked."""
        return False

    def get_disk_kind(self, path: str) -> str:  # noqa: ARG002 (a default)
        """Return `file`, `folder`, `link` or `other` for a path with exactly this spelling on disk; empty if none."""
        return ""

    def resolve_symlink(self, path: str) -> str | None:  # noqa: ARG002
        """Return the path that a symbolic link leads to; `None` where it leads out of the repository."""
        return None

    def inspect_contents(self, keys: Collection[str]) -> Mapping[str, ImageContent]:  # noqa: ARG002
        """Return the inspected contents of files, by path, and of `data:` URIs, by the URI itself."""
        return {}

    def recall_images(self, known: InspectedImages) -> None:  # noqa: ARG002
        """Take over what an earlier run found out about images: those with the same stamp are not inspected again."""
        return

    def list_images(self, since: int) -> InspectedImages:  # noqa: ARG002
        """Return what is known of images that cannot have changed unnoticed since that time (see `digest_answers`)."""
        return InspectedImages()

    def get_settled(self, paths: tuple[str, ...]) -> SettledNotes:  # noqa: ARG002
        """Return the notes that are settled with these files, in a corpus with these paths of notes.

        What is added to it stays for as long as the files and the paths.
        """
        return SettledNotes()

    def recall_settled(self, paths: tuple[str, ...], known: SettledNotes) -> None:  # noqa: ARG002
        """Take over the notes that an earlier run found settled with the same files and paths."""
        return

    def list_questions(self) -> FileQuestions | None:
        """Return the questions asked so far; `None` where the answers may change without a sign of it."""
        return None

    def digest_answers(self, questions: FileQuestions, since: int | None = None) -> bytes:  # noqa: ARG002
        """Return a digest of the answers to these questions, empty where they cannot be told for sure.

        With `since`, the time when the files were first read in nanoseconds of the file system's clock, the digest is
        empty if one of the images may have changed after that and looks the same.
        """
        return b""

    def make_thumbnails(self, keys: Sequence[str]) -> Mapping[str, bytes]:  # noqa: ARG002
        """Return small copies of image files, WebP or SVG, by path; those that cannot be made are left out."""
        return {}


class UnknownFiles(ProjectFiles):
    """The files of a project of which only the notes are known."""
