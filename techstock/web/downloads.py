"""Downloads of whole images; a valid, complete image that is not too large is stored under the hash of its content."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import httpx
import msgspec

from techstock.images.content import inspect_image
from techstock.model.web import BROKEN, OK, UNKNOWN, WebStatus
from techstock.storage.atomic_file import AtomicFile, open_atomic_file, remove_abandoned_files
from techstock.storage.regular_file import read_regular_file
from techstock.web.checker import UrlChecker, process_urls
from techstock.web.errors import SystemFailureError
from techstock.web.public_network import MAX_ANSWER_SIZE, AnswerTooLargeError
from techstock.web.rate_limits import WebLimits
from techstock.web.urls import Url

MAX_IMAGE_SIZE = 20 * 1024 * 1024  # bytes
MAX_DOWNLOAD_SIZE = MAX_IMAGE_SIZE + MAX_ANSWER_SIZE  # bytes; the rest is for headers and framing
_SUFFIXES = {"jpeg": "jpg", "tiff": "tif"}
_HEAD_SIZE = 65_536
_FILE_MODE = 0o644


class DownloadedImage(msgspec.Struct, frozen=True):
    """The download of a URL: the name of its file, empty if there is none, and the answer that explains it."""

    name: str
    answer: WebStatus


class BodyWriter:
    """Writer of a response body to a file in `folder`, up to `most` bytes; each call starts the file again."""

    def __init__(self, made: AtomicFile, folder: Path, most: int) -> None:
        self._made = made
        self._folder = folder
        self._most = most
        self.is_too_large = False

    async def __call__(self, response: httpx.Response) -> tuple[bytes, bool]:
        """Return the start of the body, and whether all of it is in the file."""
        with _name_disk_errors(self._folder):
            self._made.clear_content()
        head, size = b"", 0
        try:
            async for piece in response.aiter_raw():
                size += len(piece)
                if size > self._most:
                    raise AnswerTooLargeError
                with _name_disk_errors(self._folder):
                    self._made.write(piece)
                if len(head) < _HEAD_SIZE:
                    head = (head + piece)[:_HEAD_SIZE]
        except AnswerTooLargeError:
            self.is_too_large = True
            return head, False
        return head, True


@contextmanager
def _name_disk_errors(folder: Path) -> Iterator[None]:
    """Raise `SystemFailureError` instead of an `OSError`, which would be taken for one of the network."""
    try:
        yield
    except OSError as error:
        raise SystemFailureError(f"`{folder}` cannot be written: {error.strerror}") from error


async def download_all(
    asker: UrlChecker,
    urls: Sequence[Url],
    folder: Path,
    limits: WebLimits,
    done: Callable[[Url, DownloadedImage], None],
) -> str:
    """Download each URL into `folder`, which must exist; `done` is called with each result as it comes.

    Returns why some were not reached, as `process_urls` does. Raises `SystemFailureError` if the folder cannot be
    written to.
    """

    async def fetched(url: Url) -> DownloadedImage:
        with _name_disk_errors(folder), open_atomic_file(str(folder), _FILE_MODE) as made:
            sink = BodyWriter(made, folder, MAX_IMAGE_SIZE)
            answer = await asker.fetch_url(url, sink)
            if answer.state != OK:
                return DownloadedImage("", answer)
            if sink.is_too_large:
                return DownloadedImage("", msgspec.structs.replace(answer, state=UNKNOWN, reason="too-large"))
            made.sync()
            name = _keep_valid_image(made, folder)
        return (
            DownloadedImage(name, answer)
            if name
            else DownloadedImage("", msgspec.structs.replace(answer, state=BROKEN, reason="cut-off"))
        )

    remove_abandoned_files(str(folder))
    return await process_urls(fetched, urls, limits, done, lambda answer: DownloadedImage("", answer))


def _has_content(file: Path, data: bytes) -> bool:
    try:
        return read_regular_file(file, len(data)) == data
    except OSError:
        return False


def _keep_valid_image(made: AtomicFile, folder: Path) -> str:
    """Store a complete, valid image in the folder and return its file name; empty if it is neither."""
    data = made.read_content()
    content = inspect_image(data, lambda _data, _kind: "ok")  # whether it can be decoded is for the next lint
    if content.fault or not content.format:
        return ""
    name = f"{sha256(data).hexdigest()[:20]}.{_SUFFIXES.get(content.format, content.format)}"
    target = folder / name
    if not _has_content(target, data):
        made.rename_to(str(target))
    return name
