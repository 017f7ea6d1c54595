"""Checks of the contents of image files."""

from posixpath import splitext

import msgspec

from techstock.model.files import EMPTY, LFS_POINTER, NOT_AN_IMAGE, TRUNCATED, UNCHECKED, UNDECODABLE, ImageContent

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
_SAME_CONTAINER = {"heic": "avif"}  # one container: its first brand does not tell them apart
# What some editors show through the syntax of images; that it is no image is no mistake there.
_EMBEDDABLE_SUFFIXES = frozenset(
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
_FORMAT_NAMES = {"jpeg": "JPEG", "webp": "WebP"}

_RESTORE_HELP = "restore it from where it came from, or remove the image"
_DAMAGE_MESSAGES = {
    EMPTY: ("{name} is empty", "0 bytes"),
    TRUNCATED: ("{name} is cut off: the end of the {kind} is missing", "cut off"),
    UNDECODABLE: ("{name} cannot be decoded as {kind}", "damaged"),
}


class ImageFileProblem(msgspec.Struct, frozen=True):
    """A problem of an image file, for one rule."""

    rule: str
    message: str
    label: str = ""
    help: str = ""


def has_image_suffix(path: str) -> bool:
    """Return whether a path has the suffix of an image format."""
    return splitext(path)[1].lower() in _FORMATS


def check_image_file(content: ImageContent, path: str) -> ImageFileProblem | None:
    """Return the problem of a file's content, if there is one.

    `path` is the file's path as messages display it; empty for the data of a `data:` URI.
    """
    suffix = splitext(path)[1].lower()
    name = f"`{path}`" if path else "the data of this image"
    if suffix in _EMBEDDABLE_SUFFIXES:
        return None
    if content.fault == NOT_AN_IMAGE:
        return _describe_foreign_file(content, name, suffix)
    if content.fault == LFS_POINTER:
        return _describe_lfs_pointer(content, name)
    if content.fault == UNCHECKED:
        return ImageFileProblem("image-unchecked", f"{name} is not checked: {content.detail}", "not checked")
    if content.fault:
        message, label = _DAMAGE_MESSAGES[content.fault]
        return ImageFileProblem(
            "image-corrupt", message.format(name=name, kind=_get_format_name(content.format)), label, _RESTORE_HELP
        )
    return _check_format_suffix(content, name, suffix)


def _get_format_name(kind: str) -> str:
    return _FORMAT_NAMES.get(kind, kind.upper())


def _add_article(kind: str) -> str:
    """Return the name of a format with its article, as it is spoken."""
    return f"{'an' if kind in ('avif', 'ico', 'svg') else 'a'} {_get_format_name(kind)}"


def _describe_foreign_file(content: ImageContent, name: str, suffix: str) -> ImageFileProblem:
    if content.detail:
        return ImageFileProblem("image-corrupt", f"{name} is no image but {content.detail}", "no image", _RESTORE_HELP)
    if suffix in _FORMATS or not suffix:
        return ImageFileProblem("image-corrupt", f"{name} is no image", "no image", _RESTORE_HELP)
    return ImageFileProblem(
        "image-unchecked", f"{name} is not checked: `{suffix}` is a format that techstock does not know"
    )


def _describe_lfs_pointer(content: ImageContent, name: str) -> ImageFileProblem:
    if content.detail:
        what = f"{name} is a damaged pointer of Git LFS"
        return ImageFileProblem("image-lfs", what, "not the image", "add the image anew with `git lfs track` in force")
    what = f"{name} is a Git LFS pointer without a rule in `.gitattributes`"
    return ImageFileProblem(
        "image-lfs", what, "not the image", "run `git lfs track` for it, or commit the image itself"
    )


def _check_format_suffix(content: ImageContent, name: str, suffix: str) -> ImageFileProblem | None:
    promised = _FORMATS.get(suffix, "")
    if (
        not promised
        or not content.format
        or _SAME_CONTAINER.get(promised, promised) == _SAME_CONTAINER.get(content.format, content.format)
    ):
        return None
    what = f"{name} is {_add_article(content.format)}, not {_add_article(promised)}"
    cure = f"rename it to `{_SUFFIXES[content.format][0]}`: some servers and programs go by the suffix"
    return ImageFileProblem("image-type", what, "another format", cure)
