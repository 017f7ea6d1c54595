"""Inspect image files, several at once: most of the time is spent decoding them, in child processes."""

import os
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

from techstock.images.contents import examined, from_data
from techstock.images.decoder import Decoder
from techstock.images.kept import Kept
from techstock.model import Content
from techstock.model.files import FOREIGN

_MOST = 4  # child processes
_EACH = 8  # images that are worth another one

Read = Callable[[str], bytes | Content]
"""Takes the path of a file; its bytes, or what is to be said where there are none."""


def looked(keys: Sequence[str], read: Read, folder: Path | None) -> dict[str, Content]:
    """Inspect each file, by path, and each `data:` URI. `folder` caches the results of decoding, unless it is None."""
    kept = Kept(folder)
    children = max(1, min(_MOST, os.cpu_count() or 1, len(keys) // _EACH))
    if children == 1:
        found = _looked(keys, read, kept)
    else:
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(children) as pool:
            parts = pool.map(lambda at: _looked(keys[at::children], read, kept), range(children))
            found = {key: content for part in parts for key, content in part.items()}
    kept.save()
    return found


def _looked(keys: Sequence[str], read: Read, kept: Kept) -> dict[str, Content]:
    """Inspect some of the images with one child process, which starts when it is first needed."""
    with Decoder() as decoder:

        def decode(data: bytes, kind: str) -> str:
            digest = sha256(data).hexdigest()
            if digest in kept:
                return "ok"
            answer = decoder.verdict(data, kind)
            if answer == "ok":
                kept.add(digest)
            return answer

        return {key: _content(_of_data(key) if key[:5].lower() == "data:" else read(key), decode) for key in keys}


def _content(data: bytes | Content, decode: Callable[[bytes, str], str]) -> Content:
    return data if isinstance(data, Content) else examined(data, decode)


def _of_data(uri: str) -> bytes | Content:
    found = from_data(uri)
    return Content(fault=FOREIGN, detail="data that is not well formed") if found is None else found[1]
