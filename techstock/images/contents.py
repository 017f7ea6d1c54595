"""Inspection of the bytes of one image file."""

import base64
import binascii
import re
from collections.abc import Callable

from techstock.images.ends import is_whole
from techstock.images.formats import sniff
from techstock.images.pointers import is_pointer
from techstock.images.pointers import is_whole as is_whole_pointer
from techstock.model import Content
from techstock.model.files import BROKEN, EMPTY, FOREIGN, POINTER, TRUNCATED, UNCHECKED
from techstock.text.percent import decoded

MALFORMED = "malformed"
_HTML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|head|body|!--|\?xml)", re.I)
_DATA = re.compile(r"data:([^;,]*)((?:;[^;,]*)*),(.*)", re.I | re.S)
_VIDEO = (b"isom", b"iso2", b"mp41", b"mp42", b"qt  ", b"M4V ", b"avc1", b"dash")

Decode = Callable[[bytes, str], str]
"""Takes bytes and their format; returns `ok`, `broken`, or the reason why the image was not decoded."""


def examined(data: bytes, decode: Decode) -> Content:
    """Return the format of an image file and its fault, if any; `decode` is called only for complete images."""
    size = len(data)
    if not data:
        return Content("", EMPTY, size=0)
    kind = sniff(data[:65_536])
    if not kind:
        return _unknown(data)
    if kind == "svg":
        return _svg(data)
    if not is_whole(data, kind):
        return Content(kind, TRUNCATED, size=size)
    answer = decode(data, kind)
    if answer == "ok":
        return Content(kind, size=size)
    return Content(kind, BROKEN, size=size) if answer == "broken" else Content(kind, UNCHECKED, answer, size)


def _unknown(data: bytes) -> Content:
    if is_pointer(data):
        return Content("", POINTER, "" if is_whole_pointer(data) else MALFORMED, len(data))
    if _HTML.match(data[:1024]):
        what = "a web page (HTML)" if not data.lstrip().startswith(b"<?xml") else "XML without an image in it"
    elif data.startswith(b"%PDF-"):
        what = "a PDF"
    elif data.startswith(b"PK\x03\x04"):
        what = "a ZIP archive"
    elif data.startswith(b"\x1f\x8b"):
        what = "compressed data (gzip)"
    elif data[4:8] == b"ftyp" and data[8:12] in _VIDEO:
        what = "a video"
    elif not data.strip(b"\0"):
        what = "zero bytes only"
    elif _is_text(data[:1024]):
        what = "text"
    else:
        return Content("", FOREIGN, "", len(data))
    return Content("", FOREIGN, what, len(data))


def _is_text(head: bytes) -> bool:
    try:
        text = head.decode()
    except UnicodeDecodeError as error:
        if error.start < len(head) - 3:
            return False
        text = head[: error.start].decode()
    return all(character.isprintable() or character.isspace() for character in text)


def _svg(data: bytes) -> Content:
    """Return the content of an SVG file, checked only for the end of its root element.

    SVG is never rendered and never given to an XML parser.
    """
    tail = data.rstrip(b" \t\r\n\0")
    closed = re.search(rb"</(?:\w+:)?svg\s*>", tail[-65_536:], re.I) or re.search(
        rb"<svg\b[^>]*/>", tail[:65_536], re.I
    )
    return Content("svg", "" if closed else TRUNCATED, size=len(data))


def from_data(uri: str) -> tuple[str, bytes] | None:
    """Return the media type and the bytes of a `data:` URI; `None` if it is malformed."""
    match = _DATA.fullmatch(uri.strip())
    if match is None:
        return None
    media, parameters, body = match[1].strip().lower(), match[2].lower(), decoded(match[3])
    data = body.encode("utf-8", "surrogateescape")
    if not parameters.endswith(";base64"):
        return media, data
    data = b"".join(data.split()).translate(bytes.maketrans(b"-_", b"+/")).rstrip(b"=")
    try:
        return media, base64.b64decode(data + b"=" * (-len(data) % 4), validate=True)
    except binascii.Error:
        return None
