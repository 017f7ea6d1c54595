"""Connections: how many there are, which are kept, and what goes over them."""

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable

import httpcore
import httpx
import pytest

from techstock.web.public_network import HttpcoreTransport, PublicOnlyBackend
from tests.web.server import Dialler, Names, Request, Server, reply_image, run_server
from tests.web.support import HOST, ask_one
from tests.web.tls import contexts

MANY = 12  # more than httpcore lets through by itself


def over(server: Server, task: Callable[[HttpcoreTransport], Awaitable[None]]) -> None:
    """Do this over a transport that leads to the server."""

    async def run() -> None:
        async with run_server(server):
            transport = HttpcoreTransport(
                PublicOnlyBackend(Dialler({80: server.port}), Names()), ssl.create_default_context()
            )
            try:
                await task(transport)
            finally:
                await transport.aclose()

    asyncio.run(run())


async def get(transport: HttpcoreTransport, host: str, timeout: float = 5.0) -> httpx.Response:
    request = httpx.Request("GET", f"http://{host}/a.png", extensions={"timeout": {"read": timeout}})
    response = await transport.handle_async_request(request)
    await response.aread()
    return response


def test_no_request_waits_for_another_and_two_connections_of_each_host_are_kept() -> None:
    hosts = (HOST, "other.notes")
    waiting: list[asyncio.Event] = []

    async def together(_request: Request, writer: asyncio.StreamWriter) -> None:
        """No answer before all have asked."""
        waiting.append(asyncio.Event())
        if len(waiting) % (MANY * len(hosts)) == 0:
            for event in waiting:
                event.set()
        await waiting[-1].wait() if not waiting[-1].is_set() else None
        writer.write(reply_image())
        await writer.drain()

    server = Server({f"{host}/a.png": together for host in hosts})

    async def twice(transport: HttpcoreTransport) -> None:
        for connections in (MANY, MANY + MANY - 2):
            async with asyncio.timeout(5):
                await asyncio.gather(*(get(transport, host) for host in hosts for _ in range(MANY)))
            assert server.connections == connections * len(hosts)

    over(server, twice)


@pytest.mark.parametrize(("idle", "connections"), [(4.5, 1), (5.5, 2)])
def test_a_connection_that_is_idle_for_five_seconds_is_not_used_again(
    monkeypatch: pytest.MonkeyPatch, idle: float, connections: int
) -> None:
    """A server closes it some time, and a request that is under way then is lost."""
    server = Server({f"{HOST}/a.png": reply_image()})
    now = time.monotonic

    async def twice(transport: HttpcoreTransport) -> None:
        await get(transport, HOST)
        monkeypatch.setattr(time, "monotonic", lambda: now() + idle)
        await get(transport, HOST)
        assert server.connections == connections

    over(server, twice)


def test_a_server_that_says_nothing() -> None:
    async def silent(_request: Request, _writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(60)

    async def impatient(transport: HttpcoreTransport) -> None:
        async with asyncio.timeout(5):
            with pytest.raises(httpcore.ReadTimeout):
                await get(transport, HOST, timeout=0.05)

    over(Server({f"{HOST}/a.png": silent}), impatient)


def test_how_it_was_answered_is_known() -> None:
    async def asked(transport: HttpcoreTransport) -> None:
        response = await get(transport, HOST)
        assert (response.status_code, response.reason_phrase, response.http_version) == (200, "200", "HTTP/1.1")

    over(Server({f"{HOST}/a.png": reply_image()}), asked)


def test_a_server_that_would_rather_speak_http_2() -> None:
    mine, trusted = contexts([HOST])
    mine.set_alpn_protocols(["h2", "http/1.1"])
    assert ask_one(reply_image(), f"https://{HOST}/a.png", tls=(mine, trusted))[0] == "ok"


def test_many_hosts_do_not_keep_as_many_connections_open() -> None:
    hosts = [f"{number}.notes" for number in range(150)]
    server = Server({f"{host}/a.png": reply_image() for host in hosts})

    async def asked(transport: HttpcoreTransport) -> None:
        for host in hosts:
            await (await get(transport, host)).aclose()
        assert server.connections == len(hosts)
        await asyncio.sleep(0.05)
        assert 0 < server.open_connections() <= 40
        await (await get(transport, hosts[-1])).aclose()  # the last ones are kept
        assert server.connections == len(hosts)

    over(server, asked)
