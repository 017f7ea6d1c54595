"""`techstock cache`: show where the cache is and how large it is, or delete it."""

from techstock.cli.arguments import CommandParser


def run(arguments: list[str]) -> int:
    """Run `techstock cache` with these arguments and return its exit code."""
    options = make_parser().parse_arguments(arguments, "action")
    from techstock.commands.console import escape_lines, write_stdout
    from techstock.commands.errors import UsageError
    from techstock.commands.session import get_working_directory, locate_cache
    from techstock.project import Project, find_root

    if options.action not in ([], ["clean"]):
        raise UsageError(f"`techstock cache` takes `clean` or nothing, not `{' '.join(options.action)}`")
    cwd = get_working_directory()
    if options.root is not None and not (cwd / options.root).is_dir():
        raise UsageError(f"--root: there is no folder `{options.root}`")
    root = (cwd / options.root).resolve() if options.root is not None else find_root([], cwd)
    folder = locate_cache(options.cache_dir, Project(root), cwd)
    if folder.is_link and options.cache_dir is None:
        raise UsageError(f"`{folder.path}` is a symbolic link, which techstock does not use")
    size = sum(status.st_size for status in folder.stat_files().values())
    where = f"{folder.path}: {size:,} bytes" if size else f"{folder.path}: empty"
    if options.action:
        folder.delete_cache()
        where += ", deleted" if size else ""
    write_stdout(escape_lines([where]))
    return 0


def make_parser() -> CommandParser:
    """Return the parser for the options of `techstock cache`."""
    parser = CommandParser(
        prog="techstock cache",
        description="Show where facts about the notes of this project are kept between runs, and how large that is. "
        "`clean` deletes it; the next run takes longer and says the same.",
        usage="techstock cache [OPTION ...] [clean]",
    )
    parser.add_argument("action", nargs="*", metavar="clean", help="delete what is kept")
    parser.add_argument("--root", metavar="DIR", help="the root of the project (default: found from here upward)")
    parser.add_argument("--cache-dir", metavar="DIR", help="the folder, where `lint` was given one")
    return parser
