"""R32, R55, R56 and R60–R62: what else comes in place of an image."""

import asyncio

import pytest

from techstock.model.web import INSECURE
from tests.web.server import PNG, Request, redirect, reply, reply_image
from tests.web.support import HOST, URL, World, ask_one, describe
from tests.web.tls import contexts


def test_r32_from_https_to_http() -> None:
    secure = f"https://{HOST}/a.png"
    mine = contexts([HOST])
    world = World({f"{HOST}/a.png": redirect(f"http://{HOST}/b.png", 301), f"{HOST}/b.png": reply_image()}, tls=mine)
    found = world.ask(secure)[secure]  # this server speaks TLS only, so the second hop fails
    assert found.state == "unknown"
    from techstock.web.classification import classify_attempt
    from techstock.web.http_attempt import AttemptResult
    from techstock.web.urls import Url, parse_url

    urls = [url for text in (secure, f"http://{HOST}/b.png") if isinstance(url := parse_url(text), Url)]
    answer = classify_attempt(AttemptResult(tuple(urls), (301, 200), {"content-type": "image/png"}, PNG)).answer
    assert describe(answer) == "ok"
    assert answer.remarks == (INSECURE,)
    assert answer.moved == ""


def test_r55_pointer_of_lfs() -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 12345\n"
    assert ask_one(reply(200, pointer, content_type="text/plain"))[0] == "broken:lfs-pointer"


def test_r56_access_denied() -> None:
    denied = b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>"
    assert ask_one(reply(403, denied, content_type="application/xml"))[0] == "blocked:server"


@pytest.mark.parametrize("version", [b"HTTP/1.0", b"HTTP/1.1"])
def test_r60_ended_by_closing(version: bytes) -> None:
    async def old(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(version + b" 200 OK\r\nContent-Type: image/png\r\n\r\n" + PNG)
        await writer.drain()
        writer.close()

    assert ask_one(old)[0] == "ok"


def test_r61_odd_types() -> None:
    twice = b"HTTP/1.1 200 OK\r\ncontent-type: image/png\r\nContent-Type: image/png; charset=\xff\r\ncontent-length: "
    assert ask_one(twice + b"%d\r\n\r\n" % len(PNG) + PNG)[0] == "ok"


@pytest.mark.parametrize("answer", [reply(200, b""), b"HTTP/1.1 204 No Content\r\n\r\n"])
def test_r62_nothing(answer: bytes) -> None:
    assert ask_one(answer)[0] == "broken:empty"


def test_304_without_a_question() -> None:
    assert ask_one(b"HTTP/1.1 304 Not Modified\r\n\r\n")[0] == "unknown:status"


@pytest.mark.parametrize(
    ("status", "state"), [(418, "unknown:status"), (300, "unknown:status"), (501, "unknown:server-error")]
)
def test_other_statuses(status: int, state: str) -> None:
    found, world = ask_one(reply(status, b"x"))
    assert found == state
    assert len(world.server.requests) == 1


@pytest.mark.parametrize(
    ("body", "kind", "expected"),
    [
        (b"\xff\x0a\0\x10rest", "image/jxl", "unknown:format"),
        (b"\xff\x0a\0\x10rest", "text/plain", "broken:not-image"),
        (b"<html>", "image/png", "broken:not-image"),
    ],
)
def test_format_that_we_do_not_know(body: bytes, kind: str, expected: str) -> None:
    assert ask_one(reply(200, body, content_type=kind))[0] == expected


def test_svg_behind_a_comment() -> None:
    drawing = b"<!--" + b"-" * 200 + b" x -->\n<svg xmlns='http://www.w3.org/2000/svg'></svg>"
    assert ask_one(reply(200, drawing, content_type="image/svg+xml"))[0] == "ok"


@pytest.mark.parametrize(
    "raw",
    [
        b"SSH-2.0-OpenSSH_9.2p1\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nbad header\r\n\r\n",
    ],
)
def test_bad_framing(raw: bytes) -> None:
    assert ask_one(raw)[0] == "unknown:protocol"
    assert ask_one(URL.encode() + b"\r\n\r\n")[0] == "unknown:protocol"
