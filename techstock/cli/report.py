"""`techstock report`: write a web page of duplicates, images, terms and problems."""

from techstock.cli._arguments import CommandParser, make_session_options
from techstock.commands.errors import UsageError

SECTIONS = ("duplicates", "images", "glossary", "problems")


def run(arguments: list[str]) -> int:
    """Run `techstock report` with these arguments and return its exit code."""
    found = make_parser().parse_arguments(arguments, "paths")
    if "-" in found.paths:
        raise UsageError("a report is made of files: stdin has no place in it")
    if found.history is not None and found.only and "problems" not in found.only:
        raise UsageError("--history counts problems, and --only leaves them out")
    from techstock.commands.report import ReportOptions, run_report  # late: a wrong option needs none of it

    return run_report(make_session_options(ReportOptions, found, only=tuple(dict.fromkeys(found.only)) or SECTIONS))


def _parse_section(text: str) -> str:
    if text not in SECTIONS:
        from techstock.text.phrases import suggest_name

        raise UsageError(f"--only: there is no section `{text}`{suggest_name(text, SECTIONS)}")
    return text


def _parse_file(text: str) -> str:
    if not text:
        raise UsageError("--output and --history take the name of a file")
    return text


def make_parser() -> CommandParser:
    """Return the parser for the options of `techstock report`."""
    from techstock.cli._arguments import add_common_options

    parser = CommandParser(
        prog="techstock report",
        description="Write one HTML file to look at: duplicates with what a merge would give, images by state, a "
        "glossary, and problems. It makes no request, and needs no server.",
        epilog="Exit codes: 0 written, 2 wrong use or configuration, or a rule that could not finish.",
        usage="techstock report [OPTION ...] [PATH ...]",
    )
    parser.add_argument("paths", nargs="*", metavar="PATH", help="what the page is about (default: all notes)")
    parser.add_argument(
        "-o",
        "--output",
        type=_parse_file,
        default="techstock-report.html",
        metavar="FILE",
        help="the file to write (default: `techstock-report.html`)",
    )
    parser.add_argument(
        "--only",
        action="append",
        type=_parse_section,
        default=[],
        metavar="SECTION",
        help=f"only {', '.join(SECTIONS[:-1])} or {SECTIONS[-1]}; may be repeated",
    )
    parser.add_argument(
        "--language", default="", metavar="NAME", help="en or ja, for the page's own words (default: as most notes)"
    )
    parser.add_argument(
        "--history", type=_parse_file, metavar="FILE", help="add the counts of this run to a file, and plot all of it"
    )
    add_common_options(parser)
    return parser
