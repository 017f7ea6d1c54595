"""Downloads of whole images; a valid, complete image that is not too large is stored under the hash of its content."""

from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

import httpx
import msgspec

from techstock.drafts import Draft, draft, sweep
from techstock.images.contents import examined
from techstock.model.web import BROKEN, OK, UNKNOWN, Answer
from techstock.web.limits import Limits
from techstock.web.schedule import Asker, ask_all
from techstock.web.urls import Url

LARGEST = 20 * 1024 * 1024  # bytes
_SUFFIXES = {"jpeg": "jpg", "tiff": "tif"}
_HEAD = 65_536
_MODE = 0o644


class Copy(msgspec.Struct, frozen=True):
    """The download of a URL: the name of its file, empty if there is none, and the answer that explains it."""

    name: str
    answer: Answer


class Sink:
    """Writer of a response body to a file, up to `most` bytes; each call starts the file again."""

    def __init__(self, made: Draft, most: int) -> None:
        self._made = made
        self._most = most
        self.is_too_large = False

    async def __call__(self, response: httpx.Response) -> tuple[bytes, bool]:
        """Return the start of the body, and whether all of it is in the file."""
        self._made.restart()
        head, size = b"", 0
        async for piece in response.aiter_raw():
            size += len(piece)
            if size > self._most:
                self.is_too_large = True
                return head, False
            self._made.write(piece)
            if len(head) < _HEAD:
                head = (head + piece)[:_HEAD]
        return head, True


async def fetch_copies(
    asker: Asker, urls: Sequence[Url], folder: Path, limits: Limits, done: Callable[[Url, Copy], None]
) -> str:
    """Download each URL into `folder`, which must exist; `done` is called with each result as it comes.

    Returns why some were not reached, as `process_urls` does. Raises `OSError` if the folder cannot be written to.
    """

    async def fetched(url: Url) -> Copy:
        with draft(str(folder), _MODE) as made:
            sink = Sink(made, LARGEST)
            answer = await asker.fetched(url, sink)
            if answer.state != OK:
                return Copy("", answer)
            if sink.is_too_large:
                return Copy("", msgspec.structs.replace(answer, state=UNKNOWN, reason="too-large"))
            made.sync()
            name = _kept(made, folder)
        return Copy(name, answer) if name else Copy("", msgspec.structs.replace(answer, state=BROKEN, reason="cut-off"))

    sweep(str(folder))
    return await ask_all(fetched, urls, limits, done)


def _kept(made: Draft, folder: Path) -> str:
    """Store a complete, valid image in the folder and return its file name; empty if it is neither."""
    with open(made.file, "rb", closefd=False) as stream:
        stream.seek(0)
        data = stream.read()
    content = examined(data, lambda _data, _kind: "ok")  # whether it can be decoded is for the next lint
    if content.fault or not content.format:
        return ""
    name = f"{sha256(data).hexdigest()[:20]}.{_SUFFIXES.get(content.format, content.format)}"
    target = folder / name
    if target.is_symlink() or not target.is_file() or target.read_bytes() != data:
        made.place(str(target))
    return name
