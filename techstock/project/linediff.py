"""Line comparison of texts by `git diff`, run outside any repository so that no repository's configuration applies."""

import os
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from techstock.project.errors import GitError
from techstock.project.git import find_git_program

LineRanges = tuple[tuple[int, int], ...]
_TextLines = Sequence[str]
_HUNK_HEADER = re.compile(rb"@@ -[0-9]+(?:,([0-9]+))? \+([0-9]+)(?:,([0-9]+))? @@")
_DIFF_COMMAND = (
    "diff",
    "--no-index",
    "--no-ext-diff",
    "--no-textconv",
    "--no-color",
    "--no-prefix",
    "--text",
    "-M",
    "-U0",
)


def find_changed_lines(
    pairs: Mapping[str, tuple[_TextLines, _TextLines]], gone: Sequence[_TextLines], new: Mapping[str, _TextLines]
) -> dict[str, LineRanges]:
    """Return the changed lines of `pairs` (old and new text) and of `new` texts, each possibly a renamed one of `gone`.

    The ranges are half-open and counted from 1. Where lines were deleted, the lines beside the gap count as changed.
    """
    if not pairs and not new:
        return {}
    with TemporaryDirectory(prefix="techstock-") as folder:
        before, after = Path(folder, "a"), Path(folder, "b")
        before.mkdir()
        after.mkdir()
        for number, (old, now) in enumerate(pairs.values()):
            _write_lines(before / str(number), old)
            _write_lines(after / str(number), now)
        for number, old in enumerate(gone):
            _write_lines(before / f"gone{number}", old)
        for number, now in enumerate(new.values()):
            _write_lines(after / f"new{number}", now)
        output = _run_diff(folder)
    names = {f"b/{number}": path for number, path in enumerate(pairs)}
    names |= {f"b/new{number}": path for number, path in enumerate(new)}
    found: dict[str, list[tuple[int, int]]] = {}
    for name, start, end in _parse_hunks(output):
        if name in names:
            found.setdefault(names[name], []).append((start, end))
    return {path: tuple(ranges) for path, ranges in found.items()}


def _write_lines(file: Path, lines: _TextLines) -> None:
    text = "".join(f"{line}\n" for line in lines)
    file.write_bytes(text.encode("utf-8", "surrogateescape" if _has_raw_bytes(text) else "surrogatepass"))


def _has_raw_bytes(text: str) -> bool:
    """Return whether lone surrogates in the text represent bytes that are not UTF-8."""
    try:
        text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return False
    return True


def _run_diff(folder: str) -> bytes:
    program = find_git_program()
    if not program:
        raise GitError("git is not installed")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    # The folder may lie in a repository, if somebody has made one of all temporary files.
    apart = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    apart["GIT_CEILING_DIRECTORIES"] = os.path.dirname(os.path.realpath(folder))
    run = subprocess.run(
        [program, "--no-pager", *_DIFF_COMMAND, "--", "a", "b"],
        cwd=folder, env=kept | apart, stdin=subprocess.DEVNULL, capture_output=True, check=False,
    )  # fmt: skip
    if run.returncode > 1:
        raise GitError("git cannot compare the notes")
    return run.stdout


def _parse_hunks(output: bytes) -> Iterator[tuple[str, int, int]]:
    """Yield the name of the new file, and the first and last line (exclusive) of each changed range."""
    name, content = "", 0
    for line in output.split(b"\n"):
        if content:
            content -= not line.startswith(b"\\")
        elif line.startswith(b"+++ "):
            name = line[4:].decode()
        elif match := _HUNK_HEADER.match(line):
            old, start, count = (int(match[group] or 1) for group in (1, 2, 3))
            content = old + count
            yield (name, start, start + count) if count else (name, max(start, 1), start + 2)
