"""All-or-nothing creation of new files."""

import os
from collections.abc import Sequence
from pathlib import Path

from techstock.cli.drafts import ProposedFile
from techstock.cli.errors import UsageError
from techstock.fix.writing import WriteError, write_changes


def create_files(root: Path, drafts: Sequence[ProposedFile]) -> None:
    """Write the proposed files below `root` (absolute, without links), all or none.

    A file that appears meanwhile is never overwritten; one with an old text is replaced if it still has that text.
    Raise `UsageError` if one cannot be written; the files created before it are then removed.
    """
    made: list[Path] = []
    try:
        for draft in sorted(drafts, key=lambda draft: bool(draft.old)):
            if draft.old:
                write_changes(root, {draft.path: (draft.old, draft.text)})
            else:
                _create_file(root, draft, made)
    except BaseException as error:
        _remove_created(made)
        if isinstance(error, WriteError):
            raise UsageError(f"nothing is written: {error}") from error
        if isinstance(error, OSError):
            why = (error.strerror or "unknown reason").lower()
            name = os.path.relpath(os.fsdecode(error.filename or draft.path), root)
            raise UsageError(f"nothing is written: `{name}`: {why}") from error
        raise


def _create_file(root: Path, draft: ProposedFile, made: list[Path]) -> None:
    folder = root
    for step in draft.path.split("/")[:-1]:
        folder /= step
        if folder.is_symlink():
            raise UsageError(f"nothing is written: `{folder.relative_to(root).as_posix()}` is a symbolic link")
        if not folder.is_dir():
            folder.mkdir()
            made.append(folder)
    file = root / draft.path
    with file.open("x", encoding="utf-8", errors="surrogatepass", newline="\n") as stream:
        made.append(file)
        stream.write(draft.text)


def _remove_created(made: list[Path]) -> None:
    from contextlib import suppress

    for path in reversed(made):
        with suppress(OSError):
            if path.is_dir():
                path.rmdir()
            else:
                path.unlink()
