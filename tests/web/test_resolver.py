"""Names are looked up in a thread, by the system, which is not asked here."""

import asyncio
import socket
import threading
import time
from typing import Any

import pytest

from techstock.web.errors import SystemFailureError
from techstock.web.public_network import NoSuchHostError, UnresolvedHostError, resolve_host
from tests.web.server import PUBLIC, Dialler
from tests.web.support import URL, World, describe, make_limits


def answering(monkeypatch: pytest.MonkeyPatch, found: Any) -> list[tuple[Any, ...]]:
    """Let the system answer so; gives what it is asked, and whether in a thread that nobody waits for."""
    asked: list[tuple[Any, ...]] = []

    def looked_up(host: str, port: int, **named: int) -> Any:
        asked.append((host, port, named, threading.current_thread().daemon))
        if isinstance(found, Exception):
            raise found
        return found

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    return asked


def test_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (PUBLIC, 80)), (socket.AF_INET6, 1, 6, "", ("::1", 80, 0, 0))]
    asked = answering(monkeypatch, rows)
    assert asyncio.run(resolve_host("img.notes", 80)) == [PUBLIC, "::1"]
    assert asked == [("img.notes", 80, {"type": socket.SOCK_STREAM}, True)]


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (socket.gaierror(socket.EAI_NONAME, "no name"), NoSuchHostError),
        (socket.gaierror(getattr(socket, "EAI_NODATA", socket.EAI_NONAME), "no address"), NoSuchHostError),
        (socket.gaierror(socket.EAI_AGAIN, "later"), UnresolvedHostError),
        (OSError(5, "input/output error"), UnresolvedHostError),
        (UnicodeError("label too long"), UnresolvedHostError),
    ],
)
def test_failures(monkeypatch: pytest.MonkeyPatch, error: Exception, expected: type[Exception]) -> None:
    answering(monkeypatch, error)
    with pytest.raises(expected, match=r"^img\.notes$"):
        asyncio.run(resolve_host("img.notes", 80))


def test_no_more_open_files(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, OSError(24, "too many files"))
    with pytest.raises(SystemFailureError, match=r"^no connection can be opened: too many files$"):
        asyncio.run(resolve_host("img.notes", 80))


def test_nobody_waits_for_a_slow_resolver(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(host: str, port: int, **_: int) -> list[Any]:
        time.sleep(0.2)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", slow)

    async def impatient() -> None:
        async with asyncio.timeout(0.01):
            await resolve_host("img.notes", 80)

    async def patient() -> None:
        with pytest.raises(TimeoutError):
            await impatient()
        await asyncio.sleep(0.3)  # the late answer finds nobody

    asyncio.run(patient())
    with pytest.raises(TimeoutError):
        asyncio.run(impatient())
    time.sleep(0.3)  # and here, not even a loop


def test_no_way_to_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    async def unreachable(*_: Any) -> Any:
        raise OSError(101, "Network is unreachable")

    monkeypatch.setattr(Dialler, "connect_tcp", unreachable)
    assert describe(World({}).ask(URL, limits=make_limits())[URL]) == "unknown:unreachable"
