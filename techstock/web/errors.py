"""Errors that no server and no URL is to blame for."""

import errno

_EXHAUSTED_ERRNOS = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOBUFS})


class SystemFailureError(Exception):
    """The machine prevents the run: certificates, the disk, open files. The message is one sentence."""


def find_exhaustion(error: BaseException) -> SystemFailureError | None:
    """Return the error to raise if this one means that the process may open no more files, or has no memory."""
    if isinstance(error, OSError) and error.errno in _EXHAUSTED_ERRNOS:
        return SystemFailureError(f"no connection can be opened: {error.strerror}")
    return None
