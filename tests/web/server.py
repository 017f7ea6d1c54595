"""A server on loopback that answers as badly as a test wants, and the way to it from names of the real web."""

import asyncio
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpcore

from techstock.web.public_network import NoSuchHostError

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
LOOPBACK = "127.0.0.1"


class Request:
    """A request as it came: `host` and `path` name what is asked, `headers` are in lower case."""

    def __init__(self, head: bytes) -> None:
        first, *rest = head.decode("latin-1").split("\r\n")
        self.method, self.path, self.version = first.split(" ")
        self.headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in rest) if name}
        self.host = self.headers["host"].partition(":")[0]
        self.url = f"{self.host}{self.path}"


Answer = bytes | list["Answer"] | Callable[[Request, asyncio.StreamWriter], Awaitable[None]]
"""Raw bytes, several answers for one request after the other (the last goes on), or what writes one."""


def reply(status: int = 200, body: bytes = PNG, **headers: str) -> bytes:
    """A response; `content_type="image/png"` is a header."""
    fields = {"content-length": str(len(body))} | {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status} {status}", *(f"{name}: {value}" for name, value in fields.items() if value)]
    return "\r\n".join([*lines, "", ""]).encode() + body


def reply_image(**headers: str) -> bytes:
    return reply(200, PNG, **({"content_type": "image/png"} | headers))


def redirect(url: str, status: int = 302) -> bytes:
    return reply(status, b"", location=url)


def reset(writer: asyncio.StreamWriter) -> None:
    """Close at once, with a reset."""
    raw = writer.get_extra_info("socket")
    raw.setsockopt(1, 13, struct.pack("ii", 1, 0))  # SOL_SOCKET, SO_LINGER
    writer.transport.abort()


class Server:
    """Answers by `host/path`; `requests` are all that came, `connections` how many began."""

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        self.answers = dict(answers)
        self.requests: list[Request] = []
        self.connections = 0
        self.port = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def open_connections(self) -> int:
        return len(self._tasks)

    def paths(self) -> list[str]:
        return [request.url for request in self.requests]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        try:
            while True:
                request = Request((await reader.readuntil(b"\r\n\r\n"))[:-4])
                self.requests.append(request)
                await self._answer(request, writer)
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError, ssl.SSLError):
            pass
        finally:
            self._tasks.discard(task)
            writer.transport.abort()

    async def _answer(self, request: Request, writer: asyncio.StreamWriter) -> None:
        answer: Answer = self.answers.get(request.url, reply(404, b"no"))
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if callable(answer):
            await answer(request, writer)
        else:
            assert isinstance(answer, bytes)
            writer.write(answer)
            await writer.drain()

    def stop(self) -> None:
        for task in self._tasks:
            task.cancel()


@asynccontextmanager
async def run_server(server: Server, tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    listener = await asyncio.start_server(server.serve, LOOPBACK, 0, ssl=tls)
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listener.close()
        server.stop()
        await asyncio.sleep(0)


class Dialler(httpcore.AsyncNetworkBackend):
    """Connects to where the test's servers listen. `dialled` are the addresses and ports that were asked for."""

    def __init__(self, ports: Mapping[int, int], dead: Iterable[str] = ()) -> None:
        self._ports = ports
        self._dead = frozenset(dead)
        self._inner = httpcore.AnyIOBackend()
        self.dialled: list[tuple[str, int]] = []

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self.dialled.append((host, port))
        if host in self._dead:
            raise httpcore.ConnectTimeout
        return await self._inner.connect_tcp(LOOPBACK, self._ports.get(port, 9), timeout)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class Names:
    """A resolver: every name has the public-looking address `PUBLIC`, unless the test gives it others."""

    def __init__(self, known: Mapping[str, list[str] | Exception] | None = None) -> None:
        self._known = known or {}
        self.lookups: list[str] = []

    async def __call__(self, host: str, port: int) -> list[str]:
        self.lookups.append(host)
        found = self._known.get(host, [PUBLIC])
        if isinstance(found, Exception):
            raise found
        return found


PUBLIC = "93.184.215.14"
__all__ = ["PUBLIC", "NoSuchHostError"]
