"""Git LFS pointers: the few lines that git stores in place of a large file.

https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
"""

import re

_POINTER_SIZE_LIMIT = 1024  # bytes, exclusive, says the specification
_POINTER_PREFIXES = (b"version https://git-lfs.github.com/spec/", b"version https://hawser.github.com/spec/")
_VALID_POINTER = re.compile(
    rb"version https://(?:git-lfs|hawser)\.github\.com/spec/v1\n"
    rb"(?:ext-\d-[a-z0-9.-]+ sha256:[0-9a-f]{64}\n)*oid sha256:[0-9a-f]{64}\nsize \d+\n?",
)


def is_lfs_pointer(data: bytes) -> bool:
    """Return whether the bytes begin like a pointer and are short enough for one, complete or not."""
    return len(data) < _POINTER_SIZE_LIMIT and data.startswith(_POINTER_PREFIXES)


def is_valid_lfs_pointer(data: bytes) -> bool:
    """Return whether a pointer is well formed."""
    return _VALID_POINTER.fullmatch(data) is not None
