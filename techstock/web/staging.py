"""A new file that is given its name only when it is known to be what it should be."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL
for _name in ("O_BINARY", "O_CLOEXEC", "O_NOFOLLOW"):  # Windows lacks most
    _NEW |= getattr(os, _name, 0)
_MODE = 0o644


@contextmanager
def temporary(folder: Path) -> Iterator[tuple[BinaryIO, Path]]:
    """A new file in `folder`, open for writing, and its path; what is left of it at the end is removed."""
    path = folder / f".techstock-{os.urandom(8).hex()}"
    file = os.open(path, _NEW, _MODE)
    try:
        with os.fdopen(file, "wb") as stream:
            yield stream, path
    finally:
        path.unlink(missing_ok=True)


def finish(stream: BinaryIO) -> None:
    """Close a file whose content must survive a loss of power."""
    stream.flush()
    os.fsync(stream.fileno())
    stream.close()
