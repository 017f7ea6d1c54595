"""Detection of the image format from the first bytes; suffixes and the type sent by a server are ignored."""

import re

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
    rb"(?:\xef\xbb\xbf)?(?:\s|<\?[^>]*>|<!--(?:[^-]|-(?!->))*-->|<!DOCTYPE[^<>\[]*(?:\[[^\]]*\]\s*)?>)*<svg[\s/>]"
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
    return "svg" if b"<svg" in head[:65_536] and re.match(_SVG_START, head[:65_536], re.I) else ""
