"""Scheduling of all URLs of a run: concurrently within the limits of each host, and twice if an image seems broken."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import TypeVar

import httpx
from msgspec.structs import replace

from techstock.model.web import BROKEN, NO_IMAGE, OK, UNKNOWN, WebStatus
from techstock.web.classification import classify_attempt
from techstock.web.errors import SystemFailureError
from techstock.web.github_uploads import get_rate_limit_host, is_upload, may_carry_token
from techstock.web.http_attempt import DEAD_HOST_FAILURES, HOST_FAILURES, AttemptResult, BodyReader, HttpClient
from techstock.web.rate_limits import HostLimiters, HostSkippedError, TimeSource, WebLimits, parse_retry_delay
from techstock.web.urls import Url

_Answer = TypeVar("_Answer")
_RECHECKED_REASONS = frozenset({"gone", "tls"}) | NO_IMAGE
"""Reasons that are looked at a second time in the same run."""


class UrlChecker:
    """Checker of URLs.

    `public`: whether the notes are public; `etags` are those of cached answers.
    """

    def __init__(
        self,
        transport: httpx.AsyncBaseTransport,
        limits: WebLimits,
        clock: TimeSource,
        *,
        token: str = "",
        public: bool = False,
        etags: Mapping[str, str] | None = None,
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._token = token
        self._public = public
        self._etags = etags or {}
        self.gates = HostLimiters(limits, clock, get_rate_limit_host)
        self.etags: dict[str, str] = {}
        self._client = HttpClient(transport, limits, clock, self._wait_for_host, self._record_reply)

    async def close(self) -> None:
        """Close every connection."""
        await self._client.close()

    @asynccontextmanager
    async def _wait_for_host(self, host: str) -> AsyncIterator[None]:
        async with self.gates.get_limiter(host).take_turn():
            yield

    def _record_reply(self, reply: AttemptResult) -> None:
        """Record the result of a hop with the limiter of its host."""
        gate = self.gates.get_limiter(reply.host)
        wait = parse_retry_delay(reply.headers, reply.status, self._clock.wall())
        if reply.status or reply.failure not in DEAD_HOST_FAILURES:
            self.gates.record_answer()
        else:
            self.gates.record_dead_host(reply.host, reply.failure)
        verdict = classify_attempt(reply)
        if verdict.transient or reply.failure in HOST_FAILURES:
            gate.record_failure(verdict.answer.reason, wait)
        elif not reply.failure and not reply.refused:
            gate.record_success(wait)

    async def check_url(self, url: Url) -> WebStatus:
        """Return the answer for one URL, confirmed by a second look if the image seems broken."""
        found = await self._attempt_with_retries(url)
        if found.state != BROKEN or found.reason not in _RECHECKED_REASONS:
            return found
        await self._clock.sleep(self._limits.second_look * self._clock.chance(1, 1 + self._limits.jitter))
        second = await self._attempt_with_retries(url)
        if second.state == OK:
            return second
        if (second.state, second.reason) != (found.state, found.reason):
            seen = f"{found.evidence}, then {second.evidence or second.reason}"
            return replace(second, state=UNKNOWN, reason="unconfirmed", evidence=seen)
        found = replace(found, evidence=f"{found.evidence}, twice")
        return await self._check_upload(url, found) if is_upload(url) and found.reason == "gone" else found

    async def _check_upload(self, url: Url, found: WebStatus) -> WebStatus:
        """Return the answer for an upload to GitHub that answers 404, which may be private."""
        if self._token and may_carry_token(url):
            known = await self._attempt_with_retries(url, self._token)
            if known.state == OK:
                shown = replace(known, evidence=f"{found.evidence}; {known.evidence} with the token")
                return replace(shown, state=BROKEN, reason="private") if self._public else shown
        return replace(found, state=BROKEN if self._public else UNKNOWN, reason="deleted-or-private")

    async def fetch_url(self, url: Url, take: BodyReader) -> WebStatus:
        """Return the answer for one URL, whose body `take` reads.

        It is not checked a second time, but requested again with the token if that may help.
        """
        found = await self._attempt_with_retries(url, take=take)
        if found.reason == "gone" and self._token and may_carry_token(url):
            return await self._attempt_with_retries(url, self._token, take)
        return found

    async def _attempt_with_retries(self, url: Url, token: str = "", take: BodyReader | None = None) -> WebStatus:
        """Return the answer after as many attempts as `WebLimits` allows for transient failures."""
        etag = self._etags.get(url.text, "") if not token and not take else ""
        for turn in range(1 + self._limits.retries):
            try:
                reply = await self._client.make_attempt(url, etag=etag, token=token, take=take)
            except HostSkippedError as shut:
                return WebStatus(UNKNOWN, str(shut), evidence="its host is left alone", host=url.host)
            verdict = classify_attempt(reply)
            if verdict.answer.state == OK and len(reply.urls) == 1:
                self.etags[url.text] = _clean_etag(reply.headers.get("etag", etag))
            if not verdict.transient or turn == self._limits.retries:
                break
            await self._clock.sleep(self._clock.chance(0, self._get_backoff(turn)))
        return verdict.answer

    def _get_backoff(self, turn: int) -> float:
        return self._limits.backoff[min(turn, len(self._limits.backoff) - 1)]


def _clean_etag(etag: str) -> str:
    """Return an entity tag that can be sent back unchanged, else an empty string: a server may send anything."""
    return etag if etag.isascii() and etag.isprintable() and len(etag) <= 200 else ""


async def process_urls(
    ask: Callable[[Url], Awaitable[_Answer]],
    urls: Sequence[Url],
    limits: WebLimits,
    done: Callable[[Url, _Answer], None],
    failed: Callable[[WebStatus], _Answer],
) -> str:
    """Call `ask` for all URLs, starting with the first; `done` is called with each answer as it comes.

    An exception becomes the answer of its URL alone, which `failed` makes, and ends no other; `SystemFailureError` ends
    the run. Returns why some were not reached, `budget` or `interrupted` (by the user); empty if all were.
    """

    async def one(url: Url) -> None:
        try:
            answer = await ask(url)
        except SystemFailureError:
            raise
        except Exception as error:  # noqa: BLE001 (a defect, which one URL of many must not turn against all)
            answer = failed(WebStatus(UNKNOWN, "failed", evidence=type(error).__name__, host=url.host))
        done(url, answer)

    try:
        async with asyncio.timeout(limits.budget or None), asyncio.TaskGroup() as group:
            for url in interleave_hosts(urls):
                group.create_task(one(url))
    except TimeoutError:
        return "budget"
    except asyncio.CancelledError:  # Ctrl-C; what is known is worth more than the rest
        return "interrupted"
    except ExceptionGroup as group:
        raise group.exceptions[0] from None
    return ""


def interleave_hosts(urls: Sequence[Url]) -> list[Url]:
    """Return the URLs of all hosts in turn; the URLs of each host keep their order."""
    by_host: dict[str, list[Url]] = {}
    for url in urls:
        by_host.setdefault(get_rate_limit_host(url.host), []).append(url)
    turns: dict[int, list[Url]] = {}
    for own in by_host.values():
        for turn, url in enumerate(own):
            turns.setdefault(turn, []).append(url)
    return [url for turn in sorted(turns) for url in turns[turn]]
