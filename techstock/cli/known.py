"""The baseline file of a run: finding, reading and writing it."""

import os
from argparse import Namespace
from collections.abc import Iterable
from pathlib import Path

import msgspec

from techstock.cli.errors import UsageError
from techstock.config import Settings
from techstock.engine.baseline import BaselineEntry
from techstock.engine.baseline_text import HEADER_PREFIX, BaselineError, format_baseline, parse_baseline

DEFAULT_BASELINE = "techstock-baseline.txt"
_MAX_BASELINE_SIZE = 16 * 1024 * 1024  # bytes


class BaselineFile(msgspec.Struct, frozen=True):
    """A file of known problems; `name` is its name in messages, `typed` whether the command line gives it."""

    file: Path
    name: str
    typed: bool

    def read(self) -> list[BaselineEntry]:
        """Read the entries. Raise `UsageError`."""
        if not os.path.lexists(self.file):
            raise UsageError(f"there is no baseline `{self.name}`; `techstock baseline{self.option}` writes it")
        if not self.file.is_file():
            raise UsageError(f"the baseline `{self.name}` is no file")
        try:
            with self.file.open("rb") as stream:
                data = stream.read(_MAX_BASELINE_SIZE + 1)
        except OSError as error:
            raise UsageError(f"the baseline `{self.name}` cannot be read: {error.strerror}") from None
        if len(data) > _MAX_BASELINE_SIZE:
            raise UsageError(f"the baseline `{self.name}` has more than {_MAX_BASELINE_SIZE:,} bytes")
        try:
            return parse_baseline(data.decode())
        except UnicodeDecodeError:
            raise UsageError(f"the baseline `{self.name}` is not UTF-8") from None
        except BaselineError as error:
            raise UsageError(f"the baseline `{self.name}` {error}") from None

    def write(self, entries: Iterable[BaselineEntry]) -> None:
        """Replace the file. Raise `UsageError`."""
        from techstock.cli.outputs import write_file

        if self.file.is_dir() or not self.file.parent.is_dir():
            raise UsageError(f"the baseline `{self.name}` cannot be written: no such file or folder")
        if self.file.is_file() and not self._is_replaceable():
            raise UsageError(f"`{self.name}` is there and no baseline: name another file, or delete this one")
        write_file(Path(os.path.realpath(self.file)), format_baseline(entries))

    def _is_replaceable(self) -> bool:
        """Return whether the file is empty or begins as a baseline does: a configuration may name any file."""
        try:
            with self.file.open("rb") as stream:
                return stream.read(len(HEADER_PREFIX)) in (b"", HEADER_PREFIX.encode())
        except OSError:
            return False

    @property
    def option(self) -> str:
        """Return the option that names this file, with a space before it; empty if the file was not typed."""
        return f" --baseline {self.name}" if self.typed else ""


def find_baseline(options: Namespace, config: Settings, root: Path, cwd: Path) -> BaselineFile | None:
    """Return the baseline that the command line or the configuration names. Raise `UsageError`."""
    if options.baseline is not None:
        if not options.baseline:
            raise UsageError("--baseline names no file")
        return BaselineFile(cwd / options.baseline, options.baseline, typed=True)
    return locate_baseline(config.baseline, root) if config.baseline else None


def locate_baseline(name: str, root: Path) -> BaselineFile:
    """Return the baseline with this name below the root. Raise `UsageError` for a path that leaves the root."""
    real = Path(os.path.realpath(root / name))
    if not real.is_relative_to(root):
        raise UsageError(f"the baseline `{name}` lies outside the root")
    return BaselineFile(real, name, typed=False)
