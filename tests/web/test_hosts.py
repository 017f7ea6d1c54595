"""Names of hosts that libraries refuse: they are asked for as browsers do, or not verified, and end no other check."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from techstock.model.web import UNKNOWN, WebStatus
from techstock.web.http_attempt import make_request_headers
from techstock.web.urls import Url, parse_url
from tests.support import scale_examples
from tests.web.server import redirect, reply_image
from tests.web.support import HOST, URL, World, describe, parse_valid_url

REFUSED_BY_IDNA = ["xn--0.dev", "xn--a.notes", "xn--ls8h.la", "xn--zzzzzzzz.notes", "a.xn--n3h"]


@pytest.mark.parametrize("host", REFUSED_BY_IDNA)
def test_a_name_that_cannot_be_decoded_is_asked_for_as_it_is_spelled(host: str) -> None:
    world = World({f"{host}/x.png": reply_image(), f"{HOST}/a.png": reply_image()})
    found = world.ask(f"http://{host}/x.png", URL)
    assert [describe(answer) for answer in found.values()] == ["ok", "ok"]
    assert {request.host for request in world.server.requests} == {host, HOST}


@pytest.mark.parametrize("host", REFUSED_BY_IDNA)
def test_a_redirect_to_such_a_name(host: str) -> None:
    world = World({f"{HOST}/a.png": redirect(f"http://{host}/x.png"), f"{host}/x.png": reply_image()})
    assert describe(world.ask(URL)[URL]) == "ok"


@pytest.mark.parametrize(
    ("host", "asked"),
    [
        ("💩.la", "xn--ls8h.la"),
        ("☕.notes", "xn--53h.notes"),
        ("I♥NY.ws", "xn--iny-zx5a.ws"),
        ("👩‍💻.notes", "xn--1ug1855pcha.notes"),
        ("ａｂｃ.notes", "abc.notes"),
        ("a_b.例え.jp", "a_b.xn--r8jz45g.jp"),
        ("日本語。jp", "xn--wgv71a119e.jp"),
        ("faß.de", "xn--fa-hia.de"),
    ],
)
def test_a_name_is_mapped_as_browsers_map_it(host: str, asked: str) -> None:
    assert parse_valid_url(f"http://{host}/a.png").host == asked
    world = World({f"{asked}/a.png": reply_image()})
    assert describe(world.ask(f"http://{host}/a.png")[f"http://{host}/a.png"]) == "ok"


@pytest.mark.parametrize("host", ["℀.notes", "⒈.notes", "a\u2fffb.notes", "\u3164.notes", "例え.jp:８０", "[::１]"])
def test_a_name_that_browsers_refuse_is_not_called_broken(host: str) -> None:
    assert parse_url(f"http://{host}/a.png") == WebStatus(UNKNOWN, "host-name")
    world = World({f"{HOST}/a.png": redirect(f"http://{host}/a.png")})
    assert describe(world.ask(URL)[URL]) == "unknown:host-name"


@pytest.mark.parametrize("host", ["127。0。0。1", "１２７.1", "①②⑦.⓪.⓪.①"])
def test_a_mapped_name_may_be_an_address(host: str) -> None:
    assert describe(World({}).ask(f"http://{host}/a.png")[f"http://{host}/a.png"]) == "blocked:address"


@settings(max_examples=scale_examples(60))
@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=12), st.sampled_from(["", "xn--"]))
def test_any_name_can_be_asked_for_or_has_an_answer(name: str, prefix: str) -> None:
    url = parse_url(f"http://{prefix}{name}.notes/a.png")
    if isinstance(url, Url):
        assert url.host.isascii()
        world = World({f"{url.host}{url.path}": reply_image()})
        assert url.text in world.ask(url.text)
        assert make_request_headers(ranged=True)
