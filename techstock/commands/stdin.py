"""A note whose text comes from stdin, as editors provide it."""

import os
import sys
from pathlib import Path

from techstock.commands.errors import UsageError
from techstock.config import Settings
from techstock.model import ReadFailure, Span
from techstock.model.files import has_note_suffix
from techstock.project import Discovery, Project, resolve_scope
from techstock.project.globs import compile_globs
from techstock.project.reading import decode_note

_CHUNK_SIZE = 1 << 20  # bytes; Python sets aside whatever is asked for


def find_starting_point(file: str, cwd: Path) -> Path:
    """Return the nearest existing path from which to search for the root; `file` need not exist yet."""
    path = cwd / file
    while not path.exists():
        path = path.parent
    return path


def resolve_stdin_note(
    project: Project, discovery: Discovery, config: Settings, file: str, cwd: Path
) -> tuple[str, str]:
    """Return the path of the note below the root, or why it is not checked; the other one is empty."""
    typed = cwd / file
    if typed.is_dir():
        raise UsageError(f"--stdin-filename: `{file}` is a folder")
    if typed.exists():
        found = resolve_scope(project, [Path(file)], discovery, cwd)
        return ("", found.notices[0]) if not found.paths else (next(iter(found.paths)), "")
    path = os.path.relpath(typed.parent.resolve() / typed.name, project.root).replace(os.sep, "/")
    if path.startswith("../"):
        return "", f"`{file}` is not checked: it is outside the root"
    if not has_note_suffix(path) and not config.include:
        return "", f"`{file}` is not checked: it is not a Markdown file"
    included = not config.include or compile_globs(config.include, "include")(path)
    if not included or (config.exclude and compile_globs(config.exclude, "exclude")(path)):
        return "", f"`{file}` is not checked: it is excluded"
    return path, ""


def read_stdin_text(path: str, limit: int) -> str | ReadFailure:
    """Return the text on stdin, decoded as the note at `path` would be; a fault if that fails.

    It fails for more than `limit` bytes, and for text that is not UTF-8.
    """
    data = _read_stdin_bytes(limit + 1)
    if len(data) > limit:
        what = f"the note has more than the {limit:,} bytes of `limits.file-size`"
        return ReadFailure(Span(0, 0), "size", what, "split the note, or raise `limits.file-size`")
    return decode_note(data, path)


def _read_stdin_bytes(most: int) -> bytes:
    if sys.stdin is None:
        raise UsageError("stdin is closed")
    pieces: list[bytes] = []
    try:
        while most and (piece := sys.stdin.buffer.read(min(most, _CHUNK_SIZE))):
            pieces.append(piece)
            most -= len(piece)
    except OSError as error:
        raise UsageError(f"stdin cannot be read: {error.strerror}") from None
    return b"".join(pieces)
