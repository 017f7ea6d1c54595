"""GitHub's image hosting: which URLs are uploads, and which requests may carry a token.

An upload (`/user-attachments/assets/UUID`) answers 302 to a signed URL that lives for five minutes. To everybody who
may not read its repository it answers 404, as it does for one that was deleted. The signed URL allows only GET, and
refuses a request that carries a credential besides its signature.
"""

import re
from collections.abc import Mapping
from typing import Any

from techstock.storage.regular_file import read_regular_file
from techstock.web.urls import Url

_MAX_EVENT_SIZE = 64 * 1024 * 1024  # bytes of an event of GitHub Actions
_TOKEN_PATHS = (
    re.compile(r"/[^/]+/[^/]+/assets/[^/]+/[^/]+/?"),
    re.compile(r"/user-attachments/assets/[^/]+/?"),
)
"""The paths for which GitHub's own desktop client sends a token, and no others."""
_FILE_UPLOAD = re.compile(r"/user-attachments/files/[^/]+/[^/]+/?")
_PINNED_PATH = re.compile(r"/[^/]+/[^/]+/[0-9a-f]{40}/.+")
_TOKEN = re.compile(r"[A-Za-z0-9_]{10,255}")
_HOSTS_WITH_ONE_LIMIT = frozenset({"github.com", "www.github.com", "raw.githubusercontent.com"})


def get_rate_limit_host(host: str) -> str:
    """Return the host whose rate limit applies to requests to `host`."""
    return "github.com" if host in _HOSTS_WITH_ONE_LIMIT else host


def is_upload(url: Url) -> bool:
    """Return whether this is an upload, which answers 404 both if it was deleted and if it is private."""
    return url.host == "github.com" and any(path.fullmatch(url.path) for path in (*_TOKEN_PATHS, _FILE_UPLOAD))


def may_carry_token(url: Url) -> bool:
    """Return whether a token may be sent: only to `https://github.com`, and only for an upload."""
    if (url.scheme, url.host, url.port) != ("https", "github.com", 443):
        return False
    return any(path.fullmatch(url.path) for path in _TOKEN_PATHS)


def is_login_page(url: Url) -> bool:
    """Return whether a redirect leads to GitHub's sign-in page, which answers 200 to everybody."""
    return url.host == "github.com" and url.path.split("/")[1:2] in (["login"], ["session"])


def is_immutable_url(url: Url) -> bool:
    """Return whether the content of the URL can be deleted, but cannot change."""
    if url.host == "raw.githubusercontent.com":
        return bool(_PINNED_PATH.fullmatch(url.path))
    return is_upload(url)


def read_token(name: str, environment: Mapping[str, str]) -> tuple[str, str]:
    """Return the token in the variable `name`, and a notice if it is not used, which leaves the token empty.

    Raises `ValueError` with one sentence if the variable holds no token.
    """
    value = environment.get(name, "")
    if not value:
        raise ValueError(f"the variable `{name}` is empty")
    if not _TOKEN.fullmatch(value):
        raise ValueError(f"what the variable `{name}` holds is no token of GitHub's")
    if value.startswith("ghs_"):
        return "", f"the token in `{name}` is not used: one that Actions makes reads no uploads"
    if _is_untrusted_event(environment):
        return "", f"the token in `{name}` is not used: this run checks what a fork proposes"
    return value, ""


def is_public_repository(environment: Mapping[str, str]) -> bool:
    """Return whether the event that started this run of GitHub Actions says that the repository is public."""
    repository = _read_event(environment).get("repository")
    return isinstance(repository, dict) and repository.get("private") is False


def _is_untrusted_event(environment: Mapping[str, str]) -> bool:
    """Return whether the notes may come from somebody who must not have the token."""
    name = environment.get("GITHUB_EVENT_NAME", "")
    if name in ("pull_request_target", "workflow_run", "issue_comment"):
        return True
    event = _read_event(environment)
    if not name.startswith("pull_request") and "pull_request" not in event:
        return False
    ends = [_get_repository_name(event, end) for end in ("head", "base")]
    return not ends[0] or ends[0] != ends[1]


def _get_repository_name(event: dict[str, Any], end: str) -> str:
    found: Any = event
    for key in ("pull_request", end, "repo", "full_name"):
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, str) else ""


def _read_event(environment: Mapping[str, str]) -> dict[str, Any]:
    """Return the event of GitHub Actions; empty if there is none that can be read."""
    from techstock.text.bounded_parsing import parse_json

    path = environment.get("GITHUB_EVENT_PATH", "")
    try:
        event = parse_json(read_regular_file(path, _MAX_EVENT_SIZE, follow_links=True)) if path else {}
    except (OSError, ValueError):
        return {}
    return event if isinstance(event, dict) else {}
