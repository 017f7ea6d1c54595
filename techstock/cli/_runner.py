"""Command dispatch: turns every exception of a command into an exit code and a message on stderr."""

import sys
from collections.abc import Callable, Collection
from errno import EDQUOT, EIO, EMFILE, ENFILE, ENOBUFS, ENOMEM, ENOSPC, EROFS

from techstock.commands.console import configure_streams, print_message, print_traceback, write_stdout

_SYSTEM_ERRNOS = frozenset({EDQUOT, EIO, EMFILE, ENFILE, ENOBUFS, ENOMEM, ENOSPC, EROFS})


def run_command(command: str, arguments: list[str], commands: Collection[str]) -> int:
    """Run one of `commands` and return its exit code: 2 for any error, 130 if the user interrupted it."""
    configure_streams()
    _load_msgspec()
    verbose = bool({"-v", "--verbose"} & set(arguments))
    return _run_guarded(lambda: _dispatch_command(command, arguments, commands), verbose=verbose)


def print_text(text: str) -> int:
    """Write `text` to stdout and return the exit code: 2 if stdout cannot be written."""
    return _run_guarded(lambda: write_stdout([text]))


def _load_msgspec() -> None:
    """Import msgspec without its optional `typing_extensions`, which would add 10 ms to each start."""
    name = "typing_extensions"
    if name in sys.modules:
        return
    sys.modules[name] = None  # type: ignore[assignment]  # an import of it fails, which msgspec expects
    try:
        import msgspec  # noqa: F401
    finally:
        del sys.modules[name]


def _run_guarded(action: Callable[[], int | None], *, verbose: bool = False) -> int:
    try:
        return action() or 0
    except KeyboardInterrupt:
        return 130
    except SystemExit as end:  # argparse has printed the help
        return end.code if isinstance(end.code, int) else 2
    except Exception as error:  # noqa: BLE001 (Python would exit with 1, which means problems in notes)
        return _report_error(error, verbose=verbose)


def _dispatch_command(command: str, arguments: list[str], commands: Collection[str]) -> int:
    from importlib import import_module

    from techstock.commands.errors import UsageError

    if command not in commands:
        from techstock.text.phrases import suggest_name

        what = "option" if command.startswith("-") else "command"
        raise UsageError(f"there is no {what} `{command}`{suggest_name(command, commands)}; see `techstock --help`")
    if wrong := next((argument for argument in arguments if "\0" in argument), None):
        raise UsageError(f"`{wrong}` contains a NUL character")
    code: int = import_module(f"techstock.cli.{command}").run(arguments)
    return code


def _report_error(error: Exception, *, verbose: bool) -> int:
    from techstock.commands.errors import UsageError
    from techstock.config import ConfigError
    from techstock.engine import CorpusTimeoutError, NoteChangedError, RuleError, WorkerError
    from techstock.project import ProjectError

    expected = UsageError | ConfigError | ProjectError | NoteChangedError | CorpusTimeoutError | WorkerError
    if isinstance(error, expected):
        nothing = "; nothing is reported" if isinstance(error, CorpusTimeoutError) else ""
        print_message(f"error: {error}{nothing}")
        return 2
    if verbose:
        print_traceback(error)
    if isinstance(error, OSError) and error.filename is not None:  # the world is to blame: a name too long, no access
        from os import fsdecode

        print_message(f"error: `{fsdecode(error.filename)}`: {error.strerror}")
        return 2
    if isinstance(error, OSError) and error.errno in _SYSTEM_ERRNOS:
        print_message(f"error: the system refuses: {error.strerror}")
        return 2
    sentence = str(error) if isinstance(error, RuleError) else f"{type(error).__name__}: {error}"
    hint = "" if verbose else "; `-v` shows where"
    print_message(f"error: techstock has a defect: {sentence}{hint}")
    return 2
