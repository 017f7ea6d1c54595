"""`techstock baseline`: record known problems, so that only new ones are reported."""

from techstock.cli._arguments import CommandParser, make_session_options
from techstock.commands.errors import UsageError


def run(arguments: list[str]) -> int:
    """Run `techstock baseline` with these arguments and return its exit code."""
    found = make_parser().parse_arguments(arguments, "paths")
    if "-" in found.paths:
        raise UsageError("a baseline is made of files: stdin has no place in it")
    from techstock.commands.baseline import BaselineOptions, run_baseline  # late: a wrong option needs none of it

    return run_baseline(make_session_options(BaselineOptions, found))


def make_parser() -> CommandParser:
    """Return the parser for the options of `techstock baseline`."""
    from techstock.cli._arguments import add_baseline_option, add_common_options

    parser = CommandParser(
        prog="techstock baseline",
        description="Write the problems that `techstock lint` reports into a file. Where the configuration or "
        "--baseline names this file, `lint` reports new ones only. With PATH: those of these notes.",
        epilog="Exit codes: 0 written, 2 wrong use or configuration.",
        usage="techstock baseline [OPTION ...] [PATH ...]",
    )
    parser.add_argument("paths", nargs="*", metavar="PATH", help="whose problems are known (default: all notes)")
    parser.add_argument("--prune", action="store_true", help="only remove entries that are fixed; add nothing")
    add_baseline_option(parser, "the file to write, in place of the configured one")
    add_common_options(parser)
    return parser
