"""A limit on the time that one note may take."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn


class TakesTooLongError(BaseException):
    """The time is up. Not an `Exception`: a rule that is interrupted has not failed."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raise `TakesTooLongError` inside once it has taken so many seconds of this process's own time.

    Other processes that are at work do not count. Where the system has no such timers (Windows), or outside the main
    thread, there is no limit.
    """
    if not hasattr(signal, "setitimer"):
        yield
        return
    try:
        before = signal.signal(signal.SIGVTALRM, _over)
    except ValueError:  # not the main thread
        yield
        return
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, seconds, 1)  # again each second: some places swallow what is raised
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    finally:
        signal.signal(signal.SIGVTALRM, before)


def _over(number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001 (as Python calls it)
    raise TakesTooLongError
