"""The command line. Imports nothing else: a command must answer in the time that Python needs to start."""

import sys

from techstock import __version__

COMMANDS = {
    "init": "learn what notes keep to, and set techstock up for them",
    "lint": "check notes and report their problems",
    "images": "check images, those on the web too, and fetch them",
    "baseline": "write down known problems, so that new ones are reported",
    "terms": "list every term with its definitions and places",
    "explain": "show how duplicates of one entry are judged",
    "merge": "show the copies of one entry, and make one of them",
    "cache": "show what is kept between runs, or delete it",
    "rules": "list the rules, or show the page of one",
}


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
        from techstock.cli.runner import print_text

        return print_text(text)
    return 0


def _run_command(command: str, arguments: list[str], *, last: bool) -> int:
    """Run the command and return its exit code; `last` tells that the process ends with it."""
    import gc

    from techstock.cli.runner import run_command

    if not last:
        return run_command(command, arguments, COMMANDS)
    gc.disable()  # notes make no garbage that it could find, and looking for some takes a tenth of a small lint,
    code = run_command(command, arguments, COMMANDS)
    gc.freeze()  # most of that at the very end
    return code


def _format_help() -> str:
    lines = [f"  {name:<10}{law}" for name, law in COMMANDS.items()]
    return "\n".join(
        [
            "usage: techstock [--version] [--help] COMMAND ...",
            "",
            "The linter for years of study notes kept in a git repository.",
            "",
            "commands:",
            *lines,
            "",
            "`techstock COMMAND --help` tells what a command takes.",
            "",
        ]
    )
