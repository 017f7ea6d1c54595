"""Inspection of the bytes of one image file."""

import base64
import binascii
import re
from collections.abc import Callable

from techstock.images.ends import is_complete
from techstock.images.formats import detect_image_format
from techstock.images.pointers import is_lfs_pointer, is_valid_lfs_pointer
from techstock.model import ImageContent
from techstock.model.files import EMPTY, LFS_POINTER, NOT_AN_IMAGE, TRUNCATED, UNCHECKED, UNDECODABLE
from techstock.text.percent import percent_decode

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
    tail = data.rstrip(b" \t\r\n\0")
    closed = re.search(rb"</(?:\w+:)?svg\s*>", tail[-65_536:], re.I) or re.search(
        rb"<svg\b[^>]*/>", tail[:65_536], re.I
    )
    return ImageContent("svg", "" if closed else TRUNCATED, size=len(data))


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
