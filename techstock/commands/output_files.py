"""The files that output goes to, as the command line names them."""

import os
from collections.abc import Iterable
from pathlib import Path

import msgspec
from msgspec.structs import replace

from techstock.commands.errors import UsageError
from techstock.commands.options import OutputOptions
from techstock.project import Project

_ENCODING_ERRORS = "backslashreplace"


class OutputTarget(msgspec.Struct, frozen=True):
    """A format and the file to write, without links; `None` is stdout. `typed` is the file as the user typed it.

    `option` is the option that names it.
    """

    format: str
    file: Path | None = None
    typed: str = ""
    option: str = "--output-format"


def find_output_targets(options: OutputOptions, cwd: Path) -> tuple[OutputTarget, ...]:
    """Return where each format goes, before anything is read. Raise `UsageError`."""
    found = tuple(_find_output_target(name, file, cwd) for name, file in options.formats)
    targets = [output.file for output in found]
    if len(set(targets)) < len(targets):
        raise UsageError("--output-format: two formats go to one place; write one as `NAME=FILE`")
    return found


def check_output_targets(targets: Iterable[OutputTarget], project: Project, cwd: Path) -> None:
    """Raise `UsageError` for a file that a link in the repository, possibly a stranger's, would put elsewhere."""
    if not any(target.typed for target in targets):
        return
    from techstock.storage.protected_files import is_in_git_folder, passes_symlink  # late: most runs print only

    top = project.git.top if project.git else str(project.root)
    for target in targets:
        if target.typed and passes_symlink(cwd / target.typed, top):
            raise UsageError(
                f"{target.option}: `{target.typed}` is not written: a link in the repository leads elsewhere"
            )
        if target.typed and is_in_git_folder(cwd / target.typed, Path(top)):
            raise UsageError(f"{target.option}: `{target.typed}` is not written: it lies in the folder of git")


def _find_output_target(name: str, file: str, cwd: Path) -> OutputTarget:
    if not file:
        return OutputTarget(name)
    if (cwd / file).is_dir():
        raise UsageError(f"--output-format: `{name}={file}` names no file")
    return replace(find_file_target("--output-format", file, cwd), format=name)


def find_file_target(option: str, file: str, cwd: Path) -> OutputTarget:
    """Return the file that an option names, before anything is read. Raise `UsageError`."""
    from techstock.storage.protected_files import find_descriptor

    typed = cwd / file
    if typed.is_dir():
        raise UsageError(f"{option}: `{file}` names no file")
    # `/dev/stdout`: what a pipe has for a real path cannot be opened, and a file there is not to be replaced.
    if find_descriptor(typed) is not None or (typed.exists() and not typed.is_file()):
        return OutputTarget("", typed, file, option)
    path = Path(os.path.realpath(typed))  # a link stays one: what it leads to is replaced
    if not path.parent.is_dir():
        raise UsageError(f"{option}: there is no folder `{Path(file).parent}` for `{file}`")
    return OutputTarget("", path, file, option)


def write_file(file: Path, pieces: Iterable[str]) -> None:
    """Write a file atomically, so that no reader sees half of it. Raise `UsageError` if it cannot be written."""
    from techstock.storage.protected_files import write_typed_file

    try:
        write_typed_file(file, "".join(pieces).encode("utf-8", _ENCODING_ERRORS))
    except OSError as error:
        raise UsageError(f"`{file}` cannot be written: {error.strerror}") from None
