"""`techstock merge`: show the copies of one entry, or merge them into one."""

from techstock.cli._arguments import CommandParser, is_fingerprint, make_session_options, parse_location
from techstock.commands.errors import UsageError


def run(arguments: list[str]) -> int:
    """Run `techstock merge` with these arguments and return its exit code."""
    found = make_parser().parse_arguments(arguments, "paths")
    if found.dry_run and found.apply:
        raise UsageError("--dry-run writes nothing, and --apply writes: choose one")
    if found.no_reading_needed and not all(map(is_fingerprint, found.paths)):
        raise UsageError("--no-reading-needed takes fingerprints, or nothing for all findings, and no PATH:LINE")
    if found.no_reading_needed or (found.paths and all(map(is_fingerprint, found.paths))):
        if found.keep:
            raise UsageError(
                "--keep takes one entry, as PATH:LINE: the copies of each fingerprint have their own numbers"
            )
        from techstock.commands.fingerprint_merges import (  # late: as below
            FingerprintMergeOptions,
            run_fingerprint_merges,
        )

        fingerprints = tuple(dict.fromkeys(found.paths))
        return run_fingerprint_merges(
            make_session_options(FingerprintMergeOptions, found, paths=[], fingerprints=fingerprints)
        )
    path, line = parse_location(found.paths, "merge")
    from techstock.commands.merge import MergeOptions, run_merge  # late: a wrong option needs none of it

    return run_merge(make_session_options(MergeOptions, found, paths=[path], line=line))


def _parse_copy_number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not int(text[:4]) >= 1:
        raise UsageError(f"--keep takes the number of a copy, not `{text}`")
    return int(text[:4])


def make_parser() -> CommandParser:
    """Return the parser for the options of `techstock merge`."""
    from techstock.cli._arguments import add_common_options

    parser = CommandParser(
        prog="techstock merge",
        description="Show all copies of what the entry on a line says, and what they would be merged to: one that says "
        "what all of them say, and links to it in the place of the others. With fingerprints, as `lint --output-format "
        "json` has them, several in one run. Nothing is written without --apply.",
        epilog="Exit codes: 0 shown, written, or nothing to merge; 2 wrong use or configuration, no entry on that "
        "line, or copies that cannot be merged.",
        usage="techstock merge [OPTION ...] PATH:LINE | FINGERPRINT ...\n"
        "       techstock merge [OPTION ...] --no-reading-needed [FINGERPRINT ...]",
    )
    parser.add_argument(
        "paths", nargs="*", metavar="PATH:LINE | FINGERPRINT", help="one of the copies, as `lint` names it, or findings"
    )
    parser.add_argument(
        "--keep",
        type=_parse_copy_number,
        default=0,
        metavar="N",
        help="the copy that stays, by its number (default: as `lint` proposes)",
    )
    parser.add_argument(
        "--no-reading-needed",
        action="store_true",
        help="only what changes no sentence: the copy that stays says all of it, word for word; of all findings "
        "without FINGERPRINT. The others are listed",
    )
    parser.add_argument("--apply", action="store_true", help="write it")
    parser.add_argument("--dry-run", action="store_true", help="only show it (the default)")
    add_common_options(parser)
    return parser
