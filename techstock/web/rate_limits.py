"""Rate limiting of requests: each host's own limiter first, and a slot shared by all hosts last; the source of time.

No request sleeps while it holds a shared slot, so a slow host delays only its own requests.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from email.utils import parsedate_to_datetime

import msgspec

from techstock.web.public_network import MAX_ANSWER_SIZE


class TimeSource(msgspec.Struct, frozen=True):
    """Source of time and random numbers.

    `now` counts seconds of this run, `wall` is Unix time, `chance` draws evenly between its two numbers.
    """

    now: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    chance: Callable[[float, float], float] = random.uniform


class WebLimits(msgspec.Struct, frozen=True):
    """Limits of a run. The defaults are polite: whoever maintains a server should not notice the requests."""

    slots: int = 16  # requests in flight
    per_host: int = 2  # of these at one host
    gap: float = 0.25  # between two requests to one host
    jitter: float = 0.2  # share by which a gap or a lifetime varies
    connect: float = 5.0  # name and connection
    read: float = 10.0  # between two pieces of an answer
    attempt: float = 20.0  # all hops of one attempt, without the waiting before each
    body: int = MAX_ANSWER_SIZE  # bytes of an answer that are read, its headers and framing included
    hops: int = 5  # redirects that are followed
    retries: int = 2
    backoff: tuple[float, ...] = (1.0, 4.0)  # the longest pause before each retry
    second_look: float = 10.0  # before something is called broken
    patience: float = 30.0  # the longest `Retry-After` that is waited for
    failures: int = 3  # in a row, after which a host is left alone for the rest of the run
    dead_hosts: int = 8  # none of which answers, after which nothing more is asked
    cooldown: float = 1800.0  # the longest time that a host is left alone in later runs
    budget: float = 900.0  # of the whole run; 0: none


class HostSkippedError(Exception):
    """The host is skipped for the rest of the run; the text is the reason."""


class HostLimiter:
    """Rate limiter of one host. Times are those of the clock."""

    def __init__(self, limits: WebLimits, clock: TimeSource, slots: asyncio.Semaphore) -> None:
        self._limits = limits
        self._clock = clock
        self._slots = slots
        self._room = asyncio.Semaphore(limits.per_host)
        self._next = float("-inf")  # when the next request may go
        self._failures = 0
        self.shut = ""
        self.until = 0.0  # Unix time up to which later runs leave the host alone

    @asynccontextmanager
    async def take_turn(self) -> AsyncIterator[None]:
        """Wait for the turn of a request, and hold a shared slot until it is done. Raises `HostSkippedError`."""
        self._raise_if_shut()
        async with self._room:
            await self._wait_for_turn()
            try:
                yield
            finally:
                self._slots.release()

    async def _wait_for_turn(self) -> None:
        while True:
            while (wait := self._next - self._clock.now()) > 0:
                self._raise_if_shut()
                await self._clock.sleep(wait)
            self._raise_if_shut()
            await self._slots.acquire()
            now = self._clock.now()
            if now >= self._next and not self.shut:
                spread = self._clock.chance(1 - self._limits.jitter, 1 + self._limits.jitter)
                self._next = now + self._limits.gap * spread
                return
            self._slots.release()  # meanwhile somebody else went, or the host asked for a pause

    def _raise_if_shut(self) -> None:
        if self.shut:
            raise HostSkippedError(self.shut)

    def record_success(self, pause: float) -> None:
        """Record that an answer came; the server wants no other request for `pause` seconds."""
        self._failures = 0
        if pause:
            self._delay_requests(pause, "rate-limited")

    def record_failure(self, reason: str, pause: float) -> None:
        """Record that no useful answer came, for a reason that may be temporary."""
        self._failures += 1
        if pause:
            self._delay_requests(pause, reason)
        if self._failures >= self._limits.failures:
            self.shut_host(reason, self._limits.cooldown if reason == "rate-limited" else 0.0)

    def _delay_requests(self, pause: float, reason: str) -> None:
        if pause > self._limits.patience:
            self.shut_host(reason, pause)
        else:
            self._next = max(self._next, self._clock.now() + pause)

    def shut_host(self, reason: str, pause: float = 0.0) -> None:
        """Leave the host alone for the rest of the run, and for `pause` seconds in later runs."""
        if not self.shut:
            self.shut = reason
            self.until = self._clock.wall() + min(pause, self._limits.cooldown) if pause else 0.0


class HostLimiters:
    """The rate limiters of all hosts. `bucket` maps a host to the name of its limiter."""

    def __init__(self, limits: WebLimits, clock: TimeSource, bucket: Callable[[str], str]) -> None:
        self._limits = limits
        self._clock = clock
        self._bucket = bucket
        self._slots = asyncio.Semaphore(limits.slots)
        self._unresolved = 0  # lookups to which no name server answered
        self._dead: set[str] = set()
        self._alive = False  # whether any server or name server has answered
        self.by_name: dict[str, HostLimiter] = {}
        self.shut = ""  # why nothing more is asked

    def get_limiter(self, host: str) -> HostLimiter:
        """Return the limiter of a host."""
        name = self._bucket(host)
        if name not in self.by_name:
            self.by_name[name] = HostLimiter(self._limits, self._clock, self._slots)
            if self.shut:
                self.by_name[name].shut_host(self.shut)
        return self.by_name[name]

    def record_answer(self) -> None:
        """Record that a server has answered, so that there is a network."""
        self._alive = True

    def record_dead_host(self, host: str, reason: str) -> None:
        """Record that a host did not answer at all; end all questions once it is plain that there is no network."""
        self._unresolved += reason == "resolver"
        self._dead.add(host)
        if self._alive or self.shut:
            return
        if self._unresolved >= self._limits.failures or len(self._dead) >= self._limits.dead_hosts:
            self.shut = reason
            for limiter in self.by_name.values():
                limiter.shut_host(reason)


_MAX_DELAY = 3600.0  # seconds; who says more means: not today


def parse_retry_delay(headers: Mapping[str, str], status: int, wall: float) -> float:
    """Return the seconds to wait before the next request, at most an hour; 0 if the server asks for no valid delay.

    `wall` is Unix time. `Retry-After` counts on 429 and 503, in seconds or as a date; the reset time of an exhausted
    limit (`X-RateLimit-Remaining: 0`) counts on every answer.
    """
    seconds = 0.0
    if status in (429, 503):
        seconds = _parse_retry_after(headers.get("retry-after", "").strip(), wall)
    if headers.get("x-ratelimit-remaining", "").strip() == "0":
        reset = headers.get("x-ratelimit-reset", "").strip()
        seconds = max(seconds, _parse_number(reset) - wall if len(reset) > 9 else _parse_number(reset))
    return min(max(seconds, 0.0), _MAX_DELAY)


def _parse_number(text: str) -> float:
    """Return the number that the text spells; 0 if it is not a number."""
    return float(text) if text.isascii() and text.isdigit() and len(text) <= 12 else 0.0


def _parse_retry_after(text: str, wall: float) -> float:
    if seconds := _parse_number(text):
        return seconds
    try:
        return parsedate_to_datetime(text).timestamp() - wall
    except (TypeError, ValueError, OverflowError, OSError):
        return 0.0
