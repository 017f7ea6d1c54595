"""The command line. Imports nothing else: a command must answer in the time that Python needs to start."""

import os
import sys

from techstock import __version__

_MAX_SOURCE_SIZE = 1024 * 1024  # bytes


def main(argv: list[str] | None = None) -> int:
    """Run the command that `argv` names (without the program's name) and return its exit code."""
    arguments = sys.argv[1:] if argv is None else argv
    first = arguments[0] if arguments else ""
    if first in ("-V", "--version"):
        return _print_text(f"techstock {__version__}\n")
    if first in ("-h", "--help"):
        return _print_text(_format_help())
    if not arguments:
        from techstock.commands.console import write_stderr

        write_stderr(_format_help())
        return 2
    return _run_command(first, arguments[1:], last=argv is None)


def _print_text(text: str) -> int:
    """Write `text` to stdout and return the exit code; load the shared error handling only if writing fails."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except (AttributeError, OSError):  # closed, full, or its reader has gone
        from techstock.cli._runner import print_text

        return print_text(text)
    return 0


def _run_command(command: str, arguments: list[str], *, last: bool) -> int:
    """Run the command and return its exit code; `last` tells that the process ends with it."""
    import gc

    from techstock.cli._runner import run_command

    if not last:
        return run_command(command, arguments, list_commands())
    gc.disable()  # notes make no garbage that it could find, and looking for some takes a tenth of a small lint,
    code = run_command(command, arguments, list_commands())
    gc.freeze()  # most of that at the very end
    return code


def list_commands() -> tuple[str, ...]:
    """Return the names of all commands, in alphabetical order: each is a file of this folder."""
    files = sorted(os.listdir(__path__[0]))
    return tuple(file.removesuffix(".py") for file in files if file.endswith(".py") and not file.startswith("_"))


def _read_summary(command: str) -> str:
    """Return what a command does, from the first line of its file; to import every command would take long."""
    from techstock.storage.regular_file import read_regular_file  # late: only the help needs it

    source = read_regular_file(os.path.join(__path__[0], f"{command}.py"), _MAX_SOURCE_SIZE, follow_links=True)
    return source.decode("utf-8").partition("\n")[0].partition(": ")[2].rstrip('".')


def _format_help() -> str:
    return "\n".join(
        [
            "usage: techstock [--version] [--help] COMMAND ...",
            "",
            "The linter for years of study notes kept in a git repository.",
            "",
            "commands:",
            *(f"  {name:<12}{_read_summary(name)}" for name in list_commands()),
            "",
            "`techstock COMMAND --help` describes its options.",
            "",
        ]
    )
