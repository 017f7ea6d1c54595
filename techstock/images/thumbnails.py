"""Thumbnails of image files: decoded in the child process, as every image is."""

from collections.abc import Sequence

from techstock.images.content import inspect_image
from techstock.images.decoder import Decoder
from techstock.images.inspection import ImageReader

_WIDTH, _HEIGHT = 320, 240
_MAX_SVG_SIZE = 64 * 1024  # bytes


def make_thumbnails(paths: Sequence[str], read: ImageReader) -> dict[str, bytes]:
    """Return WebP files of at most 320 × 240 by path, and small SVG files as they are."""
    found = {}
    with Decoder() as decoder:
        for path in paths:
            data = read(path)
            if isinstance(data, bytes) and (made := _make_thumbnail(data, decoder)):
                found[path] = made
    return found


def _make_thumbnail(data: bytes, decoder: Decoder) -> bytes:
    kind = inspect_image(data, lambda *_: "ok").format
    if kind == "svg":
        return data if len(data) <= _MAX_SVG_SIZE else b""
    return decoder.try_thumbnail(data, kind, _WIDTH, _HEIGHT)
