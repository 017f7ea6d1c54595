"""A progress line on the terminal for runs that take long."""

from time import perf_counter
from typing import TextIO

_DELAY = 1.0  # seconds before anything is shown
_UPDATE_INTERVAL = 0.1  # seconds between two updates
_ERASE = "\r\x1b[K"


class ProgressLine:
    """Progress line that appears after one second: call it after each step, and `close` it at the end."""

    def __init__(self, stream: TextIO, what: str = "reading notes") -> None:
        self._stream = stream
        self._what = what
        self._next = perf_counter() + _DELAY
        self._shown = False

    def __call__(self, done: int, total: int) -> None:
        now = perf_counter()
        if now < self._next:
            return
        self._next = now + _UPDATE_INTERVAL
        self._shown = True
        self._stream.write(f"{_ERASE}{self._what}: {done} of {total}")
        self._stream.flush()

    def close(self) -> None:
        """Erase the line."""
        if self._shown:
            self._stream.write(_ERASE)
            self._stream.flush()
