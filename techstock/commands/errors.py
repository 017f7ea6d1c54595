"""The error for wrong use of the command line, and files that are read because somebody named them there."""

from collections.abc import Iterator
from contextlib import contextmanager

from techstock.storage.regular_file import FileTooLargeError, NotRegularFileError


class UsageError(Exception):
    """Error for a call that cannot be carried out as written; the message is one sentence."""


@contextmanager
def convert_read_errors(subject: str, limit: int) -> Iterator[None]:
    """Raise `UsageError` for errors on reading a file of at most `limit` bytes; `subject` begins the message."""
    try:
        yield
    except NotRegularFileError:
        raise UsageError(f"{subject} is not a file") from None
    except FileTooLargeError:
        raise UsageError(f"{subject} has more than {limit:,} bytes") from None
    except OSError as error:
        raise UsageError(f"{subject} cannot be read: {error.strerror}") from None
