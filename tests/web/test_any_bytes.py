"""Whatever a server answers, and however it ends, there is a verdict: no exception, no wait without an end."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from techstock.images.content import detect_image_format
from techstock.model.web import OK, STATES, WebStatus
from techstock.web.api import FetchOptions, Network, check_urls_async, download_images_async
from tests.fuzz.words import words
from tests.support import scale_examples
from tests.web.server import (
    PNG,
    PUBLIC,
    Dialler,
    Names,
    Request,
    Server,
    redirect,
    reply,
    reply_image,
    reset,
    run_server,
)
from tests.web.support import URL, Time, make_limits, make_store

BRIEF = make_limits(connect=0.5, read=0.04, attempt=0.04, budget=5)
"""Of real time: what goes on for longer is given up, whatever time the rest thinks it is."""
_TRUSTED = httpx.create_ssl_context(verify=False)


async def closing(writer: asyncio.StreamWriter) -> None:
    writer.close()


async def resetting(writer: asyncio.StreamWriter) -> None:
    reset(writer)


async def silent(_writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(60)


async def dripping(writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"0")
        await writer.drain()
        await asyncio.sleep(0.005)


async def going_on(_writer: asyncio.StreamWriter) -> None:
    """Nothing: the next request may come."""


async def pouring(writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(bytes(100_000))
        await writer.drain()


End = Callable[[asyncio.StreamWriter], Awaitable[None]]
ENDS: tuple[End, ...] = (*[closing] * 8, resetting, going_on, silent, dripping, pouring)

_pieces = st.lists(st.one_of(st.sampled_from(words("answer")), st.binary(max_size=8)), max_size=20).map(b"".join)
_lines = st.sampled_from(
    [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 302 \r\nlocation: ", b"HTTP/1.1 206 \r\n", b"HTTP/1.1 "]
)
_cut = st.builds(
    lambda data, at: data[:at],
    st.sampled_from([reply_image(), reply(404), redirect(URL), reply(200, PNG * 9)]),
    st.integers(0, 200),
)
answers = st.one_of(
    st.builds(lambda *parts: b"".join(parts), _lines, _pieces, st.sampled_from([b"", b"\r\n\r\n"]), _pieces),
    st.builds(lambda whole, rest: whole + rest, _cut, _pieces),
    st.binary(max_size=200),
    st.sampled_from([b"HTTP/1.1 200 OK\r\n" + b"a: " + b"b" * 500_000, b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 20_000]),
)


class Stubborn(Server):
    """Answers every request with the same bytes, and ends in the same way."""

    def __init__(self, content: bytes, end: End) -> None:
        super().__init__({})
        self._content, self._end = content, end

    async def _answer(self, request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(self._content)
        await writer.drain()
        await self._end(writer)


async def ask_and_download(server: Server, folder: Path) -> tuple[WebStatus, WebStatus, list[str]]:
    """What is said of an image, and of its download; with the addresses that were dialled."""
    async with asyncio.timeout(60), run_server(server):
        dialler = Dialler({80: server.port, 443: server.port})
        network = Network(inner=lambda: dialler, resolve=Names(), trusted=_TRUSTED)
        wish = FetchOptions(limits=BRIEF)
        web, copies = await asyncio.gather(
            check_urls_async([URL], wish, make_store(), network, Time().clock),
            download_images_async([URL], wish, folder, network, Time().clock),
        )
    return web.answers[URL], copies.copies[URL].answer, [host for host, _ in dialler.dialled]


@settings(max_examples=scale_examples(100))
@given(answers, st.sampled_from(ENDS))
def test_any_answer_is_a_verdict(content: bytes, end: End) -> None:
    server = Stubborn(content, end)
    with TemporaryDirectory() as scratch:
        answer, copied, dialled = asyncio.run(ask_and_download(server, Path(scratch)))
        files = [path.read_bytes() for path in Path(scratch).iterdir()]
    for said in (answer, copied):
        assert said.state in STATES
        assert (said.state == OK) == (not said.reason)
        assert len(said.evidence) < 1000
    assert len(files) == (copied.state == OK)
    assert all(detect_image_format(data) for data in files)
    assert set(dialled) <= {PUBLIC}
    assert len(server.requests) < 50
