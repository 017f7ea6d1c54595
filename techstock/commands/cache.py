"""`techstock cache`: where the cache is and how large it is, and its deletion."""

import msgspec

from techstock.commands.console import escape_lines, write_stdout
from techstock.commands.errors import UsageError
from techstock.commands.session import get_working_directory, locate_cache, locate_root


class CacheOptions(msgspec.Struct, frozen=True):
    """Options of `techstock cache`. `clean` deletes what is kept; folders are as the user typed them."""

    clean: bool
    root: str | None
    cache_dir: str | None


def run_cache(options: CacheOptions) -> int:
    """Print where the cache is and how large it is, delete it if asked to, and return the exit code."""
    cwd = get_working_directory()
    folder = locate_cache(options.cache_dir, locate_root(options.root, (), cwd), cwd)
    if folder.is_link and options.cache_dir is None:
        raise UsageError(f"`{folder.path}` is a symbolic link, which techstock does not use")
    size = sum(status.st_size for status in folder.stat_files().values())
    where = f"{folder.path}: {size:,} bytes" if size else f"{folder.path}: empty"
    if options.clean:
        folder.delete_cache()
        where += ", deleted" if size else ""
    write_stdout(escape_lines([where]))
    return 0
