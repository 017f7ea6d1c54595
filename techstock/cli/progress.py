"""One line on the terminal while a run takes long."""

from time import perf_counter
from typing import TextIO

_PATIENCE = 1.0  # seconds before anything is shown
_PAUSE = 0.1  # seconds between two updates
_ERASE = "\r\x1b[K"


class Progress:
    """Shows how many of what is done, from the second second on; call it after each, `close` it at the end."""

    def __init__(self, stream: TextIO, what: str = "reading notes") -> None:
        self._stream = stream
        self._what = what
        self._next = perf_counter() + _PATIENCE
        self._shown = False

    def __call__(self, done: int, total: int) -> None:
        now = perf_counter()
        if now < self._next:
            return
        self._next = now + _PAUSE
        self._shown = True
        self._stream.write(f"{_ERASE}{self._what}: {done} of {total}")
        self._stream.flush()

    def close(self) -> None:
        """Leave no trace."""
        if self._shown:
            self._stream.write(_ERASE)
            self._stream.flush()
