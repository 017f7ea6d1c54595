"""Inspect image files, several at once: most of the time is spent decoding them, in child processes.

Images that decoded without errors are cached by the digest of their bytes, and are not decoded again. Only successes
are stored: a file that is missing, damaged or forged costs time at most, because its digests are compared with those of
bytes that have been hashed, and nothing else in it is trusted.
"""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from hashlib import sha256

import msgspec

from techstock.images.content import inspect_image, parse_data_uri
from techstock.images.decoder import Decoder
from techstock.model import ImageContent
from techstock.model.files import NOT_AN_IMAGE
from techstock.storage.cache_directory import CacheDirectory

_FILE_NAME = "images-1.json"  # the number is that of the checks: images they passed before are decoded anew
_MAX_FILE_SIZE = 16 * 1024 * 1024
_MAX_DIGESTS = 100_000


class DecodedImageCache:
    """Digests of intact images, stored in a cache directory, if any: read on first use, written by `save`."""

    def __init__(self, folder: CacheDirectory | None) -> None:
        self._folder = folder
        self._known: frozenset[str] | None = None
        self._new: set[str] = set()

    def __contains__(self, digest: str) -> bool:
        if self._known is None:
            self._known = _read_digests(self._folder) if self._folder else frozenset()
        return digest in self._known

    def add(self, digest: str) -> None:
        """Add the digest of an image that is intact."""
        self._new.add(digest)

    def save(self) -> None:
        """Write the added digests; errors are ignored, since the cache is optional."""
        if not self._new or self._folder is None:
            return
        older = sorted(self._known or ())[: max(_MAX_DIGESTS - len(self._new), 0)]
        data = msgspec.json.encode([*sorted(self._new), *older])
        with suppress(OSError):
            self._folder.write(_FILE_NAME, [data])


def _read_digests(folder: CacheDirectory) -> frozenset[str]:
    try:
        return msgspec.json.decode(folder.read(_FILE_NAME, _MAX_FILE_SIZE), type=frozenset[str])
    except (OSError, ValueError, RecursionError):
        return frozenset()


_WIDTH, _HEIGHT = 320, 240  # of a thumbnail, at most
_MAX_SVG_SIZE = 64 * 1024  # bytes
_MAX_CHILDREN = 4  # child processes
_IMAGES_PER_CHILD = 8  # images that are worth another one

ImageReader = Callable[[str], bytes | ImageContent]
"""Takes the path of a file; its bytes, or what is to be said where there are none."""


def inspect_images(keys: Sequence[str], read: ImageReader, folder: CacheDirectory | None) -> dict[str, ImageContent]:
    """Inspect each file, by path, and each `data:` URI. `folder` caches the results of decoding, unless it is None."""
    kept = DecodedImageCache(folder)
    children = max(1, min(_MAX_CHILDREN, os.cpu_count() or 1, len(keys) // _IMAGES_PER_CHILD))
    if children == 1:
        found = _inspect_batch(keys, read, kept)
    else:
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(children) as pool:
            parts = pool.map(lambda at: _inspect_batch(keys[at::children], read, kept), range(children))
            found = {key: content for part in parts for key, content in part.items()}
    kept.save()
    return found


def _inspect_batch(keys: Sequence[str], read: ImageReader, kept: DecodedImageCache) -> dict[str, ImageContent]:
    """Inspect some of the images with one child process, which starts when it is first needed."""
    with Decoder() as decoder:

        def decode(data: bytes, kind: str) -> str:
            digest = sha256(data).hexdigest()
            if digest in kept:
                return "ok"
            answer = decoder.try_decode(data, kind)
            if answer == "ok":
                kept.add(digest)
            return answer

        return {
            key: _inspect_data(_read_data_uri(key) if key[:5].lower() == "data:" else read(key), decode) for key in keys
        }


def _inspect_data(data: bytes | ImageContent, decode: Callable[[bytes, str], str]) -> ImageContent:
    return data if isinstance(data, ImageContent) else inspect_image(data, decode)


def _read_data_uri(uri: str) -> bytes | ImageContent:
    found = parse_data_uri(uri)
    return ImageContent(fault=NOT_AN_IMAGE, detail="data that is not well formed") if found is None else found[1]


def make_thumbnails(paths: Sequence[str], read: ImageReader) -> dict[str, bytes]:
    """Return WebP files of at most 320 × 240 by path, decoded in a child process, and small SVG files as they are."""
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
