"""TLS of a server whose certificates come from an authority made for the test."""

import ssl
from collections.abc import Iterable
from datetime import UTC, datetime

import trustme


def contexts(names: Iterable[str], *, expired: bool = False) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The server's TLS, with a certificate for these names, and a client's that trusts its authority."""
    authority = trustme.CA()
    past = datetime(2020, 1, 1, tzinfo=UTC)
    mine = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names, not_after=past if expired else None).configure_cert(mine)
    trusted = ssl.create_default_context()
    authority.configure_trust(trusted)
    return mine, trusted
