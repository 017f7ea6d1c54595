"""Rate limiting of requests: each host's own limiter first, and a slot shared by all hosts last.

No request sleeps while it holds a shared slot, so a slow host delays only its own requests.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from techstock.web.clock import Clock
from techstock.web.limits import Limits


class ShutError(Exception):
    """The host is skipped for the rest of the run; the text is the reason."""


class Gate:
    """Rate limiter of one host. Times are those of the clock."""

    def __init__(self, limits: Limits, clock: Clock, slots: asyncio.Semaphore) -> None:
        self._limits = limits
        self._clock = clock
        self._slots = slots
        self._room = asyncio.Semaphore(limits.per_host)
        self._next = float("-inf")  # when the next request may go
        self._failures = 0
        self.shut = ""
        self.until = 0.0  # Unix time up to which later runs leave the host alone

    @asynccontextmanager
    async def through(self) -> AsyncIterator[None]:
        """Wait for the turn of a request, and hold a shared slot until it is done. Raises `HostSkippedError`."""
        self._check()
        async with self._room:
            await self._turn()
            try:
                yield
            finally:
                self._slots.release()

    async def _turn(self) -> None:
        while True:
            while (wait := self._next - self._clock.now()) > 0:
                self._check()
                await self._clock.sleep(wait)
            self._check()
            await self._slots.acquire()
            now = self._clock.now()
            if now >= self._next and not self.shut:
                spread = self._clock.chance(1 - self._limits.jitter, 1 + self._limits.jitter)
                self._next = now + self._limits.gap * spread
                return
            self._slots.release()  # meanwhile somebody else went, or the host asked for a pause

    def _check(self) -> None:
        if self.shut:
            raise ShutError(self.shut)

    def succeeded(self, pause: float) -> None:
        """Record that an answer came; the server wants no other request for `pause` seconds."""
        self._failures = 0
        if pause:
            self._stay_away(pause, "rate-limited")

    def failed(self, reason: str, pause: float) -> None:
        """Record that no useful answer came, for a reason that may be temporary."""
        self._failures += 1
        if pause:
            self._stay_away(pause, reason)
        if self._failures >= self._limits.failures:
            self._close(reason, self._limits.cooldown if reason == "rate-limited" else 0.0)

    def _stay_away(self, pause: float, reason: str) -> None:
        if pause > self._limits.patience:
            self._close(reason, pause)
        else:
            self._next = max(self._next, self._clock.now() + pause)

    def _close(self, reason: str, pause: float) -> None:
        if not self.shut:
            self.shut = reason
            self.until = self._clock.wall() + min(pause, self._limits.cooldown) if pause else 0.0


class Gates:
    """The rate limiters of all hosts. `bucket` maps a host to the name of its limiter."""

    def __init__(self, limits: Limits, clock: Clock, bucket: Callable[[str], str]) -> None:
        self._limits = limits
        self._clock = clock
        self._bucket = bucket
        self._slots = asyncio.Semaphore(limits.slots)
        self.by_name: dict[str, Gate] = {}

    def of(self, host: str) -> Gate:
        """Return the limiter of a host."""
        name = self._bucket(host)
        if name not in self.by_name:
            self.by_name[name] = Gate(self._limits, self._clock, self._slots)
        return self.by_name[name]
