"""Ask a server on loopback about images, in time that does not pass."""

import asyncio
import ssl
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import httpcore
import httpx
from msgspec.structs import replace

from techstock.model.web import WebStatus
from techstock.web.answer_cache import AnswerCache
from techstock.web.api import FetchOptions, Network, check_urls_async
from techstock.web.rate_limits import TimeSource, WebLimits
from techstock.web.urls import Url, parse_url
from tests.web import server
from tests.web.server import Dialler, Names, Server, run_server

NOW = 1_790_000_000.0
QUICK = WebLimits(connect=0.5, read=0.5, attempt=0.5, budget=20)
HOST = "img.notes"
URL = f"http://{HOST}/a.png"
_TRUSTED = httpx.create_ssl_context(verify=False)


class Time:
    """Sleeping takes no time and moves the clock; `slept` are the pauses."""

    def __init__(self) -> None:
        self.passed = 0.0
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.passed += seconds
        await asyncio.sleep(0)

    @property
    def clock(self) -> TimeSource:
        return TimeSource(
            now=lambda: self.passed,
            wall=lambda: NOW + self.passed,
            sleep=self.sleep,
            chance=lambda low, high: (low + high) / 2,
        )


class World:
    """What a test sets up, and what came of it."""

    def __init__(
        self,
        answers: Mapping[str, server.Answer],
        *,
        names: Mapping[str, list[str] | Exception] | None = None,
        dead: Iterable[str] = (),
        tls: tuple[ssl.SSLContext, ssl.SSLContext] | None = None,
    ) -> None:
        self.server = Server(answers)
        self.names = Names(names)
        self.time = Time()
        self.dialler = Dialler({}, dead)
        self._dead = dead
        self._tls = tls

    def ask(self, *targets: str, store: AnswerCache | None = None, **wish: Any) -> dict[str, WebStatus]:
        return asyncio.run(self._ask(targets, store or make_store(), FetchOptions(**({"limits": QUICK} | wish))))

    async def _ask(self, targets: Iterable[str], store: AnswerCache, wish: FetchOptions) -> dict[str, WebStatus]:
        mine, trusted = self._tls or (None, _TRUSTED)
        async with run_server(self.server, mine):
            self.dialler = Dialler({80: self.server.port, 443: self.server.port}, self._dead)
            network = Network(inner=lambda: self.dialler, resolve=self.names, trusted=trusted)
            return (await check_urls_async(targets, wish, store, network, self.time.clock)).answers


def ask_in_memory(pieces: Sequence[bytes]) -> WebStatus:
    """Ask for an image whose server answers every request with these bytes, in memory, without a socket."""

    async def asked() -> dict[str, WebStatus]:
        network = Network(inner=lambda: httpcore.AsyncMockBackend([*pieces]), resolve=Names(), trusted=_TRUSTED)
        return (await check_urls_async([URL], FetchOptions(limits=QUICK), make_store(), network, Time().clock)).answers

    return asyncio.run(asked())[URL]


def parse_valid_url(text: str = URL) -> Url:
    """Parse a URL that techstock accepts."""
    found = parse_url(text)
    assert isinstance(found, Url)
    return found


def make_store() -> AnswerCache:
    """Make a store without a file."""
    return AnswerCache(None, NOW)


def ask_one(answer: server.Answer, url: str = URL, **world: Any) -> tuple[str, World]:
    """Ask for one URL whose server answers so; return `state:reason`, and the world it was asked in."""
    made = World({url.partition("://")[2]: answer}, **world)
    return describe(made.ask(url)[url]), made


def describe(answer: WebStatus) -> str:
    return f"{answer.state}:{answer.reason}" if answer.reason else answer.state


def make_limits(**changed: Any) -> WebLimits:
    return replace(QUICK, **changed)
