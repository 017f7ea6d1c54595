"""`techstock init`: learn the conventions of the notes, and set techstock up for them."""

from techstock.cli._arguments import CommandParser, make_session_options
from techstock.commands.errors import UsageError


def run(arguments: list[str]) -> int:
    """Run `techstock init` with these arguments and return its exit code."""
    found = make_parser().parse_arguments(arguments, "paths")
    if found.fix and not found.yes:
        raise UsageError("--fix needs --yes: without it, `techstock init` asks")
    from techstock.commands.init import InitOptions, run_init  # late: a wrong option needs none of it

    # what is only shown leaves nothing behind
    return run_init(make_session_options(InitOptions, found, cache=found.yes and found.cache))


def make_parser() -> CommandParser:
    """Return the parser for the options of `techstock init`."""
    from techstock.cli._arguments import add_performance_options, add_verbosity_options

    parser = CommandParser(
        prog="techstock init",
        description="Read all notes, show what they have in common, and set techstock up for them: a baseline of "
        "today's problems, a configuration, hooks for pre-commit and a workflow for GitHub. On a terminal, each part "
        "is shown and asked for. No file that exists is changed, except pyproject.toml, which gets a section at its "
        "end.",
        epilog="Exit codes: 0 shown or written, 2 wrong use or configuration, or not written.",
        usage="techstock init [OPTION ...]",
    )
    parser.add_argument("--yes", action="store_true", help="write all parts without asking")
    parser.add_argument("--fix", action="store_true", help="with --yes: fix what is safe to fix first")
    for part, what in (
        ("baseline", "no baseline: go on reporting today's problems"),
        ("hook", "no hooks for pre-commit"),
        ("workflow", "no workflow for GitHub"),
    ):
        parser.add_argument(f"--no-{part}", dest=part, action="store_false", help=what)
    parser.add_argument("--root", metavar="DIR", help="the root of the project (default: found from here upward)")
    add_verbosity_options(parser)
    add_performance_options(parser.add_argument_group("work"))
    parser.set_defaults(paths=[])
    return parser
