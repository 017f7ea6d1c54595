"""`techstock explain`: show how duplicates of one entry are judged."""

from techstock.cli._arguments import CommandParser, make_session_options, parse_location


def run(arguments: list[str]) -> int:
    """Run `techstock explain` with these arguments and return its exit code."""
    found = make_parser().parse_arguments(arguments, "paths")
    path, line = parse_location(found.paths, "explain")
    from techstock.commands.explain import ExplainOptions, run_explain  # late: a wrong option needs none of it

    return run_explain(make_session_options(ExplainOptions, found, paths=[path], line=line))


def make_parser() -> CommandParser:
    """Return the parser for the options of `techstock explain`."""
    from techstock.cli._arguments import add_common_options

    parser = CommandParser(
        prog="techstock explain",
        description="Show how duplicates of an entry are judged: what of it is compared, which entries come nearest, "
        "which rule reports each of them, or what speaks against it.",
        epilog="Exit codes: 0 shown, 2 wrong use or configuration, or no entry on that line.",
        usage="techstock explain [OPTION ...] PATH:LINE",
    )
    parser.add_argument("paths", nargs="*", metavar="PATH:LINE", help="the entry on this line, as `lint` names it")
    add_common_options(parser)
    return parser
