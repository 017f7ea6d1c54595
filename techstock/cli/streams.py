"""Output to stdout and stderr, whatever they are connected to."""

import os
import sys
from collections.abc import Iterable, Iterator
from io import TextIOWrapper
from typing import TextIO

from techstock.cli.errors import UsageError
from techstock.text.escape import escape, neutralize_ci_commands


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


def write_stdout(pieces: Iterable[str], *, commands: bool = False) -> None:
    """Write to stdout, and stop quietly if its reader has gone. Raise `UsageError` if it cannot be written.

    `commands`: the text contains commands for GitHub Actions on purpose, so they are not neutralized.
    """
    out, log = require_stdout(), not commands and _is_ci_log()
    try:
        for piece in pieces:
            out.write(_neutralize_log_commands(piece) if log else piece)
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


def print_messages(messages: Iterable[str], *, quiet: bool) -> None:
    """Write lines to stderr, unless `quiet`."""
    for message in () if quiet else messages:
        print_message(message)


def write_stderr(text: str) -> None:
    """Write escaped text to stderr, if it is open."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(_neutralize_log_commands(text) if _is_ci_log() else text)
        sys.stderr.flush()
    except OSError:
        _redirect_to_devnull(sys.stderr)  # nobody listens, and nobody is left to be told


def _is_ci_log() -> bool:
    """Return whether GitHub Actions, Azure Pipelines or TeamCity reads the output and looks for commands."""
    return os.environ.get("GITHUB_ACTIONS") == "true" or any(map(os.environ.get, ("TF_BUILD", "TEAMCITY_VERSION")))


def _neutralize_log_commands(text: str) -> str:
    """Neutralize commands: `::name` at the start of a line, `##[name]` and `##vso[name]` anywhere in it."""
    if "::" in text:
        import re  # late: rarely needed

        text = re.sub(r"(?m)^(\s*:):(?!: )", "\\1\u200b:", text)
    return neutralize_ci_commands(text, "\u200b[")


def _redirect_to_devnull(stream: TextIO) -> None:
    """Redirect the stream to the null device: Python flushes it once more at exit, and would fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
