"""Classification of network exceptions into one-word failures."""

import errno
import ssl
from collections.abc import Iterator

import httpcore

from techstock.web.backend import NoSuchHost, Unresolved

TRANSIENT = frozenset({"timeout", "reset"})
"""Failures that may be gone a second later."""

_UNREACHABLE = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL})
_KINDS: tuple[tuple[type[Exception], str], ...] = (
    (httpcore.TimeoutException, "timeout"),
    (NoSuchHost, "dns"),
    (Unresolved, "resolver"),
)
_CUT_OFF = ("disconnected", "closed connection")  # how httpcore words an early end; other breaches are bad framing


def failure_of(error: Exception) -> str:
    """Return `timeout`, `dns`, `resolver`, `refused`, `unreachable`, `tls`, `reset` or `protocol`."""
    for kind, name in _KINDS:
        if isinstance(error, kind):
            return name
    for cause in _causes(error):
        if name := _system_failure(cause):
            return name
    if isinstance(error, httpcore.ProtocolError) and not any(words in str(error) for words in _CUT_OFF):
        return "protocol"
    return "reset"


def _system_failure(cause: BaseException) -> str:
    if isinstance(cause, ssl.SSLCertVerificationError):
        return "tls"
    if isinstance(cause, ConnectionRefusedError):
        return "refused"
    return "unreachable" if isinstance(cause, OSError) and cause.errno in _UNREACHABLE else ""


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and the chain of its causes."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__
