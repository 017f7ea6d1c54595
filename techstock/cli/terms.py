"""`techstock terms`: list every term with its definitions and places."""

from techstock.cli._arguments import CommandParser, make_session_options, require_format
from techstock.commands.errors import UsageError


def run(arguments: list[str]) -> int:
    """Run `techstock terms` with these arguments and return its exit code."""
    found = make_parser().parse_arguments(arguments, "paths")
    if "-" in found.paths:
        raise UsageError("an index is made of files: stdin has no place in it")
    from techstock.commands.terms import TermsOptions, run_terms  # late: a wrong option needs none of it

    return run_terms(make_session_options(TermsOptions, found))


def _parse_term_format(text: str) -> str:
    from techstock.formats.terms import list_term_formats

    require_format("--format", text, list_term_formats())
    return text


def make_parser() -> CommandParser:
    """Return the parser for the options of `techstock terms`."""
    from techstock.cli._arguments import add_common_options, parse_maximum

    parser = CommandParser(
        prog="techstock terms",
        description="List every term with its definitions and places. With PATH: the terms in these notes, and all "
        "places where they are defined.",
        epilog="Exit codes: 0 listed, 2 wrong use or configuration.",
        usage="techstock terms [OPTION ...] [PATH ...]",
    )
    parser.add_argument("paths", nargs="*", metavar="PATH", help="whose terms are listed (default: all notes)")
    parser.add_argument(
        "--format", type=_parse_term_format, default="table", metavar="NAME", help="table (default), json, csv or md"
    )
    parser.add_argument(
        "--undefined",
        action="store_true",
        help="only names used in three or more notes and defined in none, most used first",
    )
    parser.add_argument("--labels", action="store_true", help="also words that many subjects have, such as `note`")
    parser.add_argument(
        "--grep", default="", metavar="TEXT", help="only terms with this text in their name or definition"
    )
    parser.add_argument("--max", dest="most", type=parse_maximum, default=0, metavar="N", help="list at most N terms")
    parser.add_argument("--all", action="store_true", help="on a terminal: list all, even if there are many")
    add_common_options(parser)
    return parser
