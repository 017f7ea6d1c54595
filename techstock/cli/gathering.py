"""Loading of the corpus of a session, with a progress line on the terminal."""

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TypeVar

from techstock.cli.color import is_terminal
from techstock.cli.keeping import kept
from techstock.cli.task import Task
from techstock.engine.diagnose import Plan
from techstock.engine.disk import Disk
from techstock.engine.errors import NoteChangedError
from techstock.engine.gather import Gathered, Wish, gather
from techstock.engine.patience import together
from techstock.model import Fault

_ATTEMPTS = 3  # at notes that change while they are read
_Made = TypeVar("_Made")


class Gathering:
    """Loader for the corpus of a session; `plans` are the rules whose cached results are loaded with it.

    With `--quiet`, no progress is shown, even on a terminal.
    """

    def __init__(self, work: Task, options: Namespace, cwd: Path, plans: Sequence[Plan] = ()) -> None:
        self._work = work
        self._options = options
        self._cwd = cwd
        self._plans = plans
        self._texts = _given(work)
        self._statuses = work.statuses

    def use(self, make: Callable[[Gathered], _Made], *, bounded: bool = True) -> _Made:
        """Call `make` with the corpus and return its result; load again and retry if a note changes meanwhile.

        Raise `NoteChangedError` if notes keep changing, `CorpusTimeoutError` if `make` is `bounded` and takes too long;
        pass `bounded=False` if `make` limits its own time.
        """
        for _ in range(_ATTEMPTS - 1):
            try:
                return self._made(make, bounded=bounded)
            except NoteChangedError as error:  # its stamp is worth nothing now
                self._statuses = {path: status for path, status in self._statuses.items() if path != error.path}
        return self._made(make, bounded=bounded)

    def _made(self, make: Callable[[Gathered], _Made], *, bounded: bool) -> _Made:
        got = self.gathered()
        with together(got.corpus.notes, self._work.config.seconds) if bounded else nullcontext():
            return make(got)

    def gathered(self) -> Gathered:
        """Load the corpus from the files as they are now, and from the cache."""
        work, options, config = self._work, self._options, self._work.config
        store = kept(options, work.project, config, self._cwd)
        keep = Path(store.folder.path) if store.folder else None
        wish = Wish(
            os.fsencode(work.project.root),
            config.file_size,
            config.section_level,
            config.duplicate_scope,
            self._texts,
            options.jobs or _processors(),
            self._statuses,
            Disk(work.project, config.image_root, keep),
            config.limits,
            config.seconds,
        )
        with shown_progress("reading notes", quiet=options.quiet) as progress:
            return gather(work.paths, wish, store, self._plans, progress)


@contextmanager
def shown_progress(what: str, *, quiet: bool) -> Iterator[Callable[[int, int], None] | None]:
    """Yield a function that shows how many of how many are done; `None` if quiet or stderr is no terminal."""
    if quiet or sys.stderr is None or not is_terminal(sys.stderr, os.environ):
        yield None
        return
    from techstock.cli.progress import Progress

    progress = Progress(sys.stderr, what)
    try:
        yield progress
    finally:
        progress.close()


def _given(work: Task) -> Mapping[str, str | Fault]:
    """Return the texts that replace files, by path: the note from stdin, which can be read only once."""
    if not work.stdin:
        return {}
    from techstock.cli.stdin import stdin_text

    return {work.stdin: stdin_text(work.stdin, work.config.file_size)}


def _processors() -> int:
    """Return how many processors this process may use, at most 8: so many parse as fast as a disk reads."""
    try:
        return min(len(os.sched_getaffinity(0)), 8)
    except AttributeError:  # not on macOS and Windows
        return min(os.cpu_count() or 1, 8)
