"""Output to stdout and stderr, whatever they are connected to: escaping, colour and progress."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from io import TextIOWrapper
from time import perf_counter
from typing import TextIO

from techstock.commands.errors import UsageError
from techstock.text.escape import disarm_log_commands, escape


def configure_streams() -> None:
    """Configure stdout and stderr: UTF-8 into files and pipes, backslashes for what cannot be encoded."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            chosen = stream.isatty() or os.environ.get("PYTHONIOENCODING")
            stream.reconfigure(encoding=None if chosen else "utf-8", errors="backslashreplace", newline="\n")


def require_stdout() -> TextIO:
    """Return the current stdout. Raise `UsageError` if it is closed."""
    if sys.stdout is None:
        raise UsageError("stdout is closed")
    return sys.stdout


def write_stdout(pieces: Iterable[str]) -> None:
    """Write text for people to stdout, without commands for a build server that may read it.

    Each piece must end with a line. Stop quietly if the reader has gone. Raise `UsageError` if stdout cannot be
    written.
    """
    out = require_stdout()
    _write_pieces(out, map(disarm_log_commands, pieces), out.write)


def write_data(pieces: Iterable[str]) -> None:
    """Write data for programs to stdout: UTF-8, exact to the byte, unless stdout is a terminal. Else as above."""
    out = require_stdout()
    if isinstance(out, TextIOWrapper) and not out.isatty():
        raw = out.buffer
        _write_pieces(out, pieces, lambda piece: raw.write(piece.encode("utf-8", "backslashreplace")))
    else:
        _write_pieces(out, pieces, out.write)


def write_output(pieces: Iterable[str], *, exact: bool) -> None:
    """Write the output of a format, for people, or exact to the byte for programs."""
    if exact:
        write_data(pieces)
    else:
        write_stdout(pieces)


def write_patch(rows: Iterable[str]) -> None:
    """Write the lines of a patch to stdout: as they are, unless a terminal would obey them."""
    if require_stdout().isatty():
        write_stdout(f"{_escape_but_tabs(row.rstrip(chr(13) + chr(10)))}\n" for row in rows)
    else:
        write_data(rows)


def _escape_but_tabs(line: str) -> str:
    """Return a line escaped with its tabs, which a patch has and no terminal obeys."""
    return "\t".join(map(escape, line.split("\t")))


def _write_pieces(out: TextIO, pieces: Iterable[str], write: Callable[[str], object]) -> None:
    try:
        out.flush()
        for piece in pieces:
            write(piece)
        out.flush()
    except OSError as error:
        _redirect_to_devnull(out)
        if isinstance(error, BrokenPipeError):
            return
        raise UsageError(f"stdout cannot be written: {error.strerror}") from None


def escape_lines(lines: Iterable[str]) -> Iterator[str]:
    """Return the lines escaped, each with a line end."""
    return (f"{escape(line)}\n" for line in lines)


def print_message(message: str) -> None:
    """Write one line to stderr, with text from paths and notes escaped."""
    write_stderr(f"{escape(message)}\n")


def print_traceback(error: BaseException) -> None:
    """Write the traceback of an exception to stderr."""
    import traceback

    for line in "".join(traceback.format_exception(error)).rstrip("\n").split("\n"):
        print_message(line)


def print_messages(messages: Iterable[str], *, quiet: bool) -> None:
    """Write lines to stderr, unless `quiet`."""
    for message in () if quiet else messages:
        print_message(message)


def write_stderr(text: str) -> None:
    """Write escaped text to stderr, if it is open, without commands for a build server that may read it."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(disarm_log_commands(text))
        sys.stderr.flush()
    except OSError:
        _redirect_to_devnull(sys.stderr)  # nobody listens, and nobody is left to be told


def _redirect_to_devnull(stream: TextIO) -> None:
    """Redirect the stream to the null device: Python flushes it once more at exit, and would fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def is_color_enabled(choice: str, stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Return whether to colour the output.

    `always` and `never` decide; otherwise `NO_COLOR`, then `FORCE_COLOR`, then whether `stream` is a terminal.
    """
    if choice != "auto":
        return choice == "always"
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return True
    return is_terminal(stream, environment)


def is_terminal(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Return whether `stream` is a terminal that understands escape sequences."""
    return stream.isatty() and environment.get("TERM") != "dumb"


def get_terminal_width(stream: TextIO) -> int:
    """Return the width of the terminal in columns, 0 if `stream` is no terminal."""
    try:
        return os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError):  # no terminal, or no file at all
        return 0


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


_MAX_LENGTH = 4_000_000  # characters of output that are recorded


class OutputRecord:
    """Records what a run prints, while it is printed: `notices` and `summary` on stderr, between them stdout."""

    def __init__(self, notices: Iterable[str]) -> None:
        self.notices = list(notices)
        self.summary: list[str] = []
        self.exact = False
        self.pieces: list[str] | None = None
        self._left = _MAX_LENGTH

    def copy_pieces(self, pieces: Iterable[str], *, exact: bool = False) -> Iterator[str]:
        """Yield the pieces of text, and record them; nothing is recorded if they are too long, or nobody reads all."""
        self.exact = exact
        copied: list[str] = []
        for piece in pieces:
            self._left -= len(piece)
            if self._left >= 0:
                copied.append(piece)
            yield piece
        self.pieces = copied if self._left >= 0 else None


class PhaseTimer:
    """Timer for the phases of a run: call `record_phase` at the end of each; `laps` holds names and seconds."""

    def __init__(self) -> None:
        self._since = perf_counter()
        self.laps: list[tuple[str, float]] = []

    def record_phase(self, phase: str) -> None:
        now = perf_counter()
        self.laps.append((phase, now - self._since))
        self._since = now

    def __str__(self) -> str:
        return ", ".join(f"{phase} {1000 * seconds:.0f} ms" for phase, seconds in self.laps)
