"""`techstock init`: learn what notes keep to, and set techstock up for them."""

from techstock.cli._arguments import CommandParser, make_session_options


def run(arguments: list[str]) -> int:
    """Run `techstock init` with these arguments and return its exit code."""
    found = make_parser().parse_arguments(arguments, "paths")
    from techstock.commands.init import InitOptions, run_init  # late: a wrong option needs none of it

    # what is only shown leaves nothing behind
    return run_init(make_session_options(InitOptions, found, cache=found.yes and found.cache))


def make_parser() -> CommandParser:
    """Return the parser for the options of `techstock init`."""
    from techstock.cli._arguments import add_performance_options, add_verbosity_options

    parser = CommandParser(
        prog="techstock init",
        description="Read all notes, tell what they keep to, and set techstock up for them: a configuration with the "
        "conventions that at least 95 % follow, a baseline of the problems that there are, a hook for pre-commit and a "
        "workflow for GitHub. All of it is shown before anything is written; no file that exists is changed, but "
        "for a section that pyproject.toml gets at its end.",
        epilog="Exit codes: 0 shown or written, 2 wrong use or configuration, or not written.",
        usage="techstock init [OPTION ...]",
    )
    parser.add_argument("--yes", action="store_true", help="write without asking; else nothing is without a terminal")
    parser.add_argument("--root", metavar="DIR", help="the root of the project (default: found from here upward)")
    add_verbosity_options(parser)
    add_performance_options(parser.add_argument_group("work"))
    parser.set_defaults(paths=[])
    return parser
