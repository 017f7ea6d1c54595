"""Sentences for a person about notes that fixes have changed: which, how many edits, and how to see or undo them."""

import os
import shlex
from collections.abc import Iterator, Mapping, Sequence

from techstock.commands.session import Session
from techstock.project.errors import GitError
from techstock.project.git_objects import hash_blob
from techstock.text.phrases import format_count

_MAX_NOTES = 10  # that are named


class UndoAdvice:
    """Tells, of notes that are about to be changed, whether git can undo exactly the changes."""

    def __init__(self, work: Session, texts: Mapping[str, str]) -> None:
        self._work = work
        self._git = work.project.git
        self._others = sorted(texts.keys() - self._find_staged(texts)) if self._git else []

    def _find_staged(self, texts: Mapping[str, str]) -> set[str]:
        """Return the notes whose text is the one in git's index."""
        if self._git is None:
            return set()
        try:
            output = self._git.run("ls-files", "--stage", "-z")
        except GitError:
            return set()
        rows = (row.partition("\t") for row in os.fsdecode(output).split("\0") if row)
        blobs = {path: fields.split()[1] for fields, _, path in rows}
        return {path for path in texts.keys() & blobs.keys() if hash_blob(texts[path], blobs[path]) == blobs[path]}

    def format_sentences(self, edits: Mapping[str, int]) -> Iterator[str]:
        """Yield the sentences for these notes, each with the number of its edits."""
        shown = [
            f"`{self._display(path)}` ({format_count(edits[path], 'edit')})" for path in sorted(edits)[:_MAX_NOTES]
        ]
        more = f" and {format_count(len(edits) - _MAX_NOTES, 'more note')}" if len(edits) > _MAX_NOTES else ""
        yield f"changed: {', '.join(shown)}{more}"
        if self._git is None:
            yield "there is no git repository that could show or undo this; `--diff` shows changes before they are made"
            return
        others = [path for path in self._others if path in edits]
        alone = [path for path in sorted(edits) if path not in others]
        if alone:
            yield f"`git diff` shows the changes; {self._format_command(alone)}"
        if others:
            yield (
                f"{self._format_names(others)} had changes before that are not staged: `git diff` shows both, and "
                "`git restore` would undo both"
            )

    def _format_command(self, paths: Sequence[str]) -> str:
        if len(paths) > _MAX_NOTES:
            return "`git restore NOTE` undoes those of a note"
        return f"`git restore {' '.join(shlex.quote(self._display(path)) for path in paths)}` undoes them"

    def _format_names(self, paths: Sequence[str]) -> str:
        names = ", ".join(f"`{self._display(path)}`" for path in paths[:_MAX_NOTES])
        return names if len(paths) <= _MAX_NOTES else f"{names} and {len(paths) - _MAX_NOTES:,} more"

    def _display(self, path: str) -> str:
        return os.path.relpath(self._work.project.root / path, self._work.cwd)
