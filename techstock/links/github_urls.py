"""Checks of an image's URL before it is fetched: whether it expires, and whether its file is in this repository."""

import re
from typing import Final
from urllib.parse import parse_qsl, urlsplit

import msgspec

from techstock.model import GitHubRemote
from techstock.text.percent_encoding import percent_decode

_CAMO = "camo.githubusercontent.com"
_RAW = "raw.githubusercontent.com"
_PRIVATE = "private-user-images.githubusercontent.com"
_DISCORD = ("cdn.discordapp.com", "media.discordapp.net")
_FAR_FUTURE: Final = 4_102_444_800  # the year 2100, in seconds: who writes that wants no end
# Parameters that only signed URLs have; all of a group must be there. Sources: AWS Signature V4 and V2 / CloudFront,
# Google Cloud Storage V4, Azure shared access signatures.
_SIGNED = (
    ("x-amz-signature",),
    ("x-goog-signature",),
    ("expires", "signature"),
    ("sig", "se"),
)


class UrlExpiry(msgspec.Struct, frozen=True):
    """The reason why a URL expires, and the original URL of a copy that GitHub's proxy keeps."""

    why: str
    original: str = ""


def find_url_expiry(url: str) -> UrlExpiry | None:
    """Return why the URL works for a limited time only, `None` where it does not expire.

    The answer never holds the URL's query, which may be a secret.
    """
    parts = _split_url(url) if "?" in url or "githubusercontent" in url.lower() else None
    if parts is None:
        return None
    why = _find_expiry_reason(*parts)
    return UrlExpiry(why, _decode_proxied_url(parts[1]) if parts[0] == _CAMO else "") if why else None


def _find_expiry_reason(host: str, path: str, query: dict[str, str]) -> str:
    if host == _CAMO and len(path) > 1:
        return "is a copy that GitHub's proxy keeps for a while"
    if host == _PRIVATE or ("jwt" in query and host.endswith(".githubusercontent.com")):
        return "carries a pass of GitHub that ends after five minutes"
    if host == _RAW and "token" in query:
        return "carries a token of GitHub that is soon replaced"
    if host in _DISCORD and {"ex", "is", "hm"} <= query.keys():
        return "is signed by Discord and ends after a day"
    if any(set(group) <= query.keys() for group in _SIGNED) and not _is_far_future(query.get("expires", "")):
        return "is signed for a limited time"
    return ""


def _is_far_future(expires: str) -> bool:
    return len(expires) < 16 and expires.isascii() and expires.isdigit() and int(expires) >= _FAR_FUTURE


def _split_url(url: str) -> tuple[str, str, dict[str, str]] | None:
    """Return host, path and query parameters, host and parameter names in lower case; `None` for an invalid URL."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        query = {name.lower(): value for name, value in parse_qsl(parts.query, keep_blank_values=True)}
    except ValueError:
        return None
    return host.lower(), parts.path, query


def _decode_proxied_url(path: str) -> str:
    """Return the original URL, held in hexadecimal in that of GitHub's proxy, without its query; empty if invalid."""
    digits = path.rstrip("/").rsplit("/", 1)[-1]
    if not re.fullmatch(r"(?:[0-9a-f]{2}){8,2000}", digits):
        return ""
    try:
        url = bytes.fromhex(digits).decode()
    except UnicodeDecodeError:
        return ""
    return url.partition("?")[0] if re.match(r"https?://[^\s@`]+$", url) else ""


def parse_repository_url(url: str, home: GitHubRemote | None) -> tuple[str, str] | None:
    """Return the path in this repository that a URL of github.com names, decoded once, and its fragment; else `None`.

    Only the branches that this checkout may represent count: a tag or a commit is another state of the files.
    """
    if home is None or "github" not in url.lower():
        return None
    try:
        parts = urlsplit(url if "://" in url else f"https:{url}")
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return None
    if port not in (None, 80, 443) or parts.username or not parts.path.lower().startswith(f"/{home.name.lower()}/"):
        return None
    rest = _get_branch_and_path(host, parts.path[len(home.name) + 2 :], "token" in parts.query)
    for branch in sorted(home.branches, key=len, reverse=True):
        if rest.startswith(f"{branch}/"):
            return rest[len(branch) + 1 :], percent_decode(parts.fragment)
    return None


def _get_branch_and_path(host: str, rest: str, secret: bool) -> str:
    """Return `BRANCH/PATH` from the part after `OWNER/NAME/` in a URL of a file; empty for any other URL."""
    if host in ("github.com", "www.github.com"):
        kind, _, rest = rest.partition("/")
        if kind not in ("blob", "raw"):
            return ""
    elif host != _RAW or secret:
        return ""
    return percent_decode(rest).removeprefix("refs/heads/")
