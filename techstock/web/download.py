"""Fetch whole images, and keep what is one, whole and not too large, under the name of its content."""

from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

import httpx
import msgspec

from techstock.images.contents import examined
from techstock.model.web import BROKEN, OK, UNKNOWN, Answer
from techstock.web.limits import Limits
from techstock.web.schedule import Asker, ask_all
from techstock.web.staging import finish, temporary
from techstock.web.urls import Url

LARGEST = 20 * 1024 * 1024  # bytes
_SUFFIXES = {"jpeg": "jpg", "tiff": "tif"}
_HEAD = 65_536


class Copy(msgspec.Struct, frozen=True):
    """A URL's copy: the name of its file, empty where there is none, and why that is so."""

    name: str
    answer: Answer


class Sink:
    """Takes the body of an answer to a file, up to `most` bytes; a second attempt begins anew."""

    def __init__(self, stream: BinaryIO, most: int) -> None:
        self._stream = stream
        self._most = most
        self.is_too_large = False

    async def __call__(self, response: httpx.Response) -> tuple[bytes, bool]:
        """The start of the body, and whether all of it is in the file."""
        self._stream.seek(0)
        self._stream.truncate()
        head, size = b"", 0
        async for piece in response.aiter_raw():
            size += len(piece)
            if size > self._most:
                self.is_too_large = True
                return head, False
            self._stream.write(piece)
            if len(head) < _HEAD:
                head = (head + piece)[:_HEAD]
        return head, True


async def fetch_copies(
    asker: Asker, urls: Sequence[Url], folder: Path, limits: Limits, done: Callable[[Url, Copy], None]
) -> str:
    """Fetch each URL into `folder`, which exists; `done` is told each as it comes.

    Gives why some were not reached, as `ask_all` does. Raises `OSError` where the folder takes nothing.
    """

    async def fetched(url: Url) -> Copy:
        with temporary(folder) as (stream, path):
            sink = Sink(stream, LARGEST)
            answer = await asker.fetched(url, sink)
            if answer.state != OK:
                return Copy("", answer)
            if sink.is_too_large:
                return Copy("", msgspec.structs.replace(answer, state=UNKNOWN, reason="too-large"))
            finish(stream)
            name = _kept(path, folder)
        return Copy(name, answer) if name else Copy("", msgspec.structs.replace(answer, state=BROKEN, reason="cut-off"))

    return await ask_all(fetched, urls, limits, done)


def _kept(path: Path, folder: Path) -> str:
    """The name under which a file now stands that is an image and whole; empty where it is neither."""
    data = path.read_bytes()
    content = examined(data, lambda _data, _kind: "ok")  # whether it can be decoded is for the next lint
    if content.fault or not content.format:
        return ""
    name = f"{sha256(data).hexdigest()[:20]}.{_SUFFIXES.get(content.format, content.format)}"
    target = folder / name
    if target.is_symlink() or not target.is_file() or target.read_bytes() != data:
        path.replace(target)
    return name
