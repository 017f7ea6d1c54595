"""`techstock lint`: check notes and report their problems."""

from argparse import Namespace

import msgspec

from techstock.cli._arguments import (
    CommandParser,
    add_baseline_option,
    add_performance_options,
    add_project_options,
    add_tracked_option,
    add_web_options,
    is_fingerprint,
    make_session_options,
    parse_maximum,
    require_format,
)
from techstock.commands.errors import UsageError
from techstock.commands.options import FixOptions, LintOptions, OutputOptions, WebOptions


def run(arguments: list[str]) -> int:
    """Run `techstock lint` with these arguments and return its exit code."""
    found = make_parser().parse_arguments(arguments, "paths")
    if found.no_baseline and found.baseline is not None:
        raise UsageError("--baseline and --no-baseline do not go together")
    _check_ignore_options(found)
    if found.fingerprints and (found.fix or found.fix_only or (found.diff and not found.add_ignores)):
        raise UsageError("--fingerprint chooses problems to report or to ignore, not fixes")
    fixes, output = _make_fix_options(found), make_output_options(found)
    web = msgspec.convert(vars(found), WebOptions) if found.online else None
    from techstock.commands.lint import run_lint  # late: a wrong option needs none of it

    return run_lint(make_session_options(LintOptions, found, output=output, web=web, fixes=fixes))


def _make_fix_options(found: Namespace) -> FixOptions | None:
    """Return how notes are fixed, or None. Raise `UsageError` for options that do not go together."""
    if found.add_ignores:
        return None
    prints = not (found.fix_only or found.diff)
    if prints and not found.fix:
        if found.unsafe_fixes:
            raise UsageError("--unsafe-fixes needs --fix, --fix-only or --diff")
        return None
    if not prints and (found.output_format or found.statistics):
        what = "--diff prints a patch" if found.diff else "--fix-only fixes"
        raise UsageError(f"{what} and reports nothing: leave out --output-format and --statistics")
    if not found.diff and found.stdin_filename is not None:
        raise UsageError("what comes from stdin cannot be fixed in place; --diff prints a patch of it")
    return FixOptions(found.unsafe_fixes, found.diff, prints)


def _check_ignore_options(found: Namespace) -> None:
    """Raise `UsageError` for options that do not go together with `--add-ignores`, or with `--reason`."""
    if not found.add_ignores:
        if found.reason is not None:
            raise UsageError("--reason needs --add-ignores")
        return
    if found.fix or found.fix_only or found.unsafe_fixes:
        raise UsageError("--add-ignores cannot be combined with fixes: run --fix first, then ignore what is left")
    if found.stdin_filename is not None and not found.diff:
        raise UsageError("what comes from stdin cannot be changed in place; --diff prints a patch of it")
    if found.diff and (found.output_format or found.statistics):
        raise UsageError("--diff prints a patch and reports nothing: leave out --output-format and --statistics")
    if not found.reason:
        raise UsageError("--add-ignores needs --reason TEXT: the comments tell readers why a problem is ignored")
    reason = found.reason  # it must not end the comment early, nor be parsed as something else
    wrong = "--" in reason or ">" in reason or not reason.isprintable() or reason != reason.strip()
    if wrong or reason.startswith((",", "with=", "-")) or reason.endswith("-"):
        raise UsageError("--reason must be one line of text, without `--` and `>`, and not begin with `,` or `with=`")


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
    return parser


def add_configuration_options(parser: CommandParser) -> None:
    """Add the options that choose the configuration, the rules and their levels."""
    group = parser.add_argument_group("configuration")
    add_project_options(group)
    for name, law in (
        ("--select", "run only these rules (names or globs, separated by commas)"),
        ("--ignore", "do not run these rules"),
    ):
        group.add_argument(name, action="extend", type=_split_names, metavar="RULES", help=law)
    group.add_argument("--preset", metavar="NAME", help="`default`, or `strict` to also run the rules on uniform style")
    group.add_argument("--fail-on", metavar="LEVEL", help="`error`, `warning` or `info`: what makes the exit code 1")
    group.add_argument("--exit-zero", action="store_true", help="exit with 0 even if problems are found")


def _split_names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _add_adoption_options(parser: CommandParser) -> None:
    group = parser.add_argument_group("adoption")
    add_baseline_option(group, "do not report the problems that `techstock baseline` recorded in this file")
    group.add_argument("--no-baseline", action="store_true", help="ignore the baseline and report everything")
    group.add_argument(
        "--since", metavar="REF", help="report only problems on lines changed since REF and HEAD diverged"
    )
    group.add_argument(
        "--fingerprint",
        action="append",
        dest="fingerprints",
        type=_parse_fingerprint,
        default=[],
        metavar="FINGERPRINT",
        help="report, or with --add-ignores ignore, only the problem with this fingerprint; may be repeated",
    )
    group.add_argument("--add-ignores", action="store_true", help="write comments that ignore everything reported now")
    group.add_argument("--reason", metavar="TEXT", help="the reason to write in these comments; they need one")


def _parse_fingerprint(text: str) -> str:
    if not is_fingerprint(text):
        raise UsageError(f"--fingerprint: `{text}` is no fingerprint; `--output-format json` tells them")
    return text


def add_input_options(parser: CommandParser) -> None:
    """Add the options that choose the notes to check."""
    group = parser.add_argument_group("input")
    add_tracked_option(group)
    group.add_argument("--stdin-filename", metavar="FILE", help="the path of the note whose text comes from stdin")
    group.add_argument("--show-files", action="store_true", help="print the notes that would be checked, and stop")
    group.add_argument("--show-settings", action="store_true", help="print the settings in effect, and stop")


def _add_fix_options(parser: CommandParser) -> None:
    group = parser.add_argument_group("fixes")
    group.add_argument("--fix", action="store_true", help="fix what is safe to fix, and report the rest")
    group.add_argument("--fix-only", action="store_true", help="fix notes and report nothing")
    group.add_argument(
        "--diff",
        action="store_true",
        help="print the fixes, or the comments of --add-ignores, as a patch; exit with 1 if there are any",
    )
    group.add_argument("--unsafe-fixes", action="store_true", help="with one of the above: also the unsafe fixes")


def add_output_options(parser: CommandParser) -> None:
    """Add the options that control how problems are written."""
    group = parser.add_argument_group("output")
    group.add_argument(
        "--output-format",
        action="append",
        type=_parse_output_format,
        default=[],
        metavar="NAME[=FILE]",
        help="output format, to stdout or into a file; may be repeated (default: full)",
    )
    group.add_argument(
        "--compare", metavar="FILE", help="a `json` report of an earlier run, for the changes in a `markdown` summary"
    )
    group.add_argument("--all", action="store_true", help="on a terminal: print every problem, even if there are many")
    group.add_argument("--group-by", choices=("rule", "note"), default="", help="print the problems below headings")
    group.add_argument(
        "--max", dest="most", type=parse_maximum, default=0, metavar="N", help="print at most N problems"
    )
    group.add_argument("--statistics", action="store_true", help="print counts by rule instead of the problems")
    group.add_argument("--color", choices=("auto", "always", "never"), default="auto", help="colour (default: auto)")
    group.add_argument("-q", "--quiet", action="store_true", help="no notices and no summary on stderr")
    group.add_argument(
        "-v", "--verbose", action="store_true", help="print how long each phase took and what came from the cache"
    )


def _parse_output_format(text: str) -> tuple[str, str]:
    from techstock.formats import list_formats

    name, given, file = text.partition("=")
    require_format("--output-format", name, list_formats())
    if given and not file:
        raise UsageError(f"--output-format: `{text}` names no file")
    return name, file


def make_output_options(found: Namespace) -> OutputOptions:
    """Return the options that `add_output_options` added. Raise `UsageError` for options that do not go together."""
    from techstock.formats import ARRANGED

    to_stdout = [name for name, file in found.output_format if not file]
    if (found.group_by or found.most) and to_stdout and to_stdout[0] not in ARRANGED:
        option = "--group-by" if found.group_by else "--max"
        raise UsageError(f"{option} is for the formats full, grouped and concise, not for `{to_stdout[0]}`")
    if found.statistics and to_stdout:
        raise UsageError("--statistics prints counts in place of the problems; write these as `NAME=FILE`")
    return msgspec.convert(vars(found) | {"formats": found.output_format or [("full", "")]}, OutputOptions)
