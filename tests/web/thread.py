"""A server in a thread of its own, and techstock's network turned to it, for tests of whole commands."""

import asyncio
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import httpx
import pytest

from techstock.web import api
from tests.web import server
from tests.web.server import Dialler, Names, Server, run_server


@contextmanager
def serving(answers: Mapping[str, server.Answer]) -> Iterator[Server]:
    """A server that answers until the end of the block."""
    made, ready, loop = Server(answers), threading.Event(), asyncio.new_event_loop()
    over = asyncio.Event()

    async def serve() -> None:
        async with run_server(made):
            ready.set()
            await over.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    ready.wait()
    try:
        yield made
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
        loop.close()


def turned_to(made: Server) -> api.Network:
    """The network in which every name is that of this server, for `http` alone."""
    trusted = httpx.create_ssl_context(verify=False)
    return api.Network(inner=lambda: Dialler({80: made.port}), resolve=Names(), trusted=trusted)


def turn(monkeypatch: pytest.MonkeyPatch, made: Server) -> None:
    network = turned_to(made)
    monkeypatch.setattr(api, "Network", lambda: network)
