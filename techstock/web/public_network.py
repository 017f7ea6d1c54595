"""Network backend that connects to public addresses only; every connection of techstock is made here.

A name is looked up once for each connection, every address in the answer is checked, and the connection is made to the
checked address itself: a name that would resolve to another address the second time is never looked up again. httpcore
makes TLS from the name, so that certificates are checked against it.
"""

import asyncio
import socket
import ssl
import threading
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import Any

import httpcore
import httpx

from techstock.web.errors import SystemFailureError, find_exhaustion
from techstock.web.public_addresses import explain_blocked_address
from techstock.web.urls import ALLOWED_PORTS

HostResolver = Callable[[str, int], Awaitable[list[str]]]
MAX_ANSWER_SIZE = 65_536  # bytes of an answer that are read: headers, framing and body
_MAX_POOLS = 32  # of hosts, without those that are being asked
_MAX_ADDRESSES = 4  # addresses that are tried


class ConnectionBlockedError(httpcore.ConnectError):
    """The connection is not made: its address or port is not allowed."""


class AnswerTooLargeError(httpcore.ReadError):
    """A server sent more than is read of one answer, headers and framing included."""


class NoSuchHostError(httpcore.ConnectError):
    """A name server says that the name has no address."""


class UnresolvedHostError(httpcore.ConnectError):
    """No name server gives an answer."""


class PublicOnlyBackend(httpcore.AsyncNetworkBackend):
    """Network backend that connects to public addresses only.

    `inner` makes the connections, `resolve` looks names up, `refuse` returns why an address may not be requested (empty
    if it may). `most` is how many bytes of one answer are read.
    """

    def __init__(
        self,
        inner: httpcore.AsyncNetworkBackend,
        resolve: HostResolver,
        refuse: Callable[[str], str] = explain_blocked_address,
        most: int = MAX_ANSWER_SIZE,
    ) -> None:
        self._inner = inner
        self._resolve = resolve
        self._refuse = refuse
        self._most = most

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        if port not in ALLOWED_PORTS:
            raise ConnectionBlockedError("port")
        addresses: list[str] = []
        try:
            async with asyncio.timeout(timeout):
                addresses = await self._resolve_public(host, port)
                return await self._connect_to_any(addresses, port, timeout, socket_options)
        except TimeoutError:
            raise (httpcore.ConnectTimeout() if addresses else UnresolvedHostError(host)) from None

    async def _resolve_public(self, host: str, port: int) -> list[str]:
        """Return the addresses of the host, at most four, IPv4 first: hosted runners have no IPv6.

        Raises `NoSuchHostError`, and `ConnectionBlockedError` if one of them is not public.
        """
        addresses = list(dict.fromkeys(await self._resolve(host, port)))
        if not addresses:
            raise NoSuchHostError(host)
        if any(self._refuse(address) for address in addresses):
            raise ConnectionBlockedError("address")
        return sorted(addresses, key=lambda address: ":" in address)[:_MAX_ADDRESSES]

    async def _connect_to_any(
        self, addresses: list[str], port: int, wait: float | None, options: Iterable[Any] | None
    ) -> httpcore.AsyncNetworkStream:
        failed: Exception = httpcore.ConnectError()
        for address in addresses:
            share = wait / len(addresses) if wait else None  # one that never answers leaves the others their time
            try:
                stream = await self._inner.connect_tcp(address, port, share, None, options)
                return _MeteredStream(stream, self._most)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed

    async def connect_unix_socket(
        self,
        path: str,  # noqa: ARG002
        timeout: float | None = None,  # noqa: ARG002
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002
    ) -> httpcore.AsyncNetworkStream:
        raise ConnectionBlockedError("socket")


class _MeteredStream(httpcore.AsyncNetworkStream):
    """Stream that reads at most so many bytes after each request.

    They are counted below HTTP, whose parser passes over interim responses, chunk extensions and trailers in silence.
    """

    def __init__(self, inner: httpcore.AsyncNetworkStream, most: int) -> None:
        self._inner = inner
        self._most = self._left = most

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if self._left <= 0:
            raise AnswerTooLargeError
        data = await self._inner.read(min(max_bytes, self._left), timeout)
        self._left -= len(data)
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._left = self._most  # only a request is ever written
        await self._inner.write(buffer, timeout)

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        return _MeteredStream(await self._inner.start_tls(ssl_context, server_hostname, timeout), self._most)

    async def aclose(self) -> None:
        await self._inner.aclose()

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


async def resolve_host(host: str, port: int) -> list[str]:
    """Return the addresses that the system gives for a host. Raises `NoSuchHostError` and `UnresolvedHostError`.

    The lookup runs in a daemon thread: a resolver may take half a minute to give up, and must not delay the end of a
    run.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[list[str]] = loop.create_future()
    try:
        threading.Thread(target=_look_up_host, args=(host, port, loop, future), daemon=True).start()
    except RuntimeError as error:  # no more threads
        raise SystemFailureError(f"no name can be looked up: {error}") from error
    return await future


def _look_up_host(host: str, port: int, loop: asyncio.AbstractEventLoop, future: "asyncio.Future[list[str]]") -> None:
    found: list[str] | Exception
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        found = [str(row[4][0]) for row in rows]
    except socket.gaierror as error:
        gone = error.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))
        found = NoSuchHostError(host) if gone else UnresolvedHostError(host)
    except (OSError, UnicodeError) as error:
        found = find_exhaustion(error) or UnresolvedHostError(host)
    try:
        loop.call_soon_threadsafe(_settle_future, future, found)
    except RuntimeError:  # the run is over
        return


def _settle_future(future: "asyncio.Future[list[str]]", found: list[str] | Exception) -> None:
    if future.done():
        return
    if isinstance(found, Exception):
        future.set_exception(found)
    else:
        future.set_result(found)


class HttpcoreTransport(httpx.AsyncBaseTransport):
    """httpx transport whose connections are all made by `backend`.

    Each host has its own connection pool: a pool shared by all hosts inspects every connection on every request. Of the
    pools that no request uses, only the last few are kept, so that many hosts do not use up the open files.
    """

    def __init__(self, backend: httpcore.AsyncNetworkBackend, trusted: ssl.SSLContext) -> None:
        self._backend = backend
        self._trusted = trusted
        self._pools: dict[bytes, httpcore.AsyncConnectionPool] = {}  # those used last at the end
        self._busy: Counter[bytes] = Counter()  # requests by host

    def _get_pool(self, host: bytes) -> httpcore.AsyncConnectionPool:
        pool = self._pools.pop(host, None)
        if pool is None:
            pool = httpcore.AsyncConnectionPool(
                ssl_context=self._trusted,
                max_connections=None,  # who may go is decided elsewhere, and must not wait here
                max_keepalive_connections=2,
                keepalive_expiry=5.0,
                http2=False,
                network_backend=self._backend,
            )
        self._pools[host] = pool
        return pool

    async def _end_request(self, host: bytes) -> None:
        """Take note that a request is over, and close the pools that have been idle for longest."""
        self._busy[host] -= 1
        idle = [host for host in self._pools if not self._busy[host]]
        for old in idle[: max(len(self._pools) - _MAX_POOLS, 0)]:
            del self._busy[old]
            with suppress(OSError, httpcore.NetworkError):  # of another host: the request that ends is none of its
                await self._pools.pop(old).aclose()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url, host = request.url, request.url.raw_host
        self._busy[host] += 1
        try:
            response = await self._get_pool(host).handle_async_request(
                httpcore.Request(
                    method=request.method,
                    url=httpcore.URL(scheme=url.raw_scheme, host=host, port=url.port, target=url.raw_path),
                    headers=request.headers.raw,
                    content=request.stream,
                    extensions=request.extensions,
                )
            )
        except BaseException:
            await self._end_request(host)
            raise
        return httpx.Response(
            status_code=response.status,
            headers=response.headers,
            stream=_ResponseBody(response, partial(self._end_request, host)),
            extensions=response.extensions,
        )

    async def aclose(self) -> None:
        for pool in self._pools.values():
            await pool.aclose()


class _ResponseBody(httpx.AsyncByteStream):
    def __init__(self, response: httpcore.Response, end: Callable[[], Awaitable[None]]) -> None:
        self._response = response
        self._end: Callable[[], Awaitable[None]] | None = end

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._response.aiter_stream():
            yield piece

    async def aclose(self) -> None:
        try:
            await self._response.aclose()
        finally:
            end, self._end = self._end, None
            if end:
                await end()
