"""Command dispatch: turns every exception of a command into an exit code and a message on stderr."""

import os
import sys
from collections.abc import Callable, Collection
from errno import EDQUOT, EIO, EMFILE, ENFILE, ENOBUFS, ENOMEM, ENOSPC, EROFS
from importlib import import_module
from types import ModuleType
from typing import Any

from techstock.commands.console import configure_streams, print_message, print_traceback, write_stdout

_SYSTEM_ERRNOS = frozenset({EDQUOT, EIO, EMFILE, ENFILE, ENOBUFS, ENOMEM, ENOSPC, EROFS})


def run_command(command: str, arguments: list[str], commands: Collection[str]) -> int:
    """Run one of `commands` and return its exit code: 2 for any error, 130 if the user interrupted it."""
    configure_streams()
    _load_dependencies()
    verbose = bool({"-v", "--verbose"} & set(arguments))
    return _run_guarded(lambda: _dispatch_command(command, arguments, commands), verbose=verbose)


def print_text(text: str) -> int:
    """Write `text` to stdout and return the exit code: 2 if stdout cannot be written."""
    return _run_guarded(lambda: write_stdout([text]))


class _DeferredModule(ModuleType):
    """A module in whose place others import this one, and that is loaded when one of its functions is called."""

    def __getattr__(self, name: str) -> Any:
        if sys.modules.get(self.__name__) is not self:
            return getattr(import_module(self.__name__), name)

        def call_deferred(*given: Any, **named: Any) -> Any:
            return getattr(import_module(self.__name__), name)(*given, **named)

        return call_deferred


def _load_dependencies() -> None:
    """Import msgspec and pathlib without what they import and most runs never call: a tenth of a small run.

    msgspec does without the optional `typing_extensions`.
    """
    deferred = ("msgspec._json_schema", "msgspec.inspect", "textwrap", "urllib.parse")
    placed: dict[str, ModuleType | None] = {name: _DeferredModule(name) for name in deferred if name not in sys.modules}
    if "typing_extensions" not in sys.modules:
        placed["typing_extensions"] = None  # an import of it fails
    sys.modules.update(placed)  # type: ignore[arg-type]
    try:
        for name in ("msgspec", "pathlib"):
            import_module(name)
    finally:
        for name in placed:
            sys.modules.pop(name, None)


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
        print_message(f"error: `{os.fsdecode(error.filename)}`: {error.strerror}")
        return 2
    if isinstance(error, OSError) and error.errno in _SYSTEM_ERRNOS:
        print_message(f"error: the system refuses: {error.strerror}")
        return 2
    sentence = str(error) if isinstance(error, RuleError) else f"{type(error).__name__}: {error}"
    hint = "" if verbose else "; `-v` shows where"
    print_message(f"error: techstock has a defect: {sentence}{hint}")
    return 2
