"""Changes in the notes since a commit: lines of the working tree, whether committed, staged or neither.

Git is asked only for names and stored objects and never reads the working tree: that would run the filters which a
repository's own configuration names. The texts are therefore compared outside the repository.
"""

import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from techstock.model import LineIndex, Note
from techstock.project.discovery import Project
from techstock.project.git import Git, GitError, find_git_program
from techstock.project.git_blame import is_shallow_clone
from techstock.project.git_objects import CommitFiles, hash_blob
from techstock.project.paths import make_printable
from techstock.project.root import ProjectError
from techstock.storage.protected_files import create_folders_below, create_scratch_file

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
        create_folders_below(folder, "a")
        create_folders_below(folder, "b")
        before, after = Path(folder, "a"), Path(folder, "b")
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
    content = text.encode("utf-8", "surrogateescape" if _has_raw_bytes(text) else "surrogatepass")
    create_scratch_file(str(file), content)


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


class ChangesSince(msgspec.Struct, frozen=True):
    """Changes since a commit.

    `lines` are the changed lines of each note, as half-open ranges counted from 1; notes without changes are left out.
    `gone` are paths of the commit that were deleted or renamed since. `files` are other files that are new or changed.
    """

    lines: Mapping[str, LineRanges]
    gone: frozenset[str]
    files: frozenset[str]


def find_changes_since(project: Project, ref: str, notes: Iterable[Note]) -> ChangesSince:
    """Return the changes between these notes and the last commit that `ref` and HEAD have in common.

    A renamed note is compared with its old version. Line endings are ignored. Where lines were deleted, the lines
    beside the gap count as changed. Raises `ProjectError` if there is no common commit.
    """
    git = project.git
    if git is None:
        raise ProjectError(f"`--since` needs git, and `{make_printable(str(project.root))}` is in no repository")
    try:
        return _compare_with_commit(git, _find_merge_base(git, ref), {note.path: note.text for note in notes})
    except GitError as error:
        raise ProjectError(f"--since: {error}") from error


def _find_merge_base(git: Git, ref: str) -> str:
    """Return the commit to compare with. Raises `GitError` if there is none."""
    if not ref or ref.startswith("-"):
        raise GitError(f"`{ref}` is no commit")
    commit, head = _resolve_commit(git, ref), _resolve_commit(git, "HEAD")
    shallow = is_shallow_clone(git)
    cure = "this clone is shallow: fetch its history (`git fetch --unshallow`, or `fetch-depth: 0` in a workflow)"
    if not commit:
        raise GitError(f"there is no commit `{ref}`{f', and {cure}' if shallow else ''}")
    if not head:
        raise GitError("this repository has no commit yet")
    base = git.run("merge-base", commit, head, fine=(0, 1)).decode().strip()
    if not base:
        raise GitError(f"`{ref}` and HEAD have no commit in common{f', and {cure}' if shallow else ''}")
    return base


def _resolve_commit(git: Git, name: str) -> str:
    """Return the object name of the commit that `name` refers to, empty if there is none."""
    said = git.run("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}", fine=(0, 1, 128)).decode().split()
    return said[0] if len(said) == 1 else ""  # a range is two


def _compare_with_commit(git: Git, base: str, notes: Mapping[str, str]) -> ChangesSince:
    blobs = CommitFiles(git, base)
    gone = frozenset(path for path in blobs.tree if not os.path.lexists(os.path.join(git.root, path)))
    before = {path: blobs.tree[path] for path in notes if path in blobs.tree}
    changed = {path for path, old in before.items() if hash_blob(notes[path], old) != old}
    lost = {blobs.tree[path] for path in gone if path not in notes}
    new = {path for path in notes if path not in before and not _is_among_blobs(notes[path], lost)}
    suffixes = {os.path.splitext(path)[1] for path in new}
    leads = sorted(path for path in gone if path not in notes and os.path.splitext(path)[1] in suffixes)
    old = blobs.read_texts({path: blobs.tree[path] for path in (*sorted(changed), *leads)})
    lines = find_changed_lines(
        pairs={path: (_split_lines(old[path]), _split_lines(notes[path])) for path in sorted(changed)},
        gone=[_split_lines(old[path]) for path in leads],
        new={path: _split_lines(notes[path]) for path in sorted(new)},
    )
    return ChangesSince(lines, gone, blobs.changed | _find_new_files(git, blobs.tree))


def _is_among_blobs(text: str, digests: Iterable[str]) -> bool:
    """Return whether the text is the content of one of these blobs."""
    some = next(iter(digests), "")
    return bool(some) and hash_blob(text, some) in digests


def _split_lines(text: str) -> list[str]:
    table = LineIndex(text)
    found = [text[start:end] for start, end in zip(table.starts, table.ends, strict=True)]
    return found if found[-1] else found[:-1]


def _find_new_files(git: Git, tree: Mapping[str, str]) -> frozenset[str]:
    listing = git.listing
    names = (os.fsdecode(name) for name in listing.untracked | listing.tracked)
    return frozenset(name for name in names if name not in tree)
