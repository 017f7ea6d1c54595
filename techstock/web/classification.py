"""Classification of the result of an attempt."""

import msgspec

from techstock.images.content import detect_image_format
from techstock.model.web import BLOCKED, BROKEN, INSECURE, OK, UNKNOWN, UNTYPED, WebStatus
from techstock.web.http_attempt import TRANSIENT_FAILURES, AttemptResult

_BLOCKED_BY_BOT_GUARD = 999  # what LinkedIn answers to whoever is no browser
_BY_STATUS = {status: WebStatus(BLOCKED, "server") for status in (401, 402, 403, 407, 451, _BLOCKED_BY_BOT_GUARD)} | {
    304: WebStatus(OK),
    404: WebStatus(BROKEN, "gone"),
    410: WebStatus(BROKEN, "gone"),
    429: WebStatus(UNKNOWN, "rate-limited"),
}
_KNOWN_TYPES = frozenset(f"image/{kind}" for kind in ("avif", "bmp", "gif", "jpeg", "jpg", "png", "svg+xml", "webp"))
_PERMANENT_REDIRECTS = frozenset({301, 308})
_FINAL_FAILURES = frozenset({"redirect-loop", "bad-redirect", "tls"})
_LFS_PREFIX = b"version https://git-lfs.github.com/spec/"
# Hosts whose images GitHub shows as they are; those of others go through its proxy, which wants an image type.
_UNPROXIED_HOSTS = ("github.com", "githubusercontent.com", "amazonaws.com")


class Classification(msgspec.Struct, frozen=True):
    """An answer; `transient` if the next attempt may bring another one."""

    answer: WebStatus
    transient: bool = False


def classify_attempt(reply: AttemptResult) -> Classification:
    """Return the classification of a single attempt; a broken image is still to be confirmed."""
    verdict = _classify_without_evidence(reply)
    evidence = " → ".join(map(str, reply.statuses))
    kind = reply.headers.get("content-type", "").partition(";")[0].strip()[:60]
    if verdict.answer.reason == "not-image" and kind:
        evidence = f"{evidence} {kind}"
    answer = msgspec.structs.replace(verdict.answer, evidence=evidence, host=reply.urls[0].host)
    return Classification(answer, verdict.transient)


def _classify_without_evidence(reply: AttemptResult) -> Classification:
    if reply.refused is not None:
        return Classification(reply.refused)
    if reply.failure:
        state = BROKEN if reply.failure in _FINAL_FAILURES else UNKNOWN
        return Classification(WebStatus(state, reply.failure), transient=reply.failure in TRANSIENT_FAILURES)
    if 200 <= reply.status < 300:
        return Classification(_classify_body(reply))
    if reply.status >= 500 and reply.status != _BLOCKED_BY_BOT_GUARD:
        return Classification(WebStatus(UNKNOWN, "server-error"), transient=reply.status not in (501, 505))
    return Classification(_BY_STATUS.get(reply.status, WebStatus(UNKNOWN, "status")), transient=reply.status == 429)


def _classify_body(reply: AttemptResult) -> WebStatus:
    """Return the answer for the body of a successful response."""
    if reply.headers.get("content-encoding", "identity").strip().lower() not in ("identity", ""):
        return WebStatus(UNKNOWN, "encoding")
    if not reply.body:
        return WebStatus(BROKEN, "empty")
    if reply.body.startswith(_LFS_PREFIX):
        return WebStatus(BROKEN, "lfs-pointer")
    if not detect_image_format(reply.body):
        kind = reply.headers.get("content-type", "").partition(";")[0].strip().lower()
        # A server calls it an image of another format, and it is no text: browsers may know what we do not.
        strange = kind.startswith("image/") and kind not in _KNOWN_TYPES and b"\0" in reply.body
        return WebStatus(UNKNOWN, "format") if strange else WebStatus(BROKEN, "not-image")
    return WebStatus(OK, moved=_find_permanent_url(reply), remarks=tuple(_find_remarks(reply)))


def _find_permanent_url(reply: AttemptResult) -> str:
    """Return the end of the permanent redirects that the attempt begins with; empty if there are none.

    It is also empty if that URL is secret, or if it is `http:` where the first one is `https:`.
    """
    last = 0
    while last < len(reply.statuses) and reply.statuses[last] in _PERMANENT_REDIRECTS:
        last += 1
    url = reply.urls[last]
    secure = url.scheme == "https" or reply.urls[0].scheme == "http"
    return url.text if last and secure and not url.is_secret else ""


def _find_remarks(reply: AttemptResult) -> list[str]:
    found = []
    kind = reply.headers.get("content-type", "").strip().lower()
    host = reply.urls[0].host
    if not kind.startswith("image/") and not any(host == own or host.endswith(f".{own}") for own in _UNPROXIED_HOSTS):
        found.append(UNTYPED)
    schemes = [url.scheme for url in reply.urls]
    if schemes[0] == "https" and "http" in schemes:
        found.append(INSECURE)
    return found
