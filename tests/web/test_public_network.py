"""What the guarded way out asks of the resolver and of the connections behind it."""

import asyncio
from collections.abc import Iterable
from typing import Any

import httpcore
import pytest

from techstock.web.public_network import NoSuchHostError, PublicOnlyBackend, UnresolvedHostError
from tests.web.server import PUBLIC

DEAD = ["93.184.215.1", "93.184.215.2", "93.184.215.3"]


class Behind(httpcore.AsyncNetworkBackend):
    """Remembers how it was asked; only `PUBLIC` answers."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self.asked.append((host, port, timeout, local_address, socket_options))
        if host in DEAD:
            raise httpcore.ConnectTimeout
        return httpcore.AsyncMockStream([])


def dialled(addresses: list[str], **named: Any) -> tuple[list[tuple[str, int]], list[tuple[Any, ...]]]:
    """What the resolver and what the connections were asked, for a host with these addresses."""
    asked: list[tuple[str, int]] = []

    async def resolve(host: str, port: int) -> list[str]:
        asked.append((host, port))
        return addresses

    behind = Behind()
    asyncio.run(PublicOnlyBackend(behind, resolve).connect_tcp("img.notes", 443, **named))
    return asked, behind.asked


def test_an_address_that_never_answers_leaves_the_others_their_time() -> None:
    options = [(6, 1, 1)]
    asked, tried = dialled([*DEAD, PUBLIC], timeout=8.0, socket_options=options)
    assert asked == [("img.notes", 443)]
    assert tried == [(address, 443, 2.0, None, options) for address in (*DEAD, PUBLIC)]


def test_without_a_limit_of_time() -> None:
    assert dialled([PUBLIC])[1] == [(PUBLIC, 443, None, None, None)]


def test_the_address_of_the_caller_is_not_chosen_by_others() -> None:
    assert dialled([PUBLIC], local_address="127.0.0.1")[1] == [(PUBLIC, 443, None, None, None)]


def test_a_host_without_addresses_is_named() -> None:
    with pytest.raises(NoSuchHostError, match=r"^img\.notes$"):
        dialled([])


def test_the_time_to_connect_is_that_of_looking_up_too() -> None:
    async def slow(_host: str, _port: int) -> list[str]:
        await asyncio.sleep(1)
        return [PUBLIC]

    with pytest.raises(UnresolvedHostError):
        asyncio.run(PublicOnlyBackend(Behind(), slow).connect_tcp("img.notes", 443, timeout=0.01))
