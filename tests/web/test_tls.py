"""R19 and R42: certificates, and who is shown a credential."""

import asyncio
import ssl

import pytest

from tests.web.server import PUBLIC, Request, redirect, reply, reply_image
from tests.web.support import HOST, World, ask_one, describe
from tests.web.tls import contexts

TOKEN = "gho_0123456789"  # noqa: S105 (nobody's)
SECURE = f"https://{HOST}/a.png"


def test_tls_is_checked_against_the_name() -> None:
    seen: list[str | None] = []
    mine, trusted = contexts([HOST])
    mine.sni_callback = lambda _socket, name, _context: seen.append(name)
    state, world = ask_one(reply_image(), SECURE, tls=(mine, trusted))
    assert state == "ok"
    assert seen == [HOST]
    assert world.dialler.dialled == [(PUBLIC, 443)]


@pytest.mark.parametrize("wrong", ["name", "expired", "self-signed"])
def test_r19_certificate(wrong: str) -> None:
    mine, trusted = contexts(["other.notes" if wrong == "name" else HOST], expired=wrong == "expired")
    if wrong == "self-signed":
        trusted = ssl.create_default_context()
    state, world = ask_one(reply_image(), SECURE, tls=(mine, trusted))
    assert state == "broken:tls"
    assert world.server.requests == []


def test_r42_signed_url_takes_no_credential() -> None:
    async def signed(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(reply(400, b"two mechanisms") if "authorization" in request.headers else reply_image())
        await writer.drain()

    upload = "https://github.com/user-attachments/assets/0a1b"
    bucket = "github-production-user-asset-6210df.s3.amazonaws.com"
    world = World(
        {
            upload.partition("://")[2]: [
                reply(404, b""),
                reply(404, b""),
                redirect(f"https://{bucket}/1?X-Amz-Signature=1"),
            ],
            f"{bucket}/1?X-Amz-Signature=1": signed,
        },
        tls=contexts(["github.com", bucket]),
    )
    assert describe(world.ask(upload, token=TOKEN)[upload]) == "ok"
    sent = [request.headers.get("authorization") for request in world.server.requests]
    assert sent == [None, None, f"Bearer {TOKEN}", None]
