"""Errors that no server and no URL is to blame for."""

import errno

_EXHAUSTED_ERRNOS = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOBUFS})


class SystemFailureError(Exception):
    """The machine prevents the run: certificates, the disk, open files. The message is one sentence."""


def raise_if_exhausted(error: BaseException) -> None:
    """Raise `SystemFailureError` if the error means that this process may open no more files, or has no memory."""
    if isinstance(error, OSError) and error.errno in _EXHAUSTED_ERRNOS:
        raise SystemFailureError(f"no connection can be opened: {error.strerror}") from error
