"""R13, R43–R45, R49 and R50: when who is asked. Time is that of the event loop, which jumps where nothing happens."""

import asyncio
import errno
import selectors
from collections.abc import Callable, Coroutine
from itertools import pairwise
from typing import Any, TypeVar

import httpcore
import httpx
import pytest

from techstock.model.web import WebStatus
from techstock.web.checker import UrlChecker, interleave_hosts, process_urls
from techstock.web.errors import SystemFailureError
from techstock.web.rate_limits import TimeSource, WebLimits
from techstock.web.urls import Url
from tests.web.server import PNG, reply, reply_image
from tests.web.support import HOST, URL, World, describe, make_limits, parse_valid_url

_T = TypeVar("_T")


class Jumping(selectors.DefaultSelector):
    """Does not wait; `passed` is how long it would have."""

    passed = 0.0

    def select(self, timeout: float | None = None) -> Any:
        if found := super().select(0):
            return found
        assert timeout is not None, "nothing will ever happen"
        self.passed += timeout
        return []


class Loop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._jumping = Jumping()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.passed


def timeless(made: Coroutine[Any, Any, _T]) -> _T:
    with asyncio.Runner(loop_factory=Loop) as runner:
        return runner.run(made)


class Servers(httpx.AsyncBaseTransport):
    """Answers after a while; knows when each request began and ended."""

    def __init__(self, seconds: Callable[[str], float], status: Callable[[str], int] = lambda _: 200) -> None:
        self._seconds = seconds
        self._status = status
        self.began: list[tuple[float, str]] = []
        self.ended: list[tuple[float, str]] = []
        self.busy: dict[str, int] = {}
        self.most: dict[str, int] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        loop, host = asyncio.get_running_loop(), request.url.host
        self.began.append((loop.time(), str(request.url)))
        for name in (host, ""):
            self.busy[name] = self.busy.get(name, 0) + 1
            self.most[name] = max(self.most.get(name, 0), self.busy[name])
        try:
            await asyncio.sleep(self._seconds(host))
        finally:
            for name in (host, ""):
                self.busy[name] -= 1
        self.ended.append((loop.time(), str(request.url)))
        return httpx.Response(self._status(host), headers={"content-type": "image/png"}, stream=httpx.ByteStream(PNG))


def ask_servers(
    servers: Servers, wanted: list[str], with_limits: WebLimits | None = None
) -> tuple[dict[str, str], str, float]:
    """Ask the servers; return the answers, why some are missing, and the seconds that it took."""
    found: dict[str, str] = {}

    def done(url: Url, answer: WebStatus) -> None:
        found[url.text] = describe(answer)

    async def asked() -> tuple[str, float]:
        bounds = with_limits or WebLimits()
        loop = asyncio.get_running_loop()
        asker = UrlChecker(servers, bounds, TimeSource(now=loop.time, wall=loop.time))
        return await process_urls(
            asker.check_url, [parse_valid_url(text) for text in wanted], bounds, done, lambda answer: answer
        ), loop.time()

    why, seconds = timeless(asked())
    return found, why, seconds


def many(host: str, count: int) -> list[str]:
    return [f"https://{host}/{number}.png" for number in range(count)]


def measure_gaps(servers: Servers) -> list[float]:
    times = sorted(moment for moment, _ in servers.began)
    return [after - before for before, after in pairwise(times)]


def test_r43_one_request_for_one_url() -> None:
    world = World({f"{HOST}/a.png": reply_image()})
    same = [URL, f"{URL}#dark", f"HTTP://{HOST.upper()}/a.png"]
    assert {describe(answer) for answer in world.ask(*same).values()} == {"ok"}
    assert len(world.server.requests) == 1


def test_r44_many_at_one_host() -> None:
    servers = Servers(lambda _: 0.9)
    found, why, _ = ask_servers(servers, many("a.notes", 50))
    assert set(found.values()) == {"ok"}
    assert why == ""
    assert servers.most["a.notes"] == 2
    assert min(measure_gaps(servers)) >= 0.25 * 0.8 - 1e-9


def test_r44_gaps_vary() -> None:
    servers = Servers(lambda _: 0.01)
    ask_servers(servers, many("a.notes", 50))
    assert len({round(gap, 4) for gap in measure_gaps(servers)}) > 10
    assert max(measure_gaps(servers)) <= 0.25 * 1.2 + 0.02


def test_github_and_raw_are_one_host() -> None:
    servers = Servers(lambda _: 0.9)
    hosts = ("github.com", "raw.githubusercontent.com", "www.github.com")
    ask_servers(servers, [link for host in hosts for link in many(host, 5)])
    assert servers.most[""] == 2


def test_slots_are_shared() -> None:
    servers = Servers(lambda _: 1.0)
    ask_servers(servers, [link for host in range(20) for link in many(f"{host}.notes", 2)])
    assert servers.most[""] == 16


@pytest.mark.parametrize("slow", [8.0, 100.0])
def test_r45_slow_host_starves_nobody(slow: float) -> None:
    servers = Servers(lambda host: slow if host.startswith("slow") else 0.2)
    fast = [link for host in range(20) for link in many(f"{host}.notes", 4)]
    ask_servers(servers, [*many("slow.notes", 30), *fast])
    last = max(moment for moment, link in servers.ended if "slow" not in link)
    assert last < 3  # 80 answers of 0.2 s, two at a time from each host, with gaps of 0.25 s


def test_r13_pause_of_one_host_delays_no_other() -> None:
    servers = Servers(lambda _: 0.1, lambda host: 429 if host.startswith("busy") else 200)
    fast = [link for host in range(10) for link in many(f"{host}.notes", 3)]
    found, _, _ = ask_servers(servers, [*many("busy.notes", 40), *fast])
    assert {state for link, state in found.items() if "busy" in link} == {"unknown:rate-limited"}
    assert {state for link, state in found.items() if "busy" not in link} == {"ok"}
    assert max(moment for moment, link in servers.began if "busy" not in link) < 2
    assert len([1 for _, link in servers.began if "busy" in link]) <= 4  # then the host is left alone


def test_r49_budget() -> None:
    servers = Servers(lambda _: 1.0)
    found, why, seconds = ask_servers(servers, many("a.notes", 100), WebLimits(budget=10))
    assert why == "budget"
    assert seconds == pytest.approx(10)
    assert 10 < len(found) < 25
    world = World({})
    hosts = [f"http://{number}.notes/a.png" for number in range(3)]
    assert {describe(answer) for answer in world.ask(*hosts, limits=make_limits(budget=0.000001)).values()} == {
        "unknown:budget"
    }


def test_no_budget_is_no_limit() -> None:
    found, why, _ = ask_servers(Servers(lambda _: 19.0), many("a.notes", 200), WebLimits(budget=0))
    assert (len(found), why) == (200, "")


def test_r50_interrupted() -> None:
    async def stopped() -> tuple[str, int]:
        loop, found = asyncio.get_running_loop(), list[str]()
        asker = UrlChecker(Servers(lambda _: 1.0), WebLimits(), TimeSource(now=loop.time, wall=loop.time))
        task = asyncio.create_task(
            process_urls(
                asker.check_url,
                [parse_valid_url(link) for link in many("a.notes", 100)],
                WebLimits(),
                lambda u, _: found.append(u.text),
                lambda answer: answer,
            )
        )
        await asyncio.sleep(5)
        task.cancel()
        return await task, len(found)

    why, count = timeless(stopped())
    assert why == "interrupted"
    assert 4 < count < 12


def test_second_look_holds_no_place() -> None:
    servers = Servers(lambda _: 0.1, lambda _: 404)
    found, _, seconds = ask_servers(servers, [link for host in range(30) for link in many(f"{host}.notes", 2)])
    assert set(found.values()) == {"broken:gone"}
    assert seconds < 10 * 1.2 + 3


def test_hosts_take_turns() -> None:
    links = [parse_valid_url(link) for link in (*many("a.notes", 3), *many("b.notes", 1), *many("c.notes", 2))]
    assert "".join(link.host[0] for link in interleave_hosts(links)) == "abcaca"


def test_a_defect_is_the_answer_of_its_url_alone() -> None:
    class Broken(Servers):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if request.url.path == "/1.png":
                raise ZeroDivisionError
            return await super().handle_async_request(request)

    found, why, _ = ask_servers(Broken(lambda _: 0.1), many("a.notes", 3))
    assert [found[f"https://a.notes/{number}.png"] for number in range(3)] == ["ok", "unknown:failed", "ok"]
    assert why == ""


def test_what_this_machine_lacks_ends_the_run() -> None:
    class Exhausted(Servers):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            raise httpcore.ConnectError from OSError(errno.EMFILE, "Too many open files")

    with pytest.raises(SystemFailureError, match=r"^no connection can be opened: Too many open files$"):
        ask_servers(Exhausted(lambda _: 0.1), many("a.notes", 3))


def test_host_that_fails_is_left_alone() -> None:
    links = [f"http://{HOST}/{number}.png" for number in range(30)]
    world = World({f"{HOST}/{number}.png": reply(500, b"") for number in range(30)})
    found = world.ask(*links)
    assert {describe(answer) for answer in found.values()} == {"unknown:server-error"}
    assert len(world.server.requests) <= 4
