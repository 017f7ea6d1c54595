"""One attempt at a URL: a GET, the redirects after it, and the first bytes of the body.

Nothing is carried from hop to hop: each request is built from scratch, so that no credential, cookie or referrer can
reach a server that it was not meant for. HEAD is never sent; signed URLs and many servers refuse it.
"""

import asyncio
import errno
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager

import httpcore
import httpx
import msgspec

from techstock import __version__
from techstock.images.content import detect_image_format
from techstock.model.web import BLOCKED, UNKNOWN, WebStatus
from techstock.web.errors import find_exhaustion
from techstock.web.github_uploads import is_login_page
from techstock.web.public_network import (
    AnswerTooLargeError,
    ConnectionBlockedError,
    NoSuchHostError,
    UnresolvedHostError,
)
from techstock.web.rate_limits import TimeSource, WebLimits
from techstock.web.urls import Url, resolve_redirect

TRANSIENT_FAILURES = frozenset({"timeout", "reset"})
"""Failures that may be gone a second later."""

DEAD_HOST_FAILURES = frozenset({"timeout", "resolver", "dns", "unreachable"})
"""Failures that a machine without a network has at every host."""

HOST_FAILURES = DEAD_HOST_FAILURES | {"reset", "refused", "tls", "protocol"}
"""Failures of a host, whatever it is asked for."""

_UNREACHABLE_ERRNOS = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL})
_FAILURES_BY_TYPE: tuple[tuple[type[Exception], str], ...] = (
    (AnswerTooLargeError, "too-large"),
    (httpcore.TimeoutException, "timeout"),
    (NoSuchHostError, "dns"),
    (UnresolvedHostError, "resolver"),
)
_CUT_OFF_PHRASES = (
    "disconnected",
    "closed connection",
)  # how httpcore words an early end; other breaches are bad framing


def classify_failure(error: Exception) -> str:
    """Return `too-large`, `timeout`, `dns`, `resolver`, `refused`, `unreachable`, `tls`, `reset` or `protocol`.

    Raise `SystemFailureError` if this machine is to blame.
    """
    for cause in _iter_causes(error):
        if exhausted := find_exhaustion(cause):
            raise exhausted from error
    for kind, name in _FAILURES_BY_TYPE:
        if isinstance(error, kind):
            return name
    for cause in _iter_causes(error):
        if name := _classify_system_error(cause):
            return name
    if isinstance(error, httpcore.ProtocolError) and not any(words in str(error) for words in _CUT_OFF_PHRASES):
        return "protocol"
    return "reset"


def _classify_system_error(cause: BaseException) -> str:
    if isinstance(cause, ssl.SSLCertVerificationError):
        return "tls"
    if isinstance(cause, ConnectionRefusedError):
        return "refused"
    return "unreachable" if isinstance(cause, OSError) and cause.errno in _UNREACHABLE_ERRNOS else ""


def _iter_causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and the chain of its causes."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__


_USER_AGENT = f"techstock/{__version__} (+https://github.com/techstock/techstock)"
_ACCEPTED_TYPES = "image/avif,image/webp,image/*,*/*;q=0.5"
_REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
_CONTENT_STATUSES = frozenset({200, 203, 206})
_DRAIN_SECONDS = 0.5  # seconds
_MAX_DRAINED_SIZE = 4_096  # bytes of an answer without an image, read so that its connection can be used again
_NETWORK_ERRORS = (OSError, httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException)


class AttemptResult(msgspec.Struct, frozen=True):
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
    refused: WebStatus | None = None

    @property
    def status(self) -> int:
        """Return the status of the last hop; 0 if it had none."""
        return self.statuses[-1] if len(self.statuses) == len(self.urls) else 0

    @property
    def host(self) -> str:
        """Return the host of the last hop."""
        return self.urls[-1].host


RequestGate = Callable[[str], AbstractAsyncContextManager[None]]
"""A gate that a request to a host passes: it may wait, and it may raise."""

BodyReader = Callable[[httpx.Response], Awaitable[tuple[bytes, bool]]]
"""Reads a body; gives its start, and whether it was read to its end."""


class HttpClient:
    """HTTP client that makes attempts.

    `gate` delays or refuses each hop, `heard` is called with the result of each hop.

    The transport is used directly: a client of httpx would keep cookies, read `.netrc`, and build the request of the
    next hop from that of the one before.
    """

    def __init__(
        self,
        transport: httpx.AsyncBaseTransport,
        limits: WebLimits,
        clock: TimeSource,
        gate: RequestGate,
        heard: Callable[[AttemptResult], None],
    ) -> None:
        self._transport = transport
        self._limits = limits
        self._clock = clock
        self._gate = gate
        self._heard = heard

    async def close(self) -> None:
        """Close every connection."""
        await self._transport.aclose()

    async def make_attempt(
        self, url: Url, *, etag: str = "", token: str = "", take: BodyReader | None = None, ranged: bool = True
    ) -> AttemptResult:
        """Request `url` and follow its redirects. `etag` and `token` are sent to the first hop only.

        `take` reads the body of a response that has one, instead of only its start. Raises the exceptions of the gate.
        """
        ranged = ranged and take is None
        reply, spent = AttemptResult((url,)), 0.0
        extra = {"If-None-Match": etag} if etag else {}
        if token:
            extra["Authorization"] = f"Bearer {token}"
        while True:
            async with self._gate(reply.host):
                began = self._clock.now()
                reply = await self._request_hop(
                    reply, make_request_headers(ranged=ranged) | extra, self._limits.attempt - spent, take
                )
                spent += self._clock.now() - began
            if reply.status == 304 and "If-None-Match" not in extra:
                reply = msgspec.structs.replace(reply, failure="status")
            self._heard(reply)
            if ranged and _is_range_mishandled(reply):
                return await self.make_attempt(url, etag=etag, token=token, ranged=False)
            if reply.failure or reply.refused or reply.status not in _REDIRECT_STATUSES:
                return reply
            reply, extra = self._follow_redirect(reply), {}
            if reply.failure or reply.refused:
                return reply

    async def _request_hop(
        self, before: AttemptResult, sent: dict[str, str], seconds: float, take: BodyReader | None
    ) -> AttemptResult:
        """Return `before` with the response to its last URL added, or with the failure."""
        try:
            async with asyncio.timeout(max(seconds, 0)):
                return await self._send_request(before, sent, take)
        except TimeoutError:
            return msgspec.structs.replace(before, failure="timeout")
        except ConnectionBlockedError as error:
            return msgspec.structs.replace(before, refused=WebStatus(BLOCKED, str(error)))
        except _NETWORK_ERRORS as error:
            return msgspec.structs.replace(before, failure=classify_failure(error))

    async def _send_request(
        self, before: AttemptResult, sent: dict[str, str], take: BodyReader | None
    ) -> AttemptResult:
        limits = self._limits
        waits = {"connect": limits.connect, "read": limits.read, "write": limits.read, "pool": limits.connect}
        url = httpx.URL(before.urls[-1].text)
        # Left to itself, httpx decodes the host to find out whether there is one, and fails where IDNA refuses it.
        named = {"Host": url.netloc.decode("ascii")} | sent
        request = httpx.Request("GET", url, headers=named, extensions={"timeout": waits})
        response = await self._transport.handle_async_request(request)
        try:
            read = take if take and response.status_code in _CONTENT_STATUSES else self._read_body_start
            body, complete = await read(response)
        finally:
            await response.aclose()
        statuses = (*before.statuses, response.status_code)
        return AttemptResult(before.urls, statuses, dict(response.headers), body, complete)

    async def _read_body_start(self, response: httpx.Response) -> tuple[bytes, bool]:
        """Return the start of the undecoded body, and whether that is all: decoding could expand it to gigabytes."""
        most = self._limits.body if response.status_code in _CONTENT_STATUSES else _MAX_DRAINED_SIZE
        body, pieces = bytearray(), response.aiter_raw()
        try:
            async for piece in pieces:
                body += piece
                if len(body) >= most or (len(body) >= 16 and detect_image_format(bytes(body[:64]))):
                    await _drain_body(response, pieces, most)
                    return bytes(body[:most]), False
        except AnswerTooLargeError:
            if not body:
                raise
            return bytes(body[:most]), False
        except _NETWORK_ERRORS:
            if response.status_code in _CONTENT_STATUSES and not detect_image_format(bytes(body)):
                raise
            return bytes(body), False
        return bytes(body), True

    def _follow_redirect(self, reply: AttemptResult) -> AttemptResult:
        """Return the reply with the URL of the next hop added, or with the reason why there is none."""
        location = reply.headers.get("location", "")
        url = resolve_redirect(reply.urls[-1], location)
        if isinstance(url, WebStatus):
            if url.state in (BLOCKED, UNKNOWN):
                return msgspec.structs.replace(reply, refused=url)
            return msgspec.structs.replace(reply, failure="bad-redirect")
        if is_login_page(url):
            return msgspec.structs.replace(reply, refused=WebStatus(UNKNOWN, "auth"))
        if url in reply.urls or len(reply.urls) > self._limits.hops:
            return msgspec.structs.replace(reply, failure="redirect-loop")
        return AttemptResult((*reply.urls, url), reply.statuses)


async def _drain_body(response: httpx.Response, rest: AsyncIterator[bytes], most: int) -> None:
    """Read the rest of a short body if it arrives soon, so that its connection can be used again."""
    length = response.headers.get("content-length", "")
    if not (length.isascii() and length.isdigit()) or int(length[:9]) > most:
        return
    try:
        async with asyncio.timeout(_DRAIN_SECONDS):
            async for _ in rest:
                pass
    except (TimeoutError, *_NETWORK_ERRORS):
        return


def make_request_headers(*, ranged: bool) -> dict[str, str]:
    """Return the headers of every request: they reveal nothing about the reader, the notes or the previous hop."""
    sent = {"User-Agent": _USER_AGENT, "Accept": _ACCEPTED_TYPES, "Accept-Encoding": "identity"}
    return sent | {"Range": "bytes=0-65535"} if ranged else sent


def _is_range_mishandled(reply: AttemptResult) -> bool:
    """Return whether the server handled the request for the first bytes wrongly: status 416, or another range."""
    if reply.status == 206:
        start = reply.headers.get("content-range", "bytes 0-").lower().removeprefix("bytes").strip()
        return not start.startswith("0-")
    return reply.status == 416
