"""Loading of the corpus of a session, with a progress line on the terminal."""

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TypeVar

from techstock.cli.color import is_terminal
from techstock.cli.keeping import open_cache
from techstock.cli.task import Session
from techstock.engine.diagnose import RuleRun
from techstock.engine.disk import DiskFiles
from techstock.engine.errors import NoteChangedError
from techstock.engine.gather import LoadedCorpus, LoadOptions, load_corpus
from techstock.engine.patience import limit_corpus_time
from techstock.model import ReadFailure

_MAX_ATTEMPTS = 3  # at notes that change while they are read
_Result = TypeVar("_Result")


class CorpusReader:
    """Loader for the corpus of a session; `plans` are the rules whose cached results are loaded with it.

    With `--quiet`, no progress is shown, even on a terminal.
    """

    def __init__(self, work: Session, options: Namespace, cwd: Path, plans: Sequence[RuleRun] = ()) -> None:
        self._work = work
        self._options = options
        self._cwd = cwd
        self._plans = plans
        self._texts = _read_stdin_texts(work)
        self._statuses = work.statuses

    def call_with_corpus(self, make: Callable[[LoadedCorpus], _Result], *, bounded: bool = True) -> _Result:
        """Call `make` with the corpus and return its result; load again and retry if a note changes meanwhile.

        Raise `NoteChangedError` if notes keep changing, `CorpusTimeoutError` if `make` is `bounded` and takes too long;
        pass `bounded=False` if `make` limits its own time.
        """
        for _ in range(_MAX_ATTEMPTS - 1):
            try:
                return self._call_once(make, bounded=bounded)
            except NoteChangedError as error:  # its stamp is worth nothing now
                self._statuses = {path: status for path, status in self._statuses.items() if path != error.path}
        return self._call_once(make, bounded=bounded)

    def _call_once(self, make: Callable[[LoadedCorpus], _Result], *, bounded: bool) -> _Result:
        got = self.read_corpus()
        with limit_corpus_time(got.corpus.notes, self._work.config.seconds) if bounded else nullcontext():
            return make(got)

    def read_corpus(self) -> LoadedCorpus:
        """Load the corpus from the files as they are now, and from the cache."""
        work, options, config = self._work, self._options, self._work.config
        store = open_cache(options, work.project, config, self._cwd)
        keep = Path(store.folder.path) if store.folder else None
        wish = LoadOptions(
            os.fsencode(work.project.root),
            config.file_size,
            config.section_level,
            config.duplicate_scope,
            self._texts,
            options.jobs or _count_processors(),
            self._statuses,
            DiskFiles(work.project, config.image_root, keep),
            config.limits,
            config.seconds,
        )
        with show_progress("reading notes", quiet=options.quiet) as progress:
            return load_corpus(work.paths, wish, store, self._plans, progress)


@contextmanager
def show_progress(what: str, *, quiet: bool) -> Iterator[Callable[[int, int], None] | None]:
    """Yield a function that shows how many of how many are done; `None` if quiet or stderr is no terminal."""
    if quiet or sys.stderr is None or not is_terminal(sys.stderr, os.environ):
        yield None
        return
    from techstock.cli.progress import ProgressLine

    progress = ProgressLine(sys.stderr, what)
    try:
        yield progress
    finally:
        progress.close()


def _read_stdin_texts(work: Session) -> Mapping[str, str | ReadFailure]:
    """Return the texts that replace files, by path: the note from stdin, which can be read only once."""
    if not work.stdin:
        return {}
    from techstock.cli.stdin import read_stdin_text

    return {work.stdin: read_stdin_text(work.stdin, work.config.file_size)}


def _count_processors() -> int:
    """Return how many processors this process may use, at most 8: so many parse as fast as a disk reads."""
    try:
        return min(len(os.sched_getaffinity(0)), 8)
    except AttributeError:  # not on macOS and Windows
        return min(os.cpu_count() or 1, 8)
