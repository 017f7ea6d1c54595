"""`techstock baseline`, and the baseline file that other commands read."""

import os
from collections.abc import Iterable
from pathlib import Path

import msgspec

from techstock.commands.console import print_messages
from techstock.commands.corpus_loading import load_until_unchanged
from techstock.commands.errors import UsageError, convert_read_errors
from techstock.commands.options import SessionOptions
from techstock.commands.session import Session, open_session
from techstock.engine import diagnose
from techstock.engine.baseline import (
    HEADER_PREFIX,
    BaselineEntry,
    BaselineError,
    compare_with_baseline,
    format_baseline,
    make_baseline_entries,
    parse_baseline,
    prune_baseline,
)
from techstock.engine.rule_runs import make_rule_runs
from techstock.engine.run_rules import is_in_scope
from techstock.engine.suppression_matching import select_conclusive_rules
from techstock.storage.protected_files import (
    find_descriptor,
    is_in_git_folder,
    write_file_below,
    write_typed_file,
)
from techstock.storage.regular_file import (
    OutsideProjectError,
    locate_below,
    read_beginning,
    read_file_below,
    read_regular_file,
)
from techstock.text.phrases import format_count

DEFAULT_BASELINE = "techstock-baseline.txt"
_MAX_BASELINE_SIZE = 16 * 1024 * 1024  # bytes


class BaselineFile(msgspec.Struct, frozen=True):
    """A file of known problems; `name` is its name in messages.

    `root` is the project's if the configuration names the file, with a path below it; None if a person typed it.
    """

    file: Path
    name: str
    root: Path | None

    def read(self) -> list[BaselineEntry]:
        """Read the entries. Raise `UsageError`."""
        if not os.path.lexists(self.file):
            raise UsageError(f"there is no baseline `{self.name}`; `techstock baseline{self.option}` writes it")
        try:
            with convert_read_errors(f"the baseline `{self.name}`", _MAX_BASELINE_SIZE):
                return parse_baseline(self._read_bytes().decode())
        except UnicodeDecodeError:
            raise UsageError(f"the baseline `{self.name}` is not UTF-8") from None
        except BaselineError as error:
            raise UsageError(f"the baseline `{self.name}` {error}") from None

    def _read_bytes(self) -> bytes:
        if self.root is None:
            return read_regular_file(self.file, _MAX_BASELINE_SIZE, follow_links=True)
        return read_file_below(self.root, self._relative_path, _MAX_BASELINE_SIZE)

    @property
    def _relative_path(self) -> str:
        return self.file.relative_to(self.root or "").as_posix()

    def write(self, entries: Iterable[BaselineEntry]) -> None:
        """Replace the file. Raise `UsageError`."""
        if self.file.is_dir() or not self.file.parent.is_dir():
            raise UsageError(f"the baseline `{self.name}` cannot be written: no such file or folder")
        if self._is_something_else():
            raise UsageError(f"`{self.name}` exists and is not a baseline: name another file, or delete this one")
        content = "".join(format_baseline(entries)).encode("utf-8", "backslashreplace")
        try:
            if self.root is not None:
                write_file_below(self.root, self._relative_path, content)
            else:
                typed = find_descriptor(self.file) is not None or not self.file.is_file()
                write_typed_file(self.file if typed else Path(os.path.realpath(self.file)), content)
        except OSError as error:
            raise UsageError(f"`{self.name}` cannot be written: {error.strerror}") from None

    def _is_something_else(self) -> bool:
        """Return whether the path is taken by what is neither empty nor a baseline: a configuration may name any file.

        A pipe or a device that a person typed is written to as it is.
        """
        if not os.path.lexists(self.file) or (self.root is None and not self.file.is_file()):
            return False
        try:
            start = read_beginning(self.file, len(HEADER_PREFIX), follow_links=self.root is None)
        except OSError:
            return True
        return start not in (b"", HEADER_PREFIX.encode())

    @property
    def option(self) -> str:
        """Return the option that names this file, with a space before it; empty if the file was not typed."""
        return f" --baseline {self.name}" if self.root is None else ""


def find_baseline(typed: str | None, work: Session) -> BaselineFile | None:
    """Return the baseline that the command line or the configuration names. Raise `UsageError`."""
    if typed is not None:
        return BaselineFile(work.cwd / typed, typed, None)
    return locate_baseline(work.config.baseline, work) if work.config.baseline else None


def locate_baseline(name: str, work: Session) -> BaselineFile:
    """Return the baseline with this name below the root. Raise `UsageError` for a path that leads elsewhere."""
    root = work.project.root
    try:
        real = Path(locate_below(root, name))
    except OutsideProjectError as error:
        raise UsageError(f"the baseline `{name}` {str(error.strerror).removeprefix('it ')}") from None
    if is_in_git_folder(real, root):
        raise UsageError(f"the baseline `{name}` lies in the folder of git")
    return BaselineFile(real, work.to_shown_path(name), root)


class BaselineOptions(SessionOptions, frozen=True):
    """Options of `techstock baseline`."""

    baseline: str | None  # the file as typed; `None`: the configured one
    prune: bool


def run_baseline(options: BaselineOptions) -> int:
    """Run `techstock baseline` with these options and return its exit code."""
    work = open_session(options)
    known = find_baseline(options.baseline, work) or locate_baseline(DEFAULT_BASELINE, work)
    if is_in_git_folder(known.file, Path(work.project.git.top if work.project.git else work.project.root)):
        raise UsageError(f"the baseline `{known.name}` lies in the folder of git")
    said = _prune_entries(work, known) if options.prune else _write_entries(work, known)
    if not (work.config.baseline or options.baseline or options.prune):
        said += f'; write `baseline = "{DEFAULT_BASELINE}"` in the configuration, and `lint` uses it'
    print_messages((*work.notices, said), quiet=options.quiet)
    return 0


def _write_entries(work: Session, known: BaselineFile) -> str:
    plans = make_rule_runs(work.config)
    for attempt in load_until_unchanged(work, plans):
        with attempt as got:
            every = diagnose(got.corpus, plans, known=got.verdicts)
            got.save()
            found = [one for one in every if is_in_scope(one.problem, work.scope)]
            rows = make_baseline_entries(found, got.corpus)
    known.write(rows)
    return f"{format_count(len(found), 'problem')} written into `{known.name}`"


def _prune_entries(work: Session, known: BaselineFile) -> str:
    before, plans = known.read(), make_rule_runs(work.config)
    for attempt in load_until_unchanged(work, plans):
        with attempt as got:
            every = diagnose(got.corpus, plans, known=got.verdicts)
            got.save()
            gone = compare_with_baseline(before, every, select_conclusive_rules(plans, got.corpus)).gone
    if gone:
        known.write(prune_baseline(before, gone))
    left = sum(entry.count for entry in before) - sum(gone.values())
    return f"{format_count(sum(gone.values()), 'entry', 'entries')} removed from `{known.name}`, {left:,} left"
