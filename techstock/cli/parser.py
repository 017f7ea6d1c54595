"""The argument parser, with error messages in techstock's own words."""

from argparse import ArgumentParser, HelpFormatter, Namespace
from typing import Any, NoReturn

from techstock.cli.errors import UsageError
from techstock.cli.streams import write_stdout


def _make_help_formatter(prog: str) -> HelpFormatter:
    """Return a help formatter of fixed width: to learn the terminal's, argparse would import a compressor."""
    return HelpFormatter(prog, width=79)


class CommandParser(ArgumentParser):
    """An argparse parser that raises `UsageError`, and suggests the nearest option for an unknown one."""

    def __init__(self, **described: str) -> None:
        super().__init__(allow_abbrev=False, formatter_class=_make_help_formatter, **described)  # type: ignore[arg-type]

    def error(self, message: str) -> NoReturn:
        raise UsageError(message)

    def print_help(self, file: Any = None) -> None:  # noqa: ARG002 (argparse asks for it)
        write_stdout([self.format_help()])

    def parse_arguments(self, arguments: list[str], rest: str) -> Namespace:
        """Parse options and paths in any order; append the arguments after `--` to the list named `rest`."""
        end = arguments.index("--") if "--" in arguments else len(arguments)
        found, unknown = self.parse_known_intermixed_args(arguments[:end])
        if unknown:
            from techstock.config.error import suggest_name

            option = unknown[0].partition("=")[0]
            raise UsageError(f"there is no option `{option}`{suggest_name(option, self._option_string_actions)}")
        getattr(found, rest).extend(arguments[end + 1 :])
        return found
