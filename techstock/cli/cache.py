"""`techstock cache`: show what is kept between runs, or delete it."""

from techstock.cli._arguments import CommandParser
from techstock.commands.errors import UsageError


def run(arguments: list[str]) -> int:
    """Run `techstock cache` with these arguments and return its exit code."""
    found = make_parser().parse_arguments(arguments, "action")
    if found.action not in ([], ["clean"]):
        raise UsageError(f"`techstock cache` takes `clean` or nothing, not `{' '.join(found.action)}`")
    from techstock.commands.cache import CacheOptions, run_cache  # late: a wrong option needs none of it

    return run_cache(CacheOptions(bool(found.action), found.root, found.cache_dir))


def make_parser() -> CommandParser:
    """Return the parser for the options of `techstock cache`."""
    parser = CommandParser(
        prog="techstock cache",
        description="Show where facts about the notes of this project, answers of the web and verdicts on images are "
        "kept between runs, and how large that is. `clean` deletes it; the next run takes longer and says the same.",
        usage="techstock cache [OPTION ...] [clean]",
    )
    parser.add_argument("action", nargs="*", metavar="clean", help="delete what is kept")
    parser.add_argument("--root", metavar="DIR", help="the root of the project (default: found from here upward)")
    parser.add_argument("--cache-dir", metavar="DIR", help="the folder, where `lint` was given one")
    return parser
