"""The key of a cache: the code and settings that cached facts depend on beside the bytes of a note."""

import os
import sys
from collections.abc import Iterator
from importlib.machinery import PathFinder
from stat import S_ISREG

from techstock.model.files import FileStamp
from techstock.storage.cache_directory import blake2b

FORMAT = b"techstock facts 2"
_PARSER = "pyromark"
_CODE = (".py", ".so", ".pyd")


def compute_code_key(settings: str) -> bytes:
    """Return a digest of this Python, the native parser, techstock's own files, and the `settings` of parsing.

    Files are identified by name, size and time, so that a change of techstock's code counts as much as a new version.
    Those of the parser are, too: reading its version would take as long as a whole run in which nothing has changed.
    """
    digest = blake2b(digest_size=20)
    for part in _collect_key_parts(settings):
        digest.update(len(part).to_bytes(4, "big") + part)
    return digest.digest()


def _collect_key_parts(settings: str) -> Iterator[bytes]:
    yield FORMAT
    yield settings.encode()
    yield sys.version.encode()
    yield from _describe_package(_PARSER)
    own = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    yield own.encode("utf-8", "surrogateescape")
    yield from _describe_files(own)


def _describe_package(name: str) -> Iterator[bytes]:
    """Yield name, size and time of each file of a package, without importing it; nothing if there is none."""
    spec = PathFinder.find_spec(name)
    if spec and spec.origin:
        yield from _describe_files(os.path.dirname(spec.origin))


def _describe_files(folder: str) -> Iterator[bytes]:
    """Yield name, size and time of each file of code below a folder."""
    with os.scandir(folder) as scan:
        entries = sorted(scan, key=lambda entry: entry.name)
    for entry in entries:
        if entry.name.endswith(_CODE):
            status = entry.stat()
            yield f"{entry.name} {status.st_size} {status.st_mtime_ns}".encode()
        elif entry.is_dir() and entry.name != "__pycache__":
            yield entry.name.encode()
            yield from _describe_files(entry.path)


SETTLE_TIME = 2_000_000_000
"""Nanoseconds: the clocks of some file systems tick as slowly, so a younger file may change and keep its stamp."""

_INODE_MASK = (1 << 63) - 1  # some systems have longer ones

NO_STAMP: FileStamp = (-1, 0, 0, 0)


def make_stamp(status: os.stat_result | None) -> FileStamp:
    """Return the stamp of a file; `NO_STAMP` for anything but a regular file, and if there is no status."""
    if status is None or not S_ISREG(status.st_mode):
        return NO_STAMP
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino & _INODE_MASK


def is_settled(known: FileStamp, since: int) -> bool:
    """Return whether a file with that stamp cannot have changed unnoticed since it was read (`since`, nanoseconds)."""
    return known[0] >= 0 and max(known[1], known[2]) < since - SETTLE_TIME
