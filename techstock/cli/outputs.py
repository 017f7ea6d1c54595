"""The targets of reports: one format to stdout, others to files."""

import os
from argparse import Namespace
from collections.abc import Iterable
from pathlib import Path
from stat import S_IMODE

import msgspec

from techstock import formats
from techstock.cli.errors import UsageError
from techstock.project import Project
from techstock.project.astray import leads_astray

DEFAULT = "full"
_ERRORS = "backslashreplace"


class Output(msgspec.Struct, frozen=True):
    """A format and the file to write, without links; `None` is stdout. `typed` is the file as the user typed it."""

    format: str
    file: Path | None = None
    typed: str = ""


def outputs(options: Namespace, cwd: Path) -> tuple[Output, ...]:
    """Parse `--output-format`, before anything is read. Raise `UsageError`."""
    found = tuple(_output(text, cwd) for text in options.output_format or [DEFAULT])
    if options.statistics and options.output_format and any(output.file is None for output in found):
        raise UsageError("--statistics prints counts in place of the problems; write these as `NAME=FILE`")
    targets = [output.file for output in found]
    if len(set(targets)) < len(targets):
        raise UsageError("--output-format: two formats go to one place; write one as `NAME=FILE`")
    return found


def check(targets: Iterable[Output], project: Project, cwd: Path) -> None:
    """Raise `UsageError` for a file that a link in the repository, possibly a stranger's, would put elsewhere."""
    for target in targets:
        if target.typed and leads_astray(cwd / target.typed, project):
            raise UsageError(
                f"--output-format: `{target.typed}` is not written: a link in the repository leads elsewhere"
            )


def _output(text: str, cwd: Path) -> Output:
    name, given, file = text.partition("=")
    if name not in formats.names():
        from techstock.config import nearest

        raise UsageError(f"--output-format: there is no format `{name}`{nearest(name, formats.names())}")
    if not given:
        return Output(name)
    typed = cwd / file
    if not file or typed.is_dir():
        raise UsageError(f"--output-format: `{text}` names no file")
    if typed.exists() and not typed.is_file():  # `/dev/stdout`: what a pipe has for a real path cannot be opened
        return Output(name, typed)
    path = Path(os.path.realpath(typed))  # a link stays one: what it leads to is replaced
    if not path.parent.is_dir():
        raise UsageError(f"--output-format: there is no folder `{Path(file).parent}` for `{file}`")
    return Output(name, path, file)


def save(file: Path, pieces: Iterable[str]) -> None:
    """Write a file atomically, so that no reader sees half of it. Raise `UsageError` if it cannot be written."""
    try:
        if file.exists() and not file.is_file():  # `/dev/null`, a pipe
            with file.open("w", encoding="utf-8", errors=_ERRORS, newline="\n") as stream:
                stream.writelines(pieces)
        else:
            _replace(file, "".join(pieces).encode("utf-8", _ERRORS))
    except OSError as error:
        raise UsageError(f"`{file}` cannot be written: {error.strerror}") from None


def _replace(file: Path, content: bytes) -> None:
    from techstock import drafts

    folder = str(file.parent)
    drafts.sweep(folder)
    with drafts.draft(folder) as made:
        made.write(content)
        if hasattr(os, "fchmod") and file.exists():
            os.fchmod(made.file, S_IMODE(file.stat().st_mode))
        made.sync()
        made.place(str(file))
