"""`techstock cache`: where the cache is and how large it is, and its deletion."""

from argparse import Namespace

from techstock.commands.console import escape_lines, write_stdout
from techstock.commands.errors import UsageError
from techstock.commands.session import get_working_directory, locate_cache
from techstock.project import Project, find_root


def run_cache(options: Namespace) -> int:
    """Print where the cache is and how large it is, delete it if asked to, and return the exit code."""
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
