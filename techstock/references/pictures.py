"""Checks of the contents of image files."""

from posixpath import splitext

import msgspec

from techstock.model.files import BROKEN, EMPTY, FOREIGN, POINTER, TRUNCATED, UNCHECKED, Content

_SUFFIXES = {
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
_FORMATS = {suffix: kind for kind, suffixes in _SUFFIXES.items() for suffix in suffixes}
_ONE = {"heic": "avif"}  # one container: its first brand does not tell them apart
# What some editors show through the syntax of images; that it is no image is no mistake there.
_EMBEDDED = frozenset(
    [
        ".md",
        ".markdown",
        ".canvas",
        ".excalidraw",
        ".pdf",
        ".mp4",
        ".m4v",
        ".mov",
        ".webm",
        ".ogv",
        ".mkv",
        ".mp3",
        ".m4a",
        ".wav",
        ".ogg",
        ".flac",
        ".3gp",
        ".html",
        ".drawio",
    ]
)
_NAMES = {"jpeg": "JPEG", "webp": "WebP"}

_RESTORE = "restore it from where it came from, or remove the image"
_DAMAGED = {
    EMPTY: ("{name} is empty", "0 bytes"),
    TRUNCATED: ("{name} is cut off: the end of the {kind} is missing", "cut off"),
    BROKEN: ("{name} cannot be decoded as {kind}", "damaged"),
}


class Fault(msgspec.Struct, frozen=True):
    """A problem of an image file, for one rule."""

    rule: str
    message: str
    label: str = ""
    help: str = ""


def is_image(path: str) -> bool:
    """Return whether a path has the suffix of an image format."""
    return splitext(path)[1].lower() in _FORMATS


def faulty(content: Content, path: str) -> Fault | None:
    """Return the problem of a file's content, if there is one.

    `path` is the file's path as messages display it; empty for the data of a `data:` URI.
    """
    suffix = splitext(path)[1].lower()
    name = f"`{path}`" if path else "the data of this image"
    if suffix in _EMBEDDED:
        return None
    if content.fault == FOREIGN:
        return _foreign(content, name, suffix)
    if content.fault == POINTER:
        return _pointer(content, name)
    if content.fault == UNCHECKED:
        return Fault("image-unchecked", f"{name} is not checked: {content.detail}", "not checked")
    if content.fault:
        message, label = _DAMAGED[content.fault]
        return Fault("image-corrupt", message.format(name=name, kind=_named(content.format)), label, _RESTORE)
    return _mistyped(content, name, suffix)


def _named(kind: str) -> str:
    return _NAMES.get(kind, kind.upper())


def _a(kind: str) -> str:
    """Return the name of a format with its article, as it is spoken."""
    return f"{'an' if kind in ('avif', 'ico', 'svg') else 'a'} {_named(kind)}"


def _foreign(content: Content, name: str, suffix: str) -> Fault:
    if content.detail:
        return Fault("image-corrupt", f"{name} is no image but {content.detail}", "no image", _RESTORE)
    if suffix in _FORMATS or not suffix:
        return Fault("image-corrupt", f"{name} is no image", "no image", _RESTORE)
    return Fault("image-unchecked", f"{name} is not checked: `{suffix}` is a format that techstock does not know")


def _pointer(content: Content, name: str) -> Fault:
    if content.detail:
        what = f"{name} is a damaged pointer of Git LFS"
        return Fault("image-lfs", what, "not the image", "add the image anew with `git lfs track` in force")
    what = f"{name} is a Git LFS pointer without a rule in `.gitattributes`"
    return Fault("image-lfs", what, "not the image", "run `git lfs track` for it, or commit the image itself")


def _mistyped(content: Content, name: str, suffix: str) -> Fault | None:
    promised = _FORMATS.get(suffix, "")
    if not promised or not content.format or _ONE.get(promised, promised) == _ONE.get(content.format, content.format):
        return None
    what = f"{name} is {_a(content.format)}, not {_a(promised)}"
    cure = f"rename it to `{_SUFFIXES[content.format][0]}`: some servers and programs go by the suffix"
    return Fault("image-type", what, "another format", cure)
