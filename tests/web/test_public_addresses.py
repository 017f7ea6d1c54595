"""R31, R35–R41 and R63: what must never be asked, and what must never be sent. Each guard is taken away once, to show
that these tests would see it."""

import asyncio
from ipaddress import IPv6Network, ip_address

import pytest

from techstock.web import http_attempt, public_addresses, public_network, urls
from techstock.web.answer_cache import AnswerCache, CachedAnswer, hash_url
from techstock.web.api import Network
from techstock.web.public_network import HttpcoreTransport, PublicOnlyBackend
from techstock.web.urls import parse_url
from tests.web import server
from tests.web.server import PUBLIC, Names, redirect, reply, reply_image
from tests.web.support import HOST, URL, World, ask_one, describe, make_limits, make_store

INSIDE = ("127.0.0.1", "169.254.169.254", "168.63.129.16", "10.0.0.1", "100.100.100.200", "0.0.0.0", "::1", "fd00::1")  # noqa: S104
SECRET = ("authorization", "cookie", "referer", "origin", "if-none-match", "x-note")


@pytest.mark.parametrize(
    "text",
    [
        *INSIDE,
        "172.17.0.1",
        "192.168.1.1",
        "192.0.2.1",
        "192.88.99.1",
        "198.18.0.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:168.63.129.16",
        "::ffff:a9fe:a9fe",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::7f00:1",
        "64:ff9b:2::1",
        "64:ff9b::10.0.0.1",
        "::ffff:0:127.0.0.1",
        "::ffff:0:8.8.8.8",
        "::8.8.8.8",
        "200::1",
        "4000::1",
        "1fff:ffff::1",
        "5f00::1",
        "8000::1",
        "3fff::1",
        "2001:0:7f00:1::",
        "2002:808:808::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "2606:4700::1%eth0",
        "fec0::1",
        "ff02::1",
        "",
        "localhost",
    ],
)
def test_r38_address_is_refused(text: str) -> None:
    assert public_addresses.explain_blocked_address(text)


def test_why_an_address_is_refused() -> None:
    assert public_addresses.explain_blocked_address("img.notes") == "it is no address"
    assert public_addresses.explain_blocked_address("127.0.0.1") == "it is not public"
    assert public_addresses.explain_blocked_address("2606:4700::1111%eth0") == "it is not public"
    assert public_addresses.explain_blocked_address("2606:4700::1111") == ""


@pytest.mark.parametrize("text", [PUBLIC, "8.8.8.8", "::ffff:8.8.8.8", "64:ff9b::808:808", "2606:4700:4700::1111"])
def test_address_is_allowed(text: str) -> None:
    assert not public_addresses.explain_blocked_address(text)


@pytest.mark.parametrize(
    "host",
    [
        "2130706433",
        "127.1",
        "0x7f000001",
        "0",
        "127。0。0。1",
        "[::1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
    ],
)
def test_r38_literal_is_blocked(host: str) -> None:
    for world in (World({}), World({}, names={host.strip("[]"): ["127.0.0.1"]})):
        url = f"http://{host}/a.png"
        assert describe(world.ask(url)[url]) == "blocked:address"
        assert world.dialler.dialled == []


def inside(address: str) -> tuple[str, World]:
    """What becomes of a redirect to a host at this address, and the world with what reached it."""
    world = World(
        {f"{HOST}/a.png": redirect("http://inner.notes/a.png"), "inner.notes/a.png": reply_image()},
        names={"inner.notes": [address]},
    )
    return describe(world.ask(URL)[URL]), world


def hits(world: World) -> list[str]:
    return [url for url in world.server.paths() if not url.startswith(HOST)]


@pytest.mark.parametrize("text", INSIDE)
def test_r31_redirect_to_the_inside(text: str) -> None:
    state, world = inside(text)
    assert state == "blocked:address"
    assert hits(world) == []


def test_r31_is_seen_without_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("techstock.web.api.Network.make_transport", _unguarded)
    state, world = inside("169.254.169.254")
    assert state == "ok"
    assert hits(world) == ["inner.notes/a.png"]


def _unguarded(network: Network, _most: int) -> HttpcoreTransport:
    return HttpcoreTransport(PublicOnlyBackend(network.inner(), network.resolve, lambda _: ""), network.trusted)


def test_r36_public_and_private() -> None:
    world = World({f"{HOST}/a.png": reply_image()}, names={HOST: [PUBLIC, "10.0.0.1"]})
    assert describe(world.ask(URL)[URL]) == "blocked:address"
    assert world.dialler.dialled == []


@pytest.mark.parametrize(
    ("network", "is_known"),
    [
        ("100.64.0.0/10", True),
        ("168.63.129.16/32", False),
        ("224.0.0.0/3", False),
        ("2002::/16", None),
    ],
)
def test_each_listed_network_counts(network: str, is_known: bool | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Taken off the list, an address in it would pass, or is refused by nothing but `ipaddress`, if that knows it.

    None: it does in some releases of Python.
    """
    left = tuple(known for known in public_addresses._BLOCKED_NETWORKS if str(known) != network)
    assert len(left) == len(public_addresses._BLOCKED_NETWORKS) - 1
    first = str(next(known for known in public_addresses._BLOCKED_NETWORKS if str(known) == network)[0])
    assert public_addresses.explain_blocked_address(first)
    monkeypatch.setattr(public_addresses, "_BLOCKED_NETWORKS", left)
    knows = not ip_address(first).is_global
    assert is_known in (None, knows)
    assert bool(public_addresses.explain_blocked_address(first)) == knows


def test_embedded_addresses_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public_addresses, "_unwrap_ipv4", lambda parsed: parsed)
    assert public_addresses.explain_blocked_address("64:ff9b::808:808")  # it is allowed for what is in it


def test_only_what_is_handed_out_is_dialled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public_addresses, "_GLOBAL_UNICAST", IPv6Network("::/0"))
    assert not public_addresses.explain_blocked_address("4000::1")


def test_r37_one_lookup_and_that_very_address() -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"], ["127.0.0.1"]])

    class Rebinding(Names):
        async def __call__(self, host: str, port: int) -> list[str]:
            self.lookups.append(host)
            return next(answers)

    world = World({f"{HOST}/a.png": reply_image()})
    world.names = Rebinding()
    assert describe(world.ask(URL)[URL]) == "ok"
    assert world.names.lookups == [HOST]
    assert world.dialler.dialled == [(PUBLIC, 80)]


def test_r37_is_seen_when_names_are_dialled(monkeypatch: pytest.MonkeyPatch) -> None:
    async def careless(self: PublicOnlyBackend, host: str, port: int) -> list[str]:
        await self._resolve(host, port)
        return [host]

    monkeypatch.setattr(PublicOnlyBackend, "_resolve_public", careless)
    _, world = ask_one(reply_image())
    assert world.dialler.dialled == [(HOST, 80)]


@pytest.mark.parametrize("port", [22, 25, 6379, 8080])
def test_r39_port(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"http://{HOST}:{port}/a.png"
    world = World({f"{HOST}/a.png": redirect(url)})
    assert describe(world.ask(url)[url]) == "blocked:port"
    assert describe(world.ask(URL)[URL]) == "blocked:port"
    monkeypatch.setattr(urls, "ALLOWED_PORTS", frozenset({80, 443, port}))  # and were it not for the URL's own check
    assert describe(world.ask(url)[url]) == "blocked:port"
    assert (PUBLIC, port) not in world.dialler.dialled
    monkeypatch.setattr(public_network, "ALLOWED_PORTS", frozenset({80, 443, port}))
    world.ask(url)
    assert (PUBLIC, port) in world.dialler.dialled


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://user@img.notes/a.png", "userinfo"),
        ("http://user:word@img.notes/a.png", "userinfo"),
        ("http://github.com@img.notes/a.png", "userinfo"),
        ("http://evil.notes\\@github.com/a.png", "backslash"),
        ("http://img.notes\\a.png", "backslash"),
        ("https:\\\\img.notes\\a.png", "backslash"),
    ],
)
def test_r40_parser_traps(url: str, reason: str) -> None:
    world = World({f"{HOST}/a.png": redirect(url)})
    assert describe(world.ask(url)[url]) == f"blocked:{reason}"
    if not url.startswith("https:\\"):
        assert describe(world.ask(URL)[URL]) == f"blocked:{reason}"


def test_unix_sockets_are_refused() -> None:
    guarded = PublicOnlyBackend(server.Dialler({}), Names())
    with pytest.raises(public_network.ConnectionBlockedError, match=r"^socket$"):
        asyncio.run(guarded.connect_unix_socket("/var/run/docker.sock"))


def test_r35_nothing_is_carried_along() -> None:
    first = reply(302, b"", location="http://other.notes/a.png", set_cookie="a=b; Domain=notes", x_note="t")
    world = World({f"{HOST}/a.png": [first, first, first], "other.notes/a.png": reply_image()})
    store = _known()
    world.ask(URL, store=store)
    wanted = {"host", "user-agent", "accept", "accept-encoding", "range"}
    assert [set(request.headers) - {"if-none-match"} for request in world.server.requests] == [wanted, wanted]
    assert [request.headers.get("if-none-match") for request in world.server.requests] == ['"tag"', None]
    assert {request.headers["accept-encoding"] for request in world.server.requests} == {"identity"}


def _known() -> AnswerCache:
    store, url = make_store(), parse_url(URL)
    key = hash_url(url)  # type: ignore[arg-type]
    store.rows[key] = CachedAnswer(key, ok=1.0, etag='"tag"', seen=1.0)
    return store


def test_r35_is_seen_when_headers_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[str, str] = {}
    build = http_attempt.make_request_headers

    def careless(*, ranged: bool) -> dict[str, str]:
        kept.update(build(ranged=ranged))
        return kept | {"Referer": URL}

    monkeypatch.setattr(http_attempt, "make_request_headers", careless)
    world = World({f"{HOST}/a.png": redirect("http://other.notes/a.png"), "other.notes/a.png": reply_image()})
    world.ask(URL)
    assert [name for name in world.server.requests[1].headers if name in SECRET] == ["referer"]


def test_environment_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert ask_one(reply_image())[0] == "ok"


def test_r41_head_is_never_sent() -> None:
    _, world = ask_one([reply(405, b""), reply_image()])
    assert {request.method for request in world.server.requests} == {"GET"}
    assert {request.version for request in world.server.requests} == {"HTTP/1.1"}


def test_limit_of_the_body_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    body = b"x" * 1_000_000
    world = World({f"{HOST}/a.png": reply(200, body)})
    read: list[int] = []
    whole = http_attempt.HttpClient._read_body_start

    async def counted(self: http_attempt.HttpClient, response: object) -> tuple[bytes, bool]:
        found = await whole(self, response)  # type: ignore[arg-type]
        read.append(len(found[0]))
        return found

    monkeypatch.setattr(http_attempt.HttpClient, "_read_body_start", counted)
    world.ask(URL)
    assert 65_000 < max(read) < 65_536
    world.ask(URL, limits=make_limits(body=10_000_000))
    assert max(read) == 1_000_000


def test_r63_dead_address() -> None:
    dead = ["2606:4700::1", "93.184.215.1"]
    world = World({f"{HOST}/a.png": reply_image()}, names={HOST: [*dead, PUBLIC]}, dead=dead)
    assert describe(world.ask(URL)[URL]) == "ok"
    assert world.dialler.dialled == [("93.184.215.1", 80), (PUBLIC, 80)]


def test_four_addresses_at_most() -> None:
    many = [f"93.184.215.{number}" for number in range(20, 40)]
    world = World({}, names={HOST: many}, dead=many)
    assert describe(world.ask(URL, limits=make_limits(retries=0))[URL]) == "unknown:timeout"
    assert len(world.dialler.dialled) == 4


def test_resolver_that_never_answers() -> None:
    class Silent(Names):
        async def __call__(self, host: str, port: int) -> list[str]:
            await asyncio.sleep(60)
            return []

    world = World({})
    world.names = Silent()
    assert describe(world.ask(URL, limits=make_limits(connect=0.05, retries=0))[URL]) == "unknown:resolver"
