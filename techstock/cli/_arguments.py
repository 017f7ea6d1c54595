"""The argument parser, with error messages in techstock's own words, and options that several commands have."""

from argparse import ArgumentParser, HelpFormatter, Namespace, _ActionsContainer, _ArgumentGroup
from collections.abc import Collection, Sequence
from typing import Any, NoReturn, TypeVar

import msgspec

from techstock.commands.console import write_stdout
from techstock.commands.errors import UsageError
from techstock.commands.options import LoadingOptions, ProjectOptions, SessionOptions

_Options = TypeVar("_Options", bound=SessionOptions)


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
            from techstock.text.phrases import suggest_name

            option = unknown[0].partition("=")[0]
            raise UsageError(f"there is no option `{option}`{suggest_name(option, self._option_string_actions)}")
        getattr(found, rest).extend(arguments[end + 1 :])
        return found


_MAX_JOBS = 64
_SETTING_OPTIONS = ("select", "ignore", "preset", "fail-on", "duplicate-scope")  # not every command has all


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
    group.add_argument(
        "--budget", type=_parse_budget, metavar="SECONDS", help="stop asking after so long; 0: never (default: 900)"
    )
    group.add_argument(
        "--github-token-env",
        metavar="NAME",
        help="the variable with a token that may read uploads to private repositories; it is sent to github.com alone",
    )
    group.add_argument(
        "--assume-public", action="store_true", help="report a private upload as broken: readers cannot see it"
    )


def _parse_budget(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1
    if not 0 <= seconds <= 1_000_000:  # "nan" is not
        raise UsageError(f"--budget: `{text}` is not a number of seconds")
    return seconds


def parse_maximum(text: str) -> int:
    """Parse the number of `--max`. Raise `UsageError`."""
    if not text.isascii() or not text.isdigit() or not int(text[:9]) >= 1:
        raise UsageError(f"--max takes a number from 1, not `{text}`")
    return int(text[:9])


def require_format(option: str, name: str, known: Collection[str]) -> None:
    """Raise `UsageError` for the name of a format that is not `known`."""
    if name not in known:
        from techstock.text.phrases import suggest_name

        raise UsageError(f"{option}: there is no format `{name}`{suggest_name(name, known)}")


def add_tracked_option(group: _ArgumentGroup) -> None:
    """Add the option `--tracked`, which limits the notes to those in git's index."""
    group.add_argument("--tracked", action="store_true", help="only notes in git's index")


def add_baseline_option(group: _ActionsContainer, law: str) -> None:
    """Add the option `--baseline`, which `law` describes."""
    group.add_argument("--baseline", type=_parse_baseline_name, metavar="FILE", help=law)


def _parse_baseline_name(text: str) -> str:
    if not text:
        raise UsageError("--baseline names no file")
    return text


def _parse_jobs(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:4]) <= _MAX_JOBS:
        raise UsageError(f"--jobs takes a number from 1 to {_MAX_JOBS}, not `{text}`")
    return int(text)


def add_performance_options(group: _ArgumentGroup) -> None:
    """Add the options for processes and the cache, which change the speed but not the result."""
    group.add_argument(
        "--jobs",
        type=_parse_jobs,
        default=0,
        metavar="N",
        help="number of processes that parse (default: by processors)",
    )
    group.add_argument("--no-cache", dest="cache", action="store_false", help="neither read nor write the cache")
    group.add_argument(
        "--cache-dir", metavar="DIR", help="the cache directory (default: `.techstock_cache` at the root)"
    )


def add_common_options(parser: CommandParser) -> None:
    """Add the options that all commands which read the whole corpus share."""
    add_project_options(parser.add_argument_group("configuration"))
    add_tracked_option(parser.add_argument_group("input"))
    add_verbosity_options(parser)
    add_performance_options(parser.add_argument_group("work"))


def add_verbosity_options(parser: CommandParser) -> None:
    """Add the options for quiet and verbose output."""
    parser.add_argument("-q", "--quiet", action="store_true", help="no notices on stderr")
    parser.add_argument("-v", "--verbose", action="store_true", help="if techstock fails, say where")


def make_session_options(kind: type[_Options], found: Namespace, **given: object) -> _Options:
    """Return the options of a command, each field from the option of that name, or else `given`.

    Raise `UsageError` for paths that say nothing, or too much.
    """
    values = vars(found) | given
    paths, filename = values["paths"], values.get("stdin_filename")
    if "" in paths:  # an unset variable of a script, which must not mean the whole project
        raise UsageError("a PATH is empty")
    settings = {key: values.get(key.replace("-", "_")) for key in _SETTING_OPTIONS}
    values["settings"] = {key: value for key, value in settings.items() if value is not None}
    if "-" in paths or filename is not None:
        values["stdin"] = _require_stdin_filename(paths, filename)
    values["project"] = msgspec.convert(values, ProjectOptions)
    values["loading"] = msgspec.convert(values, LoadingOptions)
    return msgspec.convert(values, kind)


def _require_stdin_filename(paths: Sequence[str], filename: str | None) -> str:
    if "-" not in paths:
        raise UsageError("--stdin-filename needs `-` as the only PATH")
    if len(paths) > 1:
        raise UsageError("`-` must be the only PATH")
    if not filename:
        raise UsageError("`-` needs --stdin-filename, the path of the note whose text comes from stdin")
    return filename


def is_fingerprint(text: str) -> bool:
    """Return whether a text has the form of a fingerprint."""
    return len(text) == 20 and set(text) <= set("0123456789abcdef")


def parse_location(spots: list[str], command: str) -> tuple[str, int]:
    """Parse PATH:LINE and return the path and the line (from 1). Raise `UsageError`."""
    import re

    if len(spots) != 1:
        raise UsageError(f"`techstock {command}` takes one entry, as PATH:LINE")
    # with a column, as `lint` prints it; the line is enough
    match = re.fullmatch(r"(.+?):([0-9]{1,9})(?::[0-9]+)?", spots[0], re.DOTALL)
    if not match:
        raise UsageError(f"`{spots[0]}` names no line; write PATH:LINE, as in `notes/01-10.md:16`")
    return match[1], int(match[2])
