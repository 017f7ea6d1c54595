"""What is known of the files beside the notes."""

from collections.abc import Collection, Mapping
from typing import Final, Protocol

import msgspec

TRACKED: Final = "tracked"
UNTRACKED: Final = "untracked"
LINK: Final = "link"
SUBMODULE: Final = "submodule"
ABSENT: Final = "absent"

FOLDER: Final = "folder"
FILE: Final = "file"
OTHER: Final = "other"

EMPTY: Final = "empty"
TRUNCATED: Final = "truncated"
FOREIGN: Final = "foreign"
BROKEN: Final = "broken"
POINTER: Final = "pointer"
UNCHECKED: Final = "unchecked"


class Content(msgspec.Struct, frozen=True, gc=False):
    """What the bytes of a file are.

    `format` is told by the first of them (`png`, `jpeg`, …; empty: none that is known). `fault` is empty for an image
    that can be shown, else one of `empty`, `truncated`, `foreign` (no image), `broken` (cannot be decoded), `pointer`
    (of Git LFS, in place of the image) and `unchecked`; `detail` is a few words about it. `size` is in bytes.
    """

    format: str = ""
    fault: str = ""
    detail: str = ""
    size: int = 0


class Home(msgspec.Struct, frozen=True):
    """Where the repository is hosted: `owner/name` on github.com, and the branches this checkout can stand for."""

    name: str
    branches: tuple[str, ...]


class Files(Protocol):
    """The files of a project, as git's index names them, or the disk where there is no git.

    A fact like the notes: the same answer to the same question for as long as the corpus lives. It is looked up when
    first asked for, so that notes without images do not wait for it. Paths are relative to the repository (to the root
    where there is none), with `/`; bytes of a name that are no UTF-8 are lone surrogates.
    """

    @property
    def names(self) -> Mapping[str, str]:
        """By path `tracked`, `untracked`, `link`, `submodule`, or `absent` for what a sparse checkout leaves out.

        Without git all files are `tracked`; a folder with a repository of its own may stand among them, with a `/`.
        """

    @property
    def base(self) -> str:
        """The path of the root, whose notes these are; empty where it is the repository itself."""

    @property
    def site(self) -> str:
        """The folder that a leading `/` stands for."""

    @property
    def in_git(self) -> bool:
        """Whether git says all this."""

    @property
    def home(self) -> Home | None:
        """Where the repository is hosted, if that is github.com."""

    def on_disk(self, path: str) -> str:
        """`file`, `folder`, `link` or `other` for what the disk spells exactly like this; empty where nothing does."""

    def leads(self, path: str) -> str | None:
        """Where a link leads; `None` out of the repository."""

    def contents(self, keys: Collection[str]) -> Mapping[str, Content]:
        """What is in files, by path, and in `data:` URIs, by themselves."""
