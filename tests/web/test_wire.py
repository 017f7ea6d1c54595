"""How much is read of an answer, whatever its form: bytes are counted below HTTP."""

import asyncio
from collections.abc import Iterable
from typing import Any

import httpcore
import pytest

from tests.web.server import PNG, Dialler, Request, reply
from tests.web.support import HOST, URL, World, describe

LIMIT = 65_536
FLOOD = 3_000_000  # bytes that a server tries to send
OK = b"HTTP/1.1 200 OK\r\ncontent-type: image/png\r\n"


class Counting(Dialler):
    """Counts what is read from each connection."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.read: list[int] = []

    async def connect_tcp(self, *given: Any, **named: Any) -> httpcore.AsyncNetworkStream:
        self.read.append(0)
        return _Counted(await super().connect_tcp(*given, **named), self.read)


class _Counted(httpcore.AsyncNetworkStream):
    def __init__(self, inner: httpcore.AsyncNetworkStream, read: list[int]) -> None:
        self._inner, self._read, self._at = inner, read, len(read) - 1

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = await self._inner.read(max_bytes, timeout)
        self._read[self._at] += len(data)
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._inner.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._inner.aclose()

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def ask_flooding(first: bytes, again: bytes, last: bytes, monkeypatch: pytest.MonkeyPatch) -> tuple[str, list[int]]:
    """Ask a server that sends `first`, then `again` until it has sent enough, then `last`."""

    async def flood(_request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        for piece in _repeat(again):
            writer.write(piece)
            await writer.drain()
        writer.write(last)
        await writer.drain()

    diallers: list[Counting] = []

    def dialler(*given: Any) -> Counting:
        diallers.append(Counting(*given))
        return diallers[-1]

    monkeypatch.setattr("tests.web.support.Dialler", dialler)
    world = World({f"{HOST}/a.png": flood})
    return describe(world.ask(URL)[URL]), [count for made in diallers for count in made.read]


def _repeat(piece: bytes) -> Iterable[bytes]:
    block = piece * (30_000 // len(piece) + 1)
    return [block] * (FLOOD // len(block)) if piece else []


CHUNKED = OK + b"transfer-encoding: chunked\r\n"
WHOLE_PNG = b"6c\r\n" + PNG + b"\r\n"


@pytest.mark.parametrize(
    ("first", "again", "last", "state"),
    [
        (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", reply(), "unknown:too-large"),
        (b"", b"HTTP/1.1 100 Continue\r\nx: " + b"y" * 3_000 + b"\r\n\r\n", reply(), "unknown:too-large"),
        (OK, b"x: y\r\n", b"\r\n", "unknown:too-large"),
        (CHUNKED + b"\r\n6c;", b"x", b"\r\n" + PNG, "unknown:too-large"),
        (CHUNKED + b"\r\n", b"1;" + b"e" * 5_000 + b"\r\nx\r\n", b"0\r\n\r\n", "broken:not-image"),
        (CHUNKED + b"\r\n" + WHOLE_PNG + b"0\r\n", b"trailer: x\r\n", b"\r\n", "ok"),
        (CHUNKED + b"content-length: 108\r\n\r\n" + WHOLE_PNG, b"100\r\n" + b"z" * 256 + b"\r\n", b"0\r\n\r\n", "ok"),
        (b"HTTP/1.1 404 Gone\r\ncontent-length: 9000000\r\n\r\n", b"z", b"", "broken:gone"),
        (OK + b"content-length: 9000000\r\n\r\n", b"<html>", b"", "broken:not-image"),
    ],
    ids=["hints", "continue", "headers", "extension", "extensions", "trailers", "both", "gone", "page"],
)
def test_no_form_of_an_answer_is_read_without_end(
    first: bytes, again: bytes, last: bytes, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, read = ask_flooding(first, again, last, monkeypatch)
    assert found == state
    assert 0 < max(read) <= LIMIT


def test_each_answer_on_a_connection_has_its_own_limit() -> None:
    page = reply(200, b"<html>" * 5_000)
    links = [f"http://{HOST}/{number}.png" for number in range(4)]
    world = World({f"{HOST}/{number}.png": page for number in range(4)})
    assert {describe(answer) for answer in world.ask(*links).values()} == {"broken:not-image"}
    assert world.server.connections <= 2  # 240 KB over two connections
