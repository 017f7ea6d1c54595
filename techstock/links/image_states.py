"""The state of each image of a corpus: what its target is, what stands at the path, and what the bytes are."""

from posixpath import splitext
from typing import TYPE_CHECKING, Final

import msgspec

from techstock.model import Fix, Image, Note, RelatedSpan, Span
from techstock.model.files import ImageContent

if TYPE_CHECKING:
    from techstock.links.file_index import FileIndex
    from techstock.links.targets import Target

NO_TARGET: Final = "no-target"
ON_WEB: Final = "web"
ONE_COMPUTER: Final = "computer"
ENCODED_SLASH: Final = "slash"
UNKNOWN_FORMAT: Final = "unknown-format"
OTHER_FORMAT: Final = "other-format"
VALID: Final = "valid"

SAVE_IN_REPOSITORY_HELP = "save the image in the repository and link to it by a relative path"
FORMAT_SUFFIXES = {
    "png": (".png", ".apng"),
    "jpeg": (".jpg", ".jpeg", ".jpe", ".jfif", ".pjpeg"),
    "gif": (".gif",),
    "webp": (".webp",),
    "avif": (".avif",),
    "heic": (".heic", ".heif"),
    "bmp": (".bmp", ".dib"),
    "ico": (".ico", ".cur"),
    "tiff": (".tif", ".tiff"),
    "svg": (".svg",),
}
FORMATS = {suffix: kind for kind, suffixes in FORMAT_SUFFIXES.items() for suffix in suffixes}
_FORMAT_NAMES = {"jpeg": "JPEG", "webp": "WebP"}
_MAX_MARKED_LENGTH = 60  # characters of a `data:` URI that are marked; it may have a million


class CheckedImage(msgspec.Struct, frozen=True):
    """An image in its note, with its parsed target, and what is known of it.

    `state` is the first of these that holds, so that rules on different states never report one image twice:

    1. `no-target`; `web` (a URL); `computer` (a place on one computer: `why` says so in a few words, and `path` is the
       file at the path with `/` for each backslash, if there is one); `outside` (leads out of the repository: by a
       symbolic link if there is a `path`); `slash` (a `%2F` in the path of a file).
    2. What stands at the path, as in `model.files`: `missing`, `folder`, `link`, … `untracked` only if the note is
       tracked: a new note and its new images may be added together.
    3. The fault of the file or of the `data:` URI, as in `ImageContent`; `unknown-format` for a file that is `foreign`
       and has the suffix of no known format.
    4. `other-format` (the suffix names another one), `valid`.

    `path` is the path below the repository in its true spelling, or the `data:` URI; `shown` is the path as messages
    display it, empty for a `data:` URI. `first` is whether no image before it shares its target's span (that of a link
    definition).
    """

    names: "FileIndex"
    note: Note
    image: Image
    target: "Target"
    state: str = ""
    path: str = ""
    shown: str = ""
    why: str = ""
    content: ImageContent = ImageContent()
    first: bool = True

    @property
    def place(self) -> Span:
        """Return the span to mark: the target; all of an image by reference, or without a target."""
        whole = self.image.kind == "reference" or self.image.at.start == self.image.at.end
        place = self.image.place if whole else self.image.at
        if self.image.target[:5].lower() == "data:":
            place = Span(place.start, min(place.end, place.start + _MAX_MARKED_LENGTH))
        return self.note.add_path_to(place)

    @property
    def related(self) -> tuple[RelatedSpan, ...]:
        """Return the span of the definition of an image by reference."""
        by_reference = self.image.kind == "reference"
        return (RelatedSpan(self.note.add_path_to(self.image.at), "its target"),) if by_reference else ()

    @property
    def data(self) -> dict[str, str]:
        """Return the path for machines."""
        return {"path": self.shown} if self.shown else {}

    @property
    def name(self) -> str:
        """Return what messages call the file or the `data:` URI."""
        return f"`{self.shown}`" if self.shown else "the data of this image"

    def make_path_fix(self) -> Fix | None:
        """Return the fix that writes the path of the file; a definition that many images share is fixed once."""
        if not (self.path and self.target.raw and self.first):
            return None
        from techstock.links.suggestions import make_path_fix  # late: only for what is wrong

        return make_path_fix(self.names, self.note, self.image, self.target, self.path)


def has_image_suffix(path: str) -> bool:
    """Return whether a path has the suffix of an image format."""
    return splitext(path)[1].lower() in FORMATS


def get_format_name(kind: str) -> str:
    """Return the name of an image format as messages show it."""
    return _FORMAT_NAMES.get(kind, kind.upper())
