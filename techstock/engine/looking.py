"""Inspect image files, several at once: most of the time is spent decoding them, in child processes."""

import os
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

from techstock.images.contents import inspect_image, parse_data_uri
from techstock.images.decoder import Decoder
from techstock.images.kept import DecodedImageCache
from techstock.model import ImageContent
from techstock.model.files import NOT_AN_IMAGE

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
