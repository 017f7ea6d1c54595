"""The argument parser, with error messages in techstock's own words, and options that several commands have."""

from argparse import ArgumentParser, HelpFormatter, Namespace, _ArgumentGroup
from typing import Any, NoReturn

from techstock.commands.console import write_stdout
from techstock.commands.errors import UsageError


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
            from techstock.text.did_you_mean import suggest_name

            option = unknown[0].partition("=")[0]
            raise UsageError(f"there is no option `{option}`{suggest_name(option, self._option_string_actions)}")
        getattr(found, rest).extend(arguments[end + 1 :])
        return found


_MAX_JOBS = 64


def add_project_options(group: _ArgumentGroup) -> None:
    """Add the options that choose the project and its configuration."""
    group.add_argument(
        "--config",
        action="append",
        default=[],
        metavar="FILE|KEY=VALUE",
        help="a file to read in place of the project's, or a TOML assignment; may be repeated, the last wins",
    )
    group.add_argument("--isolated", action="store_true", help="read no configuration file")
    group.add_argument("--root", metavar="DIR", help="the root of the project (default: found from PATH upward)")
    group.add_argument(
        "--duplicate-scope", metavar="SCOPE", help="compare entries within a `file`, `directory` or the `corpus`"
    )


def add_web_options(group: _ArgumentGroup) -> None:
    """Add the options for web requests. They can only be typed: notes and configuration may come from anybody."""
    group.add_argument("--budget", metavar="SECONDS", help="stop asking after so long; 0: never (default: 900)")
    group.add_argument(
        "--github-token-env",
        metavar="NAME",
        help="the variable with a token that may read uploads to private repositories; it is sent to github.com alone",
    )
    group.add_argument(
        "--assume-public", action="store_true", help="readers are strangers: an upload that is private is broken"
    )


def add_tracked_option(group: _ArgumentGroup) -> None:
    """Add the option `--tracked`, which limits the notes to those in git's index."""
    group.add_argument("--tracked", action="store_true", help="only notes in git's index, as a checkout has them")


def _parse_jobs(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:4]) <= _MAX_JOBS:
        raise UsageError(f"--jobs takes a number from 1 to {_MAX_JOBS}, not `{text}`")
    return int(text)


def add_performance_options(group: _ArgumentGroup) -> None:
    """Add the options for processes and the cache, which change the speed but not the result."""
    group.add_argument(
        "--jobs", type=_parse_jobs, default=0, metavar="N", help="processes that parse (default: by processors)"
    )
    group.add_argument("--no-cache", action="store_true", help="keep nothing of earlier runs, nor for later ones")
    group.add_argument("--cache-dir", metavar="DIR", help="where to keep it (default: `.techstock_cache` at the root)")


def add_common_options(parser: CommandParser) -> None:
    """Add the options that all commands which read the whole corpus share."""
    add_project_options(parser.add_argument_group("configuration"))
    add_tracked_option(parser.add_argument_group("input"))
    add_verbosity_options(parser)
    add_performance_options(parser.add_argument_group("work"))
    parser.set_defaults(stdin_filename=None)


def add_verbosity_options(parser: CommandParser) -> None:
    """Add the options for quiet and verbose output."""
    parser.add_argument("-q", "--quiet", action="store_true", help="no notices on stderr")
    parser.add_argument("-v", "--verbose", action="store_true", help="should techstock fail, tell where")
