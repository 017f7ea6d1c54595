"""Read the notes of a task, with a line about it on the terminal."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from techstock.cli.color import is_terminal
from techstock.cli.task import Task
from techstock.model import Corpus


def gathered(work: Task, *, quiet: bool) -> Corpus:
    """The corpus; `quiet` shows no progress, even on a terminal."""
    with shown_progress("reading notes", quiet=quiet) as progress:
        return _corpus(work, progress)


@contextmanager
def shown_progress(what: str, *, quiet: bool) -> Iterator[Callable[[int, int], None] | None]:
    """Takes how many of how many are done, and tells it on the terminal; `None` where nobody would see it."""
    if quiet or sys.stderr is None or not is_terminal(sys.stderr, os.environ):
        yield None
        return
    from techstock.cli.progress import Progress

    progress = Progress(sys.stderr, what)
    try:
        yield progress
    finally:
        progress.close()


def _corpus(work: Task, progress: Callable[[int, int], None] | None) -> Corpus:
    from techstock.engine.disk import Disk
    from techstock.engine.gather import gather

    files = Disk(work.project, work.config.image_root, keep=True)
    return gather(work.paths, work.read, work.config.section_level, work.config.duplicate_scope, progress, files)
