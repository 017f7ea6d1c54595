"""Classification of network exceptions into one-word failures."""

import errno
import ssl
from collections.abc import Iterator

import httpcore

from techstock.web.backend import NoSuchHostError, UnresolvedHostError

TRANSIENT_FAILURES = frozenset({"timeout", "reset"})
"""Failures that may be gone a second later."""

_UNREACHABLE_ERRNOS = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL})
_FAILURES_BY_TYPE: tuple[tuple[type[Exception], str], ...] = (
    (httpcore.TimeoutException, "timeout"),
    (NoSuchHostError, "dns"),
    (UnresolvedHostError, "resolver"),
)
_CUT_OFF_PHRASES = (
    "disconnected",
    "closed connection",
)  # how httpcore words an early end; other breaches are bad framing


def classify_failure(error: Exception) -> str:
    """Return `timeout`, `dns`, `resolver`, `refused`, `unreachable`, `tls`, `reset` or `protocol`."""
    for kind, name in _FAILURES_BY_TYPE:
        if isinstance(error, kind):
            return name
    for cause in _iter_causes(error):
        if name := _classify_system_error(cause):
            return name
    if isinstance(error, httpcore.ProtocolError) and not any(words in str(error) for words in _CUT_OFF_PHRASES):
        return "protocol"
    return "reset"


def _classify_system_error(cause: BaseException) -> str:
    if isinstance(cause, ssl.SSLCertVerificationError):
        return "tls"
    if isinstance(cause, ConnectionRefusedError):
        return "refused"
    return "unreachable" if isinstance(cause, OSError) and cause.errno in _UNREACHABLE_ERRNOS else ""


def _iter_causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and the chain of its causes."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__
