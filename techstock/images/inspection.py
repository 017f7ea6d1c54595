"""Inspect image files, several at once: most of the time is spent decoding them, in child processes.

Images that decoded without errors are cached by the digest of their bytes, and are not decoded again. Only successes
are stored: a file that is missing, damaged or forged costs time at most, because its digests are compared with those of
bytes that have been hashed, and nothing else in it is trusted.
"""

import os
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

import msgspec

from techstock.images.content import inspect_image, parse_data_uri
from techstock.images.decoder import Decoder
from techstock.model import ImageContent
from techstock.model.files import NOT_AN_IMAGE
from techstock.storage.atomic_file import open_atomic_file, remove_abandoned_files

_FILE_NAME = "images-1.json"  # the number is that of the checks: images they passed before are decoded anew
_MAX_FILE_SIZE = 16 * 1024 * 1024
_MAX_DIGESTS = 100_000
_CACHEDIR_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# A cache of techstock: it may be deleted at any time.\n"


class DecodedImageCache:
    """Digests of intact images, stored in a folder, if any: read on first use, written by `save`."""

    def __init__(self, folder: Path | None) -> None:
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
        try:
            _write_digests(self._folder, data)
        except OSError:
            return


def _read_digests(folder: Path) -> frozenset[str]:
    try:
        if (
            folder.is_symlink()
            or (folder / _FILE_NAME).is_symlink()
            or (folder / _FILE_NAME).stat().st_size > _MAX_FILE_SIZE
        ):
            return frozenset()
        return msgspec.json.decode((folder / _FILE_NAME).read_bytes(), type=frozenset[str])
    except (OSError, ValueError, RecursionError):
        return frozenset()


def _write_digests(folder: Path, data: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if folder.is_symlink():
        return
    for name, text in ((".gitignore", "*\n"), ("CACHEDIR.TAG", _CACHEDIR_TAG)):
        if not (folder / name).exists():
            (folder / name).write_text(text, "utf-8")
    remove_abandoned_files(str(folder))
    with open_atomic_file(str(folder)) as made:
        made.write(data)
        made.rename_to(str(folder / _FILE_NAME))


_MAX_CHILDREN = 4  # child processes
_IMAGES_PER_CHILD = 8  # images that are worth another one

ImageReader = Callable[[str], bytes | ImageContent]
"""Takes the path of a file; its bytes, or what is to be said where there are none."""


def inspect_images(keys: Sequence[str], read: ImageReader, folder: Path | None) -> dict[str, ImageContent]:
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
