"""The key of a cache: the code and settings that cached facts depend on beside the bytes of a note."""

import os
import sys
from collections.abc import Iterator
from importlib.machinery import PathFinder

from techstock.text.digests import blake2b

FORMAT = b"techstock facts 1"
_LIBRARIES = ("markdown_it", "mdit_py_plugins")


def compute_code_key(settings: str) -> bytes:
    """Return a digest of this Python, the parser libraries, techstock's own files, and the `settings` of parsing.

    Own files are identified by name, size and time, so that a change of techstock's code counts as much as a new
    version. Libraries are identified by the file that holds their version; reading their metadata would take as long as
    a whole run in which nothing has changed.
    """
    digest = blake2b(digest_size=20)
    for part in _collect_key_parts(settings):
        digest.update(len(part).to_bytes(4, "big") + part)
    return digest.digest()


def _collect_key_parts(settings: str) -> Iterator[bytes]:
    yield FORMAT
    yield settings.encode()
    yield sys.version.encode()
    for name in _LIBRARIES:
        yield _read_version_file(name)
    own = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    yield own.encode("utf-8", "surrogateescape")
    yield from _describe_files(own)


def _read_version_file(name: str) -> bytes:
    """Return the content of a package's `__init__.py`, without importing it."""
    spec = PathFinder.find_spec(name)
    if spec is None or not spec.origin:
        return b""
    try:
        with open(spec.origin, "rb") as file:
            return file.read()
    except OSError:
        return b""


def _describe_files(folder: str) -> Iterator[bytes]:
    """Yield name, size and time of each Python file below a folder."""
    with os.scandir(folder) as scan:
        entries = sorted(scan, key=lambda entry: entry.name)
    for entry in entries:
        if entry.name.endswith(".py"):
            status = entry.stat()
            yield f"{entry.name} {status.st_size} {status.st_mtime_ns}".encode()
        elif entry.is_dir() and entry.name != "__pycache__":
            yield entry.name.encode()
            yield from _describe_files(entry.path)
