"""How fast and how small the questions to the web are: `python -m tests.benchmarks.web [speed] [memory]`.

A server on loopback, in a process of its own, answers every request after 200 ms, or with the start of a gigabyte. It
ends when this process does. Every name leads to it, by a resolver of the benchmark. Prints seconds, the ratio to the
ideal (answers times latency by slots), and the memory of this process.
"""

import asyncio
import multiprocessing
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from time import perf_counter, process_time

import httpx

from techstock.model.web import WebStatus
from techstock.web.api import Network
from techstock.web.checker import UrlChecker, process_urls
from techstock.web.rate_limits import TimeSource, WebLimits
from techstock.web.urls import Url, parse_url
from tests.benchmarks.processes import measure_peak
from tests.web.server import LOOPBACK, PNG, Dialler, Names

_LATENCY = 0.2  # seconds
_ANSWER = b"HTTP/1.1 200 OK\r\ncontent-type: image/png\r\ncontent-length: %d\r\n\r\n" % len(PNG) + PNG
_HUGE = b"HTTP/1.1 200 OK\r\ncontent-type: image/png\r\ncontent-length: 1000000000\r\n\r\n"
_LIFTED = WebLimits(slots=64, gap=0.0)


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            if b"Host: never" in head or b"host: never" in head:
                await asyncio.sleep(600)
            elif b"ost: huge" in head:
                writer.write(_HUGE)
                for _ in range(1_000):
                    writer.write(bytes(1_000_000))
                    await writer.drain()
            else:
                await asyncio.sleep(_LATENCY)
                busy = b"HTTP/1.1 429 Busy\r\ncontent-length: 0\r\n\r\n"
                writer.write(busy if b"ost: busy" in head else _ANSWER)
                await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def _listen(pipe: Connection) -> None:
    server = await asyncio.start_server(_serve, LOOPBACK, 0, backlog=1_024)
    pipe.send(server.sockets[0].getsockname()[1])
    async with server:
        await server.serve_forever()


def _run_server(pipe: Connection) -> None:
    asyncio.run(_listen(pipe))


@contextmanager
def server() -> Iterator[int]:
    """The port of a server that runs as long as the block."""
    mine, its = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_run_server, args=(its,), daemon=True)
    process.start()
    try:
        yield mine.recv()
    finally:
        process.terminate()


def links(hosts: int, each: int, name: str = "host") -> list[Url]:
    found = [parse_url(f"http://{name}{host}.notes/{number}.png") for host in range(hosts) for number in range(each)]
    return [url for url in found if isinstance(url, Url)]


async def ask(
    port: int, urls: list[Url], limits: WebLimits
) -> tuple[float, float, dict[Url, tuple[float, WebStatus]], str]:
    """Seconds until all that is not `busy` or `never` was answered, of CPU, the answers, and why some are missing."""
    trusted = httpx.create_ssl_context(verify=False)
    network = Network(inner=lambda: Dialler({80: port}), resolve=Names(), trusted=trusted)
    asker = UrlChecker(network.make_transport(), limits, TimeSource())
    found: dict[Url, tuple[float, WebStatus]] = {}
    began, cpu = perf_counter(), process_time()
    why = await process_urls(
        asker.check_url, urls, limits, lambda u, a: found.update({u: (perf_counter() - began, a)}), lambda a: a
    )
    await asker.close()
    last = max(seconds for url, (seconds, _) in found.items() if url.host.startswith("host"))
    return last, process_time() - cpu, found, why


def print_line(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def speed(port: int) -> None:
    urls = links(40, 50)
    ideal = len(urls) * _LATENCY / _LIFTED.slots
    seconds, cpu, found, _ = asyncio.run(ask(port, urls, _LIFTED))
    good = sum(answer.state == "ok" for _, answer in found.values())
    print_line(
        f"2,000 URLs on 40 hosts: {seconds:.2f} s, {seconds / ideal:.2f}x of the ideal {ideal:.2f} s, "
        f"{cpu:.2f} s of CPU, {good:,} ok"
    )
    for bad in ("busy", "never"):
        more = links(2, 50, bad)
        limits = WebLimits(slots=64, gap=0.0, budget=60)
        seconds, _, found, why = asyncio.run(ask(port, more + urls, limits))
        good = sum(answer.state == "ok" for _, answer in found.values())
        left = sum(answer.state == "unknown" for _, answer in found.values())
        print_line(
            f"with two hosts that answer {'429' if bad == 'busy' else 'never'}: the others after {seconds:.2f} s, "
            f"{seconds / ideal:.2f}x, {good:,} ok, {left} unknown{f', {why}' if why else ''}"
        )


def memory(port: int) -> None:
    before = measure_peak()
    urls = [url for host in range(200) for url in links(1, 1, f"huge{host}-")]
    began = perf_counter()

    async def all_at_once() -> dict[Url, WebStatus]:
        limits = WebLimits(slots=200, gap=0.0, second_look=0.0)
        trusted = httpx.create_ssl_context(verify=False)
        network = Network(inner=lambda: Dialler({80: port}), resolve=Names(), trusted=trusted)
        asker = UrlChecker(network.make_transport(), limits, TimeSource())
        found: dict[Url, WebStatus] = {}
        await process_urls(
            asker.check_url, urls, limits, lambda url, answer: found.update({url: answer}), lambda answer: answer
        )
        await asker.close()
        return found

    found = asyncio.run(all_at_once())
    states = {f"{answer.state}:{answer.reason}" for answer in found.values()}
    print_line(
        f"200 answers of 1 GB at once, each asked twice: {measure_peak()} MB at most ({before} MB before), "
        f"{perf_counter() - began:.2f} s, {len(found)} {', '.join(sorted(states))}"
    )


def main() -> None:
    wanted = sys.argv[1:] or ["memory", "speed"]
    for name in wanted:  # memory first: the peak is that of the process
        with server() as port:
            {"speed": speed, "memory": memory}[name](port)


if __name__ == "__main__":
    main()
