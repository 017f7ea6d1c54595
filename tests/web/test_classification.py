"""R1–R30 of the study: what servers answer, and what that says of an image."""

import asyncio
import gzip
from email.utils import formatdate

import pytest

from techstock.model.web import UNTYPED
from techstock.web.public_network import NoSuchHostError, UnresolvedHostError
from techstock.web.urls import parse_url
from tests.web import server
from tests.web.server import PNG, Request, redirect, reply, reply_image, reset
from tests.web.support import HOST, NOW, URL, World, ask_one, describe, make_limits, make_store

HTML = reply(200, b"<!DOCTYPE html><title>sign in</title>", content_type="text/html")


def test_r1_image() -> None:
    assert ask_one(reply_image())[0] == "ok"


def test_r2_page_in_place_of_an_image() -> None:
    state, world = ask_one(HTML)
    assert state == "broken:not-image"
    assert len(world.server.requests) == 2
    assert max(world.time.slept) >= 10


@pytest.mark.parametrize("kind", ["", "application/octet-stream"])
def test_r3_r4_image_without_a_type(kind: str) -> None:
    answer = World({f"{HOST}/a.png": reply(200, PNG, content_type=kind)}).ask(URL)[URL]
    assert describe(answer) == "ok"
    assert answer.remarks == (UNTYPED,)


def test_r5_a_part() -> None:
    state, world = ask_one(reply(206, PNG, content_type="image/png", content_range="bytes 0-107/999999"))
    assert state == "ok"
    assert world.server.requests[0].headers["range"] == "bytes=0-65535"


def endless(first: bytes, most: list[int]) -> server.Answer:
    """Half a gigabyte, announced as such; `most` learns how much of it went out."""

    async def write(_request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: image/png\r\ncontent-length: 500000000\r\n\r\n" + first)
        for _ in range(500):
            writer.write(bytes(1_000_000))
            most[0] += 1_000_000
            await writer.drain()

    return write


@pytest.mark.parametrize(("first", "expected"), [(PNG, "ok"), (b"no image", "broken:not-image")])
def test_r6_r24_large_body(first: bytes, expected: str) -> None:
    sent = [0]
    assert ask_one(endless(first, sent))[0] == expected
    assert sent[0] < 20_000_000  # what socket buffers take, twice


def test_r7_range_refused() -> None:
    state, world = ask_one([reply(416, b""), reply_image()])
    assert state == "ok"
    assert ["range" in request.headers for request in world.server.requests] == [True, False]


def test_r7_another_range_sent() -> None:
    state, world = ask_one([reply(206, b"tail", content_range="bytes 5-9/10"), reply_image()])
    assert state == "ok"
    assert ["range" in request.headers for request in world.server.requests] == [True, False]


@pytest.mark.parametrize("status", [404, 410])
def test_r8_gone(status: int) -> None:
    state, world = ask_one(reply(status, b"no"))
    assert state == "broken:gone"
    assert len(world.server.requests) == 2
    assert max(world.time.slept) >= 10


@pytest.mark.parametrize(("second", "expected"), [(reply_image(), "ok"), (reply(403, b""), "unknown:unconfirmed")])
def test_r8_gone_only_once(second: bytes, expected: str) -> None:
    assert ask_one([reply(404, b"no"), second])[0] == expected


@pytest.mark.parametrize("status", [401, 403, 451, 999])
def test_r9_refused_by_the_server(status: int) -> None:
    state, world = ask_one(reply(status, b"no"))
    assert state == "blocked:server"
    assert len(world.server.requests) == 1


def test_r10_retry_after() -> None:
    state, world = ask_one([reply(429, b"", retry_after="7"), reply_image()])
    assert state == "ok"
    assert world.time.passed >= 7


def test_r11_retry_after_as_a_date() -> None:
    state, world = ask_one([reply(429, b"", retry_after=formatdate(NOW + 9, usegmt=True)), reply_image()])
    assert state == "ok"
    assert world.time.passed >= 9


@pytest.mark.parametrize("value", ["999999", "31", formatdate(NOW + 86_400, usegmt=True)])
def test_r12_long_pause_shuts_the_host(value: str) -> None:
    other = f"http://{HOST}/b.png"
    world = World({f"{HOST}/a.png": reply(429, b"", retry_after=value), f"{HOST}/b.png": reply_image()})
    store = make_store()
    found = world.ask(URL, other, store=store, limits=make_limits(per_host=1))
    assert [describe(found[url]) for url in (URL, other)] == ["unknown:rate-limited"] * 2
    assert len(world.server.requests) == 1
    assert NOW < store.hosts[HOST] <= NOW + 1_800


@pytest.mark.parametrize("value", ["inf", "-5", "nan", "soon", "1e9", "٣", "9" * 400, "0"])
def test_r12_pause_that_is_none(value: str) -> None:
    state, world = ask_one(reply(429, b"", retry_after=value.encode().decode("latin-1")))
    assert state == "unknown:rate-limited"
    assert len(world.server.requests) == 3
    assert world.time.passed < 10


def test_r14_limit_used_up() -> None:
    spent = reply_image(x_ratelimit_remaining="0", x_ratelimit_reset=str(int(NOW + 20)))
    world = World({f"{HOST}/a.png": spent, f"{HOST}/b.png": reply_image()})
    found = world.ask(URL, f"http://{HOST}/b.png", limits=make_limits(per_host=1))
    assert {describe(answer) for answer in found.values()} == {"ok"}
    assert world.time.passed >= 20


@pytest.mark.parametrize(("answers", "expected"), [([500, 200], "ok"), ([500, 502, 504], "unknown:server-error")])
def test_r15_trouble(answers: list[int], expected: str) -> None:
    state, world = ask_one([reply(status, PNG) for status in answers])
    assert state == expected
    assert len(world.server.requests) == len(answers)


def test_r16_busy() -> None:
    assert ask_one(reply(503, b""))[0] == "unknown:server-error"


@pytest.mark.parametrize(
    ("names", "reason"), [({}, "refused"), ({HOST: NoSuchHostError()}, "dns"), ({HOST: []}, "dns")], ids=str
)
def test_r17_r18_nobody_there(names: dict[str, list[str] | Exception], reason: str) -> None:
    url = f"https://{HOST}/a.png" if names else f"http://{HOST}/a.png"
    store = make_store()
    world = World({}, names=names)
    world.server.port = 0

    async def asked() -> str:
        from techstock.web.api import FetchOptions, Network, check_urls_async
        from tests.web.server import Dialler

        network = Network(inner=lambda: Dialler({}), resolve=world.names)
        return describe(
            (
                await check_urls_async([url], FetchOptions(limits=make_limits()), store, network, world.time.clock)
            ).answers[url]
        )

    assert asyncio.run(asked()) == f"unknown:{reason}"
    store._now = NOW + 1_800
    assert asyncio.run(asked()) == f"unknown:{reason}"
    store._now = NOW + 3_600
    assert asyncio.run(asked()) == f"broken:{reason}"


def test_r18_no_name_server() -> None:
    store = make_store()
    for hours in (0, 2):
        store._now = NOW + 3_600 * hours
        world = World({}, names={HOST: UnresolvedHostError()})
        assert describe(world.ask(URL, store=store)[URL]) == "unknown:resolver"


def test_r20_reset_before_the_headers() -> None:
    async def gone(_: Request, writer: asyncio.StreamWriter) -> None:
        reset(writer)

    state, world = ask_one(gone)
    assert state == "unknown:reset"
    assert len(world.server.requests) == 3
    assert ask_one([gone, reply_image()])[0] == "ok"


@pytest.mark.parametrize(("first", "expected"), [(PNG[:60], "ok"), (b"x" * 60, "unknown:reset")])
def test_r21_reset_in_the_body(first: bytes, expected: str) -> None:
    async def cut(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n" + first)
        await writer.drain()
        await asyncio.sleep(0.02)
        reset(writer)

    assert ask_one(cut)[0] == expected


@pytest.mark.parametrize("start", [b"HTTP/1.1 200 OK\r\nx: ", b"HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n"])
def test_r22_r23_drip(start: bytes) -> None:
    async def drip(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    world = World({f"{HOST}/a.png": drip})
    assert describe(world.ask(URL, limits=make_limits(attempt=0.2, retries=0))[URL]) == "unknown:timeout"


def test_r25_compressed() -> None:
    bomb = gzip.compress(bytes(50_000_000))
    state, _ = ask_one(reply(200, bomb, content_type="image/png", content_encoding="gzip"))
    assert state == "unknown:encoding"


def test_r26_large_header() -> None:
    assert ask_one(reply_image(x="y" * 300_000))[0] == "unknown:too-large"


def test_r27_redirect() -> None:
    answer = World({f"{HOST}/a.png": redirect("/b.png"), f"{HOST}/b.png": reply_image()}).ask(URL)[URL]
    assert describe(answer) == "ok"
    assert answer.evidence == "302 → 200"
    assert answer.moved == ""


@pytest.mark.parametrize("status", [301, 308])
def test_r28_moved_for_good(status: int) -> None:
    world = World(
        {
            f"{HOST}/a.png": redirect("/b.png", status),
            f"{HOST}/b.png": redirect("/c.png"),
            f"{HOST}/c.png": reply_image(),
        }
    )
    answer = world.ask(URL)[URL]
    assert describe(answer) == "ok"
    assert answer.moved == f"http://{HOST}/b.png"


def test_r28_no_secret_is_proposed() -> None:
    world = World({f"{HOST}/a.png": redirect("/b.png?token=abc", 301), f"{HOST}/b.png?token=abc": reply_image()})
    assert world.ask(URL)[URL].moved == ""


@pytest.mark.parametrize("path", ["a", "b"])
def test_r29_loop(path: str) -> None:
    world = World({f"{HOST}/a.png": redirect("/b.png"), f"{HOST}/b.png": redirect(f"/{path}.png")})
    assert describe(world.ask(URL)[URL]) == "broken:redirect-loop"
    assert len(world.server.requests) <= 6


def test_r29_too_many() -> None:
    world = World({f"{HOST}/{n}": redirect(f"/{n + 1}") for n in range(9)})
    assert describe(world.ask(f"http://{HOST}/0")[f"http://{HOST}/0"]) == "broken:redirect-loop"
    assert len(world.server.requests) == 6


@pytest.mark.parametrize(
    "where",
    ["", "file:///etc/passwd", "ftp://a.notes/x", "javascript:alert(1)", "http://[", "//", "http:x", "x" * 9_000],
)
def test_r30_redirect_to_nothing(where: str) -> None:
    assert ask_one(redirect(where))[0] == "broken:bad-redirect"


def test_parsed_is_stable() -> None:
    url = parse_url("HTTP://Img.Notes:80/画像 b.png?x=あ#top")
    assert not isinstance(url, tuple)
    assert parse_url(url.text) == url  # type: ignore[union-attr]
