"""Cache of images that decoded without errors, by the digest of their bytes: they are not decoded again.

Only successes are stored. A file that is missing, damaged or forged costs time at most: its digests are compared with
those of bytes that have been hashed, and nothing else in it is trusted.
"""

from pathlib import Path

import msgspec

from techstock.drafts import open_atomic_file, remove_abandoned_files

_FILE_NAME = "images-1.json"  # the number is that of the checks: images they passed before are decoded anew
_MAX_FILE_SIZE = 16 * 1024 * 1024
_MAX_DIGESTS = 100_000
_CACHEDIR_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# A cache of techstock: it may be deleted at any time.\n"


class DecodedImageCache:
    """Digests of intact images, stored in a folder, if any: read on first use, written by `save`."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._known: frozenset[str] | None = None
        self._new: set[str] = set()

    def __contains__(self, digest: str) -> bool:
        if self._known is None:
            self._known = _read_digests(self._folder) if self._folder else frozenset()
        return digest in self._known

    def add(self, digest: str) -> None:
        """Add the digest of an image that is intact."""
        self._new.add(digest)

    def save(self) -> None:
        """Write the added digests; errors are ignored, since the cache is optional."""
        if not self._new or self._folder is None:
            return
        older = sorted(self._known or ())[: max(_MAX_DIGESTS - len(self._new), 0)]
        data = msgspec.json.encode([*sorted(self._new), *older])
        try:
            _write_digests(self._folder, data)
        except OSError:
            return


def _read_digests(folder: Path) -> frozenset[str]:
    try:
        if (
            folder.is_symlink()
            or (folder / _FILE_NAME).is_symlink()
            or (folder / _FILE_NAME).stat().st_size > _MAX_FILE_SIZE
        ):
            return frozenset()
        return msgspec.json.decode((folder / _FILE_NAME).read_bytes(), type=frozenset[str])
    except (OSError, ValueError, RecursionError):
        return frozenset()


def _write_digests(folder: Path, data: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if folder.is_symlink():
        return
    for name, text in ((".gitignore", "*\n"), ("CACHEDIR.TAG", _CACHEDIR_TAG)):
        if not (folder / name).exists():
            (folder / name).write_text(text, "utf-8")
    remove_abandoned_files(str(folder))
    with open_atomic_file(str(folder)) as made:
        made.write(data)
        made.rename_to(str(folder / _FILE_NAME))
