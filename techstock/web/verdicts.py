"""Classification of the result of an attempt."""

import msgspec

from techstock.images.formats import sniff
from techstock.model.web import BLOCKED, BROKEN, INSECURE, OK, UNKNOWN, UNTYPED, Answer
from techstock.web.client import Reply
from techstock.web.failures import TRANSIENT

_BLOCKED_BY_BOT_GUARD = 999  # what LinkedIn answers to whoever is no browser
_BY_STATUS = {status: Answer(BLOCKED, "server") for status in (401, 402, 403, 407, 451, _BLOCKED_BY_BOT_GUARD)} | {
    304: Answer(OK),
    404: Answer(BROKEN, "gone"),
    410: Answer(BROKEN, "gone"),
    429: Answer(UNKNOWN, "rate-limited"),
}
_KNOWN = frozenset(f"image/{kind}" for kind in ("avif", "bmp", "gif", "jpeg", "jpg", "png", "svg+xml", "webp"))
_PERMANENT = frozenset({301, 308})
_FINAL = frozenset({"redirect-loop", "bad-redirect", "tls"})
_LFS = b"version https://git-lfs.github.com/spec/"
# Hosts whose images GitHub shows as they are; those of others go through its proxy, which wants an image type.
_OWN = ("github.com", "githubusercontent.com", "amazonaws.com")


class Verdict(msgspec.Struct, frozen=True):
    """An answer; `transient` if the next attempt may bring another one."""

    answer: Answer
    transient: bool = False


def judged(reply: Reply) -> Verdict:
    """Return the classification of a single attempt; a broken image is still to be confirmed."""
    verdict = _judged(reply)
    evidence = " → ".join(map(str, reply.statuses))
    kind = reply.headers.get("content-type", "").partition(";")[0].strip()[:60]
    if verdict.answer.reason == "not-image" and kind:
        evidence = f"{evidence} {kind}"
    answer = msgspec.structs.replace(verdict.answer, evidence=evidence, host=reply.urls[0].host)
    return Verdict(answer, verdict.transient)


def _judged(reply: Reply) -> Verdict:
    if reply.refused is not None:
        return Verdict(reply.refused)
    if reply.failure:
        state = BROKEN if reply.failure in _FINAL else UNKNOWN
        return Verdict(Answer(state, reply.failure), transient=reply.failure in TRANSIENT)
    if 200 <= reply.status < 300:
        return Verdict(_content(reply))
    if reply.status >= 500 and reply.status != _BLOCKED_BY_BOT_GUARD:
        return Verdict(Answer(UNKNOWN, "server-error"), transient=reply.status not in (501, 505))
    return Verdict(_BY_STATUS.get(reply.status, Answer(UNKNOWN, "status")), transient=reply.status == 429)


def _content(reply: Reply) -> Answer:
    """Return the answer for the body of a successful response."""
    if reply.headers.get("content-encoding", "identity").strip().lower() not in ("identity", ""):
        return Answer(UNKNOWN, "encoding")
    if not reply.body:
        return Answer(BROKEN, "empty")
    if reply.body.startswith(_LFS):
        return Answer(BROKEN, "lfs-pointer")
    if not sniff(reply.body):
        kind = reply.headers.get("content-type", "").partition(";")[0].strip().lower()
        # A server calls it an image of another format, and it is no text: browsers may know what we do not.
        strange = kind.startswith("image/") and kind not in _KNOWN and b"\0" in reply.body
        return Answer(UNKNOWN, "format") if strange else Answer(BROKEN, "not-image")
    return Answer(OK, moved=_moved(reply), remarks=tuple(_remarks(reply)))


def _moved(reply: Reply) -> str:
    """Return the end of the permanent redirects that the attempt begins with; empty if there are none.

    It is also empty if that URL is secret, or if it is `http:` where the first one is `https:`.
    """
    last = 0
    while last < len(reply.statuses) and reply.statuses[last] in _PERMANENT:
        last += 1
    url = reply.urls[last]
    secure = url.scheme == "https" or reply.urls[0].scheme == "http"
    return url.text if last and secure and not url.is_secret else ""


def _remarks(reply: Reply) -> list[str]:
    found = []
    kind = reply.headers.get("content-type", "").strip().lower()
    host = reply.urls[0].host
    if not kind.startswith("image/") and not any(host == own or host.endswith(f".{own}") for own in _OWN):
        found.append(UNTYPED)
    schemes = [url.scheme for url in reply.urls]
    if schemes[0] == "https" and "http" in schemes:
        found.append(INSECURE)
    return found
