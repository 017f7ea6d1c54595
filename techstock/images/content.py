"""Inspection of the bytes of one image file: its format, whether it is complete, and Git LFS pointers.

Decoders accept truncated images, so each check walks over the parts of a file by the lengths that they state. Sources:
PNG (W3C), GIF89a, JPEG (ITU-T T.81), RIFF; https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md for pointers, the
few lines that git stores in place of a large file.
"""

import base64
import binascii
import re
from collections.abc import Callable

from techstock.model import ImageContent
from techstock.model.files import EMPTY, LFS_POINTER, NOT_AN_IMAGE, TRUNCATED, UNCHECKED, UNDECODABLE
from techstock.text.percent_encoding import percent_decode

_JPEG_MARKER = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])")  # none that belongs to the picture's own bytes
_MARKERS_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})  # JPEG markers without a length


def is_complete(data: bytes, kind: str) -> bool:
    """Return whether the end of an image is present; true for formats whose end cannot be checked."""
    walk = _COMPLETENESS_CHECKS.get(kind)
    return walk is None or walk(data)


def _is_complete_png(data: bytes) -> bool:
    at = 8
    while at + 12 <= len(data):
        kind = data[at + 4 : at + 8]
        at += 12 + int.from_bytes(data[at : at + 4], "big")
        if kind == b"IEND":
            return at <= len(data)
    return False


def _is_complete_gif(data: bytes) -> bool:
    if len(data) < 13:
        return False
    at = 13 + _color_table_size(data[10])
    while at < len(data):
        mark = data[at]
        if mark == 0x3B:
            return True
        if mark == 0x2C and at + 10 <= len(data):
            at = _skip_blocks(data, at + 11 + _color_table_size(data[at + 9]))
        elif mark == 0x21:
            at = _skip_blocks(data, at + 2)
        else:
            return mark == 0 and not data[at:].strip(b"\0")  # some programs fill up with zeros
    return False


def _color_table_size(flags: int) -> int:
    """Return the size of the color table that these flags announce, in bytes."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _skip_blocks(data: bytes, at: int) -> int:
    """Return the offset after a sequence of blocks; each states its length, and an empty one ends the sequence."""
    while at < len(data) and data[at]:
        at += 1 + data[at]
    return at + 1


def _is_complete_jpeg(data: bytes) -> bool:
    at = 2
    while match := _JPEG_MARKER.search(data, at):
        mark, at = match[1][0], match.end()
        if mark == 0xD9:
            return True
        if mark not in _MARKERS_WITHOUT_LENGTH:
            at += int.from_bytes(data[at : at + 2], "big")
    return False


def _is_complete_webp(data: bytes) -> bool:
    return len(data) >= 12 and len(data) >= 8 + int.from_bytes(data[4:8], "little")


_COMPLETENESS_CHECKS: dict[str, Callable[[bytes], bool]] = {
    "png": _is_complete_png,
    "gif": _is_complete_gif,
    "jpeg": _is_complete_jpeg,
    "webp": _is_complete_webp,
}


_POINTER_SIZE_LIMIT = 1024  # bytes, exclusive, says the specification
_POINTER_PREFIXES = (b"version https://git-lfs.github.com/spec/", b"version https://hawser.github.com/spec/")
_VALID_POINTER = re.compile(
    rb"version https://(?:git-lfs|hawser)\.github\.com/spec/v1\n"
    rb"(?:ext-\d-[a-z0-9.-]+ sha256:[0-9a-f]{64}\n)*oid sha256:[0-9a-f]{64}\nsize \d+\n?",
)


def is_lfs_pointer(data: bytes) -> bool:
    """Return whether the bytes begin like a pointer and are short enough for one, complete or not."""
    return len(data) < _POINTER_SIZE_LIMIT and data.startswith(_POINTER_PREFIXES)


def is_valid_lfs_pointer(data: bytes) -> bool:
    """Return whether a pointer is well formed."""
    return _VALID_POINTER.fullmatch(data) is not None


_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"BM", "bmp"),
    (b"\x00\x00\x01\x00", "ico"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
)
_ISO_BRANDS = {b"avif": "avif", b"avis": "avif", b"heic": "heic", b"heix": "heic", b"mif1": "heic", b"msf1": "heic"}
# What may stand before the root element: white space, declarations, comments. Each alternative ends, none nests.
_SVG_START = (
    rb"(?:\xef\xbb\xbf)?(?:\s|<\?[^>]*>|<!--(?:[^-]|-(?!->))*-->|<!DOCTYPE[^<>\[]*(?:\[[^\]]*\]\s*)?>)*<"
    rb"(?:svg[\s/>]|([\w.-]+):svg\s[^>]*?xmlns:\1\s*=\s*[\"']http://www\.w3\.org/2000/svg[\"'])"
)


def detect_image_format(head: bytes) -> str:
    """Return `png`, `jpeg`, `gif`, `webp`, `avif`, `heic`, `bmp`, `ico`, `tiff` or `svg`; empty for anything else.

    `head` is the start of the content, of which at most 64 KiB are read. 16 bytes suffice for all formats but `svg`,
    whose root element may come after a comment.
    """
    if head[:4] == b"RIFF":
        return "webp" if head[8:12] == b"WEBP" else ""
    if head[4:8] == b"ftyp":
        return _ISO_BRANDS.get(head[8:12], "")
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    text = _to_utf8(head[:65_536])
    return "svg" if b"svg" in text and re.match(_SVG_START, text, re.I) else ""


MALFORMED_POINTER = "malformed"
_HTML_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|head|body|!--|\?xml)", re.I)
_DATA_URI = re.compile(r"data:([^;,]*)((?:;[^;,]*)*),(.*)", re.I | re.S)
_VIDEO_BRANDS = (b"isom", b"iso2", b"mp41", b"mp42", b"qt  ", b"M4V ", b"avc1", b"dash")

Decode = Callable[[bytes, str], str]
"""Takes bytes and their format; returns `ok`, `broken`, or the reason why the image was not decoded."""


def inspect_image(data: bytes, decode: Decode) -> ImageContent:
    """Return the format of an image file and its fault, if any; `decode` is called only for complete images."""
    size = len(data)
    if not data:
        return ImageContent("", EMPTY, size=0)
    kind = detect_image_format(data[:65_536])
    if not kind:
        return _inspect_non_image(data)
    if kind == "svg":
        return _inspect_svg(data)
    if not is_complete(data, kind):
        return ImageContent(kind, TRUNCATED, size=size)
    answer = decode(data, kind)
    if answer == "ok":
        return ImageContent(kind, size=size)
    return (
        ImageContent(kind, UNDECODABLE, size=size)
        if answer == "broken"
        else ImageContent(kind, UNCHECKED, answer, size)
    )


def _inspect_non_image(data: bytes) -> ImageContent:
    if is_lfs_pointer(data):
        return ImageContent("", LFS_POINTER, "" if is_valid_lfs_pointer(data) else MALFORMED_POINTER, len(data))
    if _HTML_START.match(data[:1024]):
        what = "a web page (HTML)" if not data.lstrip().startswith(b"<?xml") else "XML without an image in it"
    elif data.startswith(b"%PDF-"):
        what = "a PDF"
    elif data.startswith(b"PK\x03\x04"):
        what = "a ZIP archive"
    elif data.startswith(b"\x1f\x8b"):
        what = "compressed data (gzip)"
    elif data[4:8] == b"ftyp" and data[8:12] in _VIDEO_BRANDS:
        what = "a video"
    elif not data.strip(b"\0"):
        what = "zero bytes only"
    elif _is_text(data[:1024]):
        what = "text"
    else:
        return ImageContent("", NOT_AN_IMAGE, "", len(data))
    return ImageContent("", NOT_AN_IMAGE, what, len(data))


def _is_text(head: bytes) -> bool:
    try:
        text = head.decode()
    except UnicodeDecodeError as error:
        if error.start < len(head) - 3:
            return False
        text = head[: error.start].decode()
    return all(character.isprintable() or character.isspace() for character in text)


def _inspect_svg(data: bytes) -> ImageContent:
    """Return the content of an SVG file, checked only for the end of its root element.

    SVG is never rendered and never given to an XML parser.
    """
    tail = _to_utf8(data).rstrip(b" \t\r\n\0")
    closed = re.search(rb"</(?:[\w.-]+:)?svg\s*>", tail[-65_536:], re.I) or re.search(
        rb"<(?:[\w.-]+:)?svg\b[^>]*/>", tail[:65_536], re.I
    )
    return ImageContent("svg", "" if closed else TRUNCATED, size=len(data))


def _to_utf8(data: bytes) -> bytes:
    """Return the bytes of a text in UTF-8 if it is in UTF-16, told by its byte order mark or its first sign."""
    if data.startswith((b"\xff\xfe", b"<\0")):
        return data.decode("utf-16-le", "replace").removeprefix("\ufeff").encode("utf-8", "replace")
    if data.startswith((b"\xfe\xff", b"\0<")):
        return data.decode("utf-16-be", "replace").removeprefix("\ufeff").encode("utf-8", "replace")
    return data


def parse_data_uri(uri: str) -> tuple[str, bytes] | None:
    """Return the media type and the bytes of a `data:` URI; `None` if it is malformed."""
    match = _DATA_URI.fullmatch(uri.strip())
    if match is None:
        return None
    media, parameters, body = match[1].strip().lower(), match[2].lower(), percent_decode(match[3])
    data = body.encode("utf-8", "surrogateescape")
    if not parameters.endswith(";base64"):
        return media, data
    data = b"".join(data.split()).translate(bytes.maketrans(b"-_", b"+/")).rstrip(b"=")
    try:
        return media, base64.b64decode(data + b"=" * (-len(data) % 4), validate=True)
    except binascii.Error:
        return None
