"""`techstock terms`: an index of the terms in the notes."""

from techstock.cli.arguments import CommandParser


def run(arguments: list[str]) -> int:
    """Run `techstock terms` with these arguments and return its exit code."""
    options = make_parser().parse_arguments(arguments, "paths")
    from techstock.commands.terms import run_terms  # a wrong option is answered before anything is loaded

    return run_terms(options)


def make_parser() -> CommandParser:
    """Return the parser for the options of `techstock terms`."""
    from techstock.cli.arguments import add_common_options

    parser = CommandParser(
        prog="techstock terms",
        description="List every term with its definitions and places. With PATH: the terms in these notes, and where "
        "else they stand.",
        epilog="Exit codes: 0 listed, 2 wrong use or configuration.",
        usage="techstock terms [OPTION ...] [PATH ...]",
    )
    parser.add_argument("paths", nargs="*", metavar="PATH", help="whose terms are listed (default: all notes)")
    parser.add_argument("--format", default="table", metavar="NAME", help="table (default), json, csv or md")
    parser.add_argument(
        "--undefined", action="store_true", help="only what is used in three or more notes, and defined in none"
    )
    parser.add_argument(
        "--labels", action="store_true", help="also words that stand under every subject, such as `note`"
    )
    add_common_options(parser)
    return parser
