"""`techstock merge`: show the copies of one entry, and merge them into one."""

from techstock.cli.arguments import CommandParser


def run(arguments: list[str]) -> int:
    """Run `techstock merge` with these arguments and return its exit code."""
    options = make_parser().parse_arguments(arguments, "paths")
    from techstock.commands.merge import run_merge  # a wrong option is answered before anything is loaded

    return run_merge(options)


def make_parser() -> CommandParser:
    """Return the parser for the options of `techstock merge`."""
    from techstock.cli.arguments import add_common_options

    parser = CommandParser(
        prog="techstock merge",
        description="Show all copies of what the entry on a line says, and what they would be merged to: one that says "
        "what all of them say, and links to it in the place of the others. Nothing is written without --apply.",
        epilog="Exit codes: 0 shown, written, or nothing to merge; 2 wrong use or configuration, no entry on that "
        "line, or copies that cannot be merged.",
        usage="techstock merge [OPTION ...] PATH:LINE",
    )
    parser.add_argument("paths", nargs="*", metavar="PATH:LINE", help="one of the copies, as `lint` names it")
    parser.add_argument("--keep", metavar="N", help="the copy that stays, by its number (default: as `lint` proposes)")
    parser.add_argument("--apply", action="store_true", help="write it")
    add_common_options(parser)
    return parser
