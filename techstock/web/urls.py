"""URLs to request, validated and normalised once, so that no later code parses them in another way."""

import re
import socket
from fnmatch import fnmatchcase
from ipaddress import ip_address
from urllib.parse import urljoin

import httpx
import idna
import msgspec

from techstock.model.web import BLOCKED, BROKEN, SKIPPED, UNKNOWN, WebStatus
from techstock.web.public_addresses import explain_blocked_address

ALLOWED_PORTS = frozenset({80, 443})
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_AUTHORITY = re.compile(r"(?i)(https?):/*([^/?#]*)")
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*")
_MAPPED_HOST = re.compile(r"[a-z0-9._\x80-\U0010ffff-]+")
_MAX_HOST_LENGTH = 253  # characters
_NUMERIC = re.compile(r"(?:.*\.)?(?:0x[0-9a-f]*|[0-9]+)")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_RESERVED_DOMAINS = (".example", ".invalid", ".test", ".localhost")
_EXAMPLE_HOSTS = ("example.com", "example.net", "example.org")
# What makes a URL a key: whoever has it may read, for some minutes. Such a one is asked by nobody, stored and proposed
# nowhere.
_SECRET_PARAMETER = re.compile(r"(?i)(?:^|&)(?:jwt|token|access_token|sig|signature|x-amz-[a-z-]+|x-goog-[a-z-]+)=")
_MAX_LENGTH = 8_000  # characters; servers take less


class Url(msgspec.Struct, frozen=True):
    """A URL that may be requested: `text` without fragment, `host` in lower case and ASCII, `port` 80 or 443."""

    text: str
    scheme: str
    host: str
    port: int
    path: str
    query: str = ""

    @property
    def is_secret(self) -> bool:
        """Return whether its query holds a signature or a token."""
        return bool(_SECRET_PARAMETER.search(self.query))


def parse_url(target: str) -> Url | WebStatus:
    """Return the URL that a target refers to, or the reason why it is not requested."""
    text = f"https:{target}" if target.startswith("//") else target
    head = _AUTHORITY.match(text)
    if _CONTROL.search(text) or head is None or len(text) > _MAX_LENGTH:
        return WebStatus(BROKEN, "bad-url")
    if "\\" in text.partition("?")[0].partition("#")[0]:
        return WebStatus(BLOCKED, "backslash")  # browsers read it as `/`, so the host is another one to them
    if "@" in head[2]:
        return WebStatus(BLOCKED, "userinfo")
    if not head[2] or " " in head[2] or "%" in head[2] or not text.startswith("//", head.end(1) + 1):
        return WebStatus(BROKEN, "bad-url")
    name = _encode_host(head[2])
    if not name:
        return WebStatus(UNKNOWN, "host-name")
    return _parse_ascii_url(f"{text[: head.start(2)]}{name}{text[head.end(2) :]}")


def resolve_redirect(base: Url, location: str) -> Url | WebStatus:
    """Return the URL that a redirect leads to, or the reason why it is not requested."""
    scheme = _SCHEME.match(location)
    if scheme is not None or not location:
        return (
            parse_url(location) if scheme and scheme[1].lower() in ("http", "https") else WebStatus(BROKEN, "bad-url")
        )
    if location.startswith("//"):
        return parse_url(f"{base.scheme}:{location}")
    try:
        return parse_url(urljoin(base.text, location))
    except ValueError:
        return WebStatus(BROKEN, "bad-url")


def _encode_host(authority: str) -> str:
    """Return the authority with its host in ASCII, as browsers ask for it; empty if they would refuse the name.

    Browsers map by UTS 46 and take what IDNA itself refuses, such as emoji. An ASCII name is asked for as it stands.
    """
    if authority.isascii():
        return authority
    host, colon, port = authority.partition(":")
    if not port.isascii():
        return ""
    try:
        mapped = idna.uts46_remap(host, std3_rules=False, transitional=False) if len(host) <= _MAX_HOST_LENGTH else ""
    except UnicodeError:  # a character that no host may have
        return ""
    if not _MAPPED_HOST.fullmatch(mapped):  # a few characters become `/` or another one with a meaning
        return ""
    labels = (label if label.isascii() else f"xn--{label.encode('punycode').decode()}" for label in mapped.split("."))
    name = ".".join(labels)
    return f"{name}{colon}{port}" if _HOST.fullmatch(name.removesuffix(".")) else ""


def _parse_ascii_url(text: str) -> Url | WebStatus:
    """Return the URL that a text with a host in ASCII spells, or the reason why it is not requested."""
    try:
        url = httpx.URL(text)
        host, port = url.raw_host.decode("ascii").lower().removesuffix("."), url.port
    except (httpx.InvalidURL, ValueError):
        return WebStatus(BROKEN, "bad-url")
    return _build_url(url, host, port if port is not None else {"http": 80, "https": 443}[url.scheme])


def _build_url(url: httpx.URL, host: str, port: int) -> Url | WebStatus:
    if not (_HOST.fullmatch(host) and len(host) <= _MAX_HOST_LENGTH) and ":" not in host:
        return WebStatus(BROKEN, "bad-url", host=host)
    if host in _EXAMPLE_HOSTS or host.endswith((*_RESERVED_DOMAINS, *(f".{name}" for name in _EXAMPLE_HOSTS))):
        return WebStatus(SKIPPED, "example", host=host)
    literal = _parse_ip_literal(host)
    if literal == "":
        return WebStatus(BROKEN, "bad-url", host=host)
    if literal is not None and explain_blocked_address(literal):
        return WebStatus(BLOCKED, "address", host=host)
    if port not in ALLOWED_PORTS:
        reason = (BLOCKED, "port") if 0 < port < 65_536 else (BROKEN, "bad-url")
        return WebStatus(*reason, host=host)
    usual = port == {"http": 80, "https": 443}[url.scheme]
    shown = url.copy_with(host=host, port=None if usual else port, fragment=None)
    return Url(
        str(shown), url.scheme, host, port, shown.raw_path.decode("ascii").partition("?")[0], _decode_query(shown)
    )


def _decode_query(url: httpx.URL) -> str:
    return url.query.decode("ascii", "replace")


def _parse_ip_literal(host: str) -> str | None:
    """Return the address that a host spells, in any form that resolvers accept; empty if invalid, None for a name.

    `127.1`, `2130706433` and `0x7f000001` are all 127.0.0.1 to a resolver.
    """
    if ":" in host or not _NUMERIC.fullmatch(host):
        return host if ":" in host else None
    try:
        return str(ip_address(socket.inet_aton(host)))
    except OSError:
        return ""


def is_excluded(url: Url, globs: tuple[str, ...]) -> bool:
    """Return whether one of these globs matches the whole URL."""
    return any(fnmatchcase(url.text, glob) for glob in globs)
