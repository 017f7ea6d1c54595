"""Checks that the bytes of an image reach its end, since decoders accept truncated images.

Each check walks over the parts of a file by the lengths that they state. Sources: PNG (W3C), GIF89a, JPEG (ITU-T T.81),
RIFF.
"""

import re
from collections.abc import Callable

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
