"""`techstock lint`: check notes and report their problems."""

from techstock.cli.arguments import (
    CommandParser,
    add_performance_options,
    add_project_options,
    add_tracked_option,
    add_web_options,
)


def run(arguments: list[str]) -> int:
    """Run `techstock lint` with these arguments and return its exit code."""
    options = make_parser().parse_arguments(arguments, "paths")
    from techstock.commands.lint import run_lint  # a wrong option is answered before anything is loaded

    return run_lint(options)


def make_parser() -> CommandParser:
    """Return the parser for the options of `techstock lint`."""
    parser = CommandParser(
        prog="techstock lint",
        description="Check the notes of the project. PATH names what is reported on; the other notes are read too, so "
        "the report is that of a full run, filtered.",
        epilog="Exit codes: 0 no problem at or above --fail-on, 1 problems, 2 wrong use or configuration.",
        usage="techstock lint [OPTION ...] [PATH ...]",
    )
    parser.add_argument("paths", nargs="*", metavar="PATH", help="what to report on; `-` reads one note from stdin")
    add_configuration_options(parser)
    add_input_options(parser)
    _add_adoption_options(parser)
    group = parser.add_argument_group("web")
    group.add_argument("--online", action="store_true", help="ask the web whether remote images load")
    add_web_options(group)
    _add_fix_options(parser)
    add_performance_options(parser.add_argument_group("work"))
    add_output_options(parser)
    parser.set_defaults(table=False)
    return parser


def add_configuration_options(parser: CommandParser) -> None:
    """Add the options that choose the configuration, the rules and their levels."""
    group = parser.add_argument_group("configuration")
    add_project_options(group)
    group.add_argument("--select", action="append", metavar="RULES", help="run these rules only (names, globs, commas)")
    group.add_argument("--ignore", action="append", metavar="RULES", help="do not run these rules either")
    group.add_argument("--preset", metavar="NAME", help="`default`, or `strict` for the rules of the full form too")
    group.add_argument("--fail-on", metavar="LEVEL", help="`error`, `warning` or `info`: what makes the exit code 1")
    group.add_argument("--exit-zero", action="store_true", help="exit with 0 even where problems are found")


def _add_adoption_options(parser: CommandParser) -> None:
    group = parser.add_argument_group("adoption")
    group.add_argument("--baseline", metavar="FILE", help="do not report what this file of `techstock baseline` holds")
    group.add_argument("--no-baseline", action="store_true", help="report it all, whatever the configuration names")
    group.add_argument("--since", metavar="REF", help="report what touches lines changed since REF and HEAD parted")
    group.add_argument("--add-ignores", action="store_true", help="write comments that ignore all that is reported now")
    group.add_argument("--reason", metavar="TEXT", help="with --add-ignores: what the comments give as the reason")


def add_input_options(parser: CommandParser) -> None:
    """Add the options that choose the notes to check."""
    group = parser.add_argument_group("input")
    add_tracked_option(group)
    group.add_argument("--stdin-filename", metavar="FILE", help="the note that the text from stdin stands for")
    group.add_argument("--show-files", action="store_true", help="print the notes that would be checked, and stop")
    group.add_argument("--show-settings", action="store_true", help="print the settings in effect, and stop")


def _add_fix_options(parser: CommandParser) -> None:
    group = parser.add_argument_group("fixes")
    group.add_argument(
        "--fix", action="store_true", help="change the notes where that is safe, and report what is left"
    )
    group.add_argument("--fix-only", action="store_true", help="change them and report nothing")
    group.add_argument("--diff", action="store_true", help="print the changes as a patch instead; exit with 1 for any")
    group.add_argument("--unsafe-fixes", action="store_true", help="with one of these: the unsafe fixes too")


def add_output_options(parser: CommandParser) -> None:
    """Add the options that control how problems are written."""
    group = parser.add_argument_group("output")
    group.add_argument(
        "--output-format",
        action="append",
        default=[],
        metavar="NAME[=FILE]",
        help="how problems are written, to stdout or into a file; may be repeated (default: full)",
    )
    group.add_argument(
        "--compare", metavar="FILE", help="a `json` report of an earlier run, for the changes in a `markdown` summary"
    )
    group.add_argument("--statistics", action="store_true", help="print counts by rule in place of the problems")
    group.add_argument("--color", choices=("auto", "always", "never"), default="auto", help="colour (default: auto)")
    group.add_argument("-q", "--quiet", action="store_true", help="no notices and no summary on stderr")
    group.add_argument("-v", "--verbose", action="store_true", help="tell how long each phase took, and what was kept")
