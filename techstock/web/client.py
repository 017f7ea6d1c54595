"""One attempt at a URL: a GET, the redirects after it, and the first bytes of the body.

Nothing is carried from hop to hop: each request is built from scratch, so that no credential, cookie or referrer can
reach a server that it was not meant for. HEAD is never sent; signed URLs and many servers refuse it.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager

import httpcore
import httpx
import msgspec

from techstock import __version__
from techstock.images.formats import sniff
from techstock.model.web import BLOCKED, UNKNOWN, Answer
from techstock.web.backend import Blocked
from techstock.web.clock import Clock
from techstock.web.failures import failure_of
from techstock.web.github import is_login
from techstock.web.limits import Limits
from techstock.web.urls import Url, joined

_AGENT = f"techstock/{__version__} (+https://github.com/techstock/techstock)"
_ACCEPT = "image/avif,image/webp,image/*,*/*;q=0.5"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CONTENT = frozenset({200, 203, 206})
_SOON = 0.5  # seconds
_SHORT = 4_096  # bytes of an answer without an image, read so that its connection can be used again
_ERRORS = (OSError, httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException)


class Reply(msgspec.Struct, frozen=True):
    """The result of one attempt.

    `failure` is one word if no answer came, or none that can be used; `refused` is techstock's own answer if a redirect
    led to a URL that may not be requested. `statuses` are those of all hops, `urls` the URLs requested at each hop.
    `body` is the start of the last response's body, `complete` whether that is all of it.
    """

    urls: tuple[Url, ...]
    statuses: tuple[int, ...] = ()
    headers: Mapping[str, str] = {}
    body: bytes = b""
    complete: bool = False
    failure: str = ""
    refused: Answer | None = None

    @property
    def status(self) -> int:
        """Return the status of the last hop; 0 if it had none."""
        return self.statuses[-1] if len(self.statuses) == len(self.urls) else 0

    @property
    def host(self) -> str:
        """Return the host of the last hop."""
        return self.urls[-1].host


Pass = Callable[[str], AbstractAsyncContextManager[None]]
"""What a request to a host must go through: it may wait, and it may raise."""

Take = Callable[[httpx.Response], Awaitable[tuple[bytes, bool]]]
"""Reads a body; gives its start, and whether it was read to its end."""


class Client:
    """HTTP client that makes attempts.

    `gate` delays or refuses each hop, `heard` is called with the result of each hop.

    The transport is used directly: a client of httpx would keep cookies, read `.netrc`, and build the request of the
    next hop from that of the one before.
    """

    def __init__(
        self,
        transport: httpx.AsyncBaseTransport,
        limits: Limits,
        clock: Clock,
        gate: Pass,
        heard: Callable[[Reply], None],
    ) -> None:
        self._transport = transport
        self._limits = limits
        self._clock = clock
        self._gate = gate
        self._heard = heard

    async def close(self) -> None:
        """Close every connection."""
        await self._transport.aclose()

    async def attempt(
        self, url: Url, *, etag: str = "", token: str = "", take: Take | None = None, ranged: bool = True
    ) -> Reply:
        """Request `url` and follow its redirects. `etag` and `token` are sent to the first hop only.

        `take` reads the body of a response that has one, instead of only its start. Raises the exceptions of the gate.
        """
        ranged = ranged and take is None
        reply, spent = Reply((url,)), 0.0
        extra = {"If-None-Match": etag} if etag else {}
        if token:
            extra["Authorization"] = f"Bearer {token}"
        while True:
            async with self._gate(reply.host):
                began = self._clock.now()
                reply = await self._hop(reply, headers(ranged=ranged) | extra, self._limits.attempt - spent, take)
                spent += self._clock.now() - began
            if reply.status == 304 and "If-None-Match" not in extra:
                reply = msgspec.structs.replace(reply, failure="status")
            self._heard(reply)
            if ranged and _is_range_trouble(reply):
                return await self.attempt(url, etag=etag, token=token, ranged=False)
            if reply.failure or reply.refused or reply.status not in _REDIRECTS:
                return reply
            reply, extra = self._next(reply), {}
            if reply.failure or reply.refused:
                return reply

    async def _hop(self, before: Reply, sent: dict[str, str], seconds: float, take: Take | None) -> Reply:
        """Return `before` with the response to its last URL added, or with the failure."""
        try:
            async with asyncio.timeout(max(seconds, 0)):
                return await self._exchange(before, sent, take)
        except TimeoutError:
            return msgspec.structs.replace(before, failure="timeout")
        except Blocked as error:
            return msgspec.structs.replace(before, refused=Answer(BLOCKED, str(error)))
        except _ERRORS as error:
            return msgspec.structs.replace(before, failure=failure_of(error))

    async def _exchange(self, before: Reply, sent: dict[str, str], take: Take | None) -> Reply:
        limits = self._limits
        waits = {"connect": limits.connect, "read": limits.read, "write": limits.read, "pool": limits.connect}
        request = httpx.Request("GET", before.urls[-1].text, headers=sent, extensions={"timeout": waits})
        response = await self._transport.handle_async_request(request)
        try:
            read = take if take and response.status_code in _CONTENT else self._body
            body, complete = await read(response)
        finally:
            await response.aclose()
        statuses = (*before.statuses, response.status_code)
        return Reply(before.urls, statuses, dict(response.headers), body, complete)

    async def _body(self, response: httpx.Response) -> tuple[bytes, bool]:
        """Return the start of the undecoded body, and whether that is all: decoding could expand it to gigabytes."""
        most = self._limits.body if response.status_code in _CONTENT else _SHORT
        body, pieces = bytearray(), response.aiter_raw()
        try:
            async for piece in pieces:
                body += piece
                if len(body) >= most or (len(body) >= 16 and sniff(bytes(body[:64]))):
                    await _finish(response, pieces, most)
                    return bytes(body[:most]), False
        except _ERRORS:
            if response.status_code in _CONTENT and not sniff(bytes(body)):
                raise
            return bytes(body), False
        return bytes(body), True

    def _next(self, reply: Reply) -> Reply:
        """Return the reply with the URL of the next hop added, or with the reason why there is none."""
        location = reply.headers.get("location", "")
        url = joined(reply.urls[-1], location)
        if isinstance(url, Answer):
            if url.state == BLOCKED:
                return msgspec.structs.replace(reply, refused=url)
            return msgspec.structs.replace(reply, failure="bad-redirect")
        if is_login(url):
            return msgspec.structs.replace(reply, refused=Answer(UNKNOWN, "auth"))
        if url in reply.urls or len(reply.urls) > self._limits.hops:
            return msgspec.structs.replace(reply, failure="redirect-loop")
        return Reply((*reply.urls, url), reply.statuses)


async def _finish(response: httpx.Response, rest: AsyncIterator[bytes], most: int) -> None:
    """Read the rest of a short body if it arrives soon, so that its connection can be used again."""
    length = response.headers.get("content-length", "")
    if not length.isdigit() or int(length[:9]) > most:
        return
    try:
        async with asyncio.timeout(_SOON):
            async for _ in rest:
                pass
    except (TimeoutError, *_ERRORS):
        return


def headers(*, ranged: bool) -> dict[str, str]:
    """Return the headers of every request: they reveal nothing about the reader, the notes or the previous hop."""
    sent = {"User-Agent": _AGENT, "Accept": _ACCEPT, "Accept-Encoding": "identity"}
    return sent | {"Range": "bytes=0-65535"} if ranged else sent


def _is_range_trouble(reply: Reply) -> bool:
    """Return whether the server handled the request for the first bytes wrongly: status 416, or another range."""
    if reply.status == 206:
        start = reply.headers.get("content-range", "bytes 0-").lower().removeprefix("bytes").strip()
        return not start.startswith("0-")
    return reply.status == 416
