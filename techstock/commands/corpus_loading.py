"""The corpus of a session, loaded from the cache, from files and from stdin, and again if a note changes meanwhile."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from math import isfinite

from techstock.cache import NoteStore
from techstock.cache.note_record import NoteSummary
from techstock.commands.console import is_terminal
from techstock.commands.errors import UsageError
from techstock.commands.session import Session, compute_cache_key, explain_untrusted_cache, locate_cache
from techstock.config import ConfigError
from techstock.engine.errors import CorpusTimeoutError, DamagedCacheError, NoteChangedError, WorkerError
from techstock.engine.rule_runs import RuleRun
from techstock.engine.timeouts import limit_corpus_time
from techstock.load.corpus_loader import LoadedCorpus, LoadOptions, load_corpus
from techstock.load.project_files import DiskFiles
from techstock.model import Corpus, Diagnostic, ReadFailure, Span
from techstock.project import ProjectError
from techstock.project.reading import decode_note

_CHUNK_SIZE = 1 << 20  # bytes; Python sets aside whatever is asked for


def open_cache(work: Session, *, fresh: bool = False) -> NoteStore[NoteSummary]:
    """Open the cache of the project; one that is off or cannot be trusted keeps nothing.

    With `fresh`, what it holds is damaged: nothing is taken from it, and it is replaced.
    """
    if not work.loading.cache:
        return NoteStore(NoteSummary, trouble="off")
    folder = locate_cache(work.loading.cache_dir, work.project.root, work.cwd)
    trouble = explain_untrusted_cache(work.project, folder)
    if trouble:
        return NoteStore(NoteSummary, trouble=trouble)
    return NoteStore(NoteSummary, folder, compute_cache_key(work.config, work.project.base), fresh=fresh)


def format_cache_summary(got: LoadedCorpus) -> str:
    """Return one line about how many notes were cached or parsed, and where the cache is."""
    total, store = len(got.corpus.notes), got.store
    parts = [f"{got.kept:,} of {total:,} notes kept from before"]
    if got.kept < total:
        parts.append(f"{total - got.kept:,} parsed in {got.processes} process{'' if got.processes == 1 else 'es'}")
    if store.trouble:
        parts.append(f"cache {store.trouble}")
    elif store.folder:
        parts.append(f"cache `{store.folder.path}` {'saved' if store.saved else 'unchanged'}")
    return ", ".join(parts)


_MAX_ATTEMPTS = 3  # at notes that change while they are read
_EXPECTED_ERRORS = (UsageError, ConfigError, ProjectError, NoteChangedError, CorpusTimeoutError, WorkerError, OSError)


def load_until_unchanged(
    work: Session, plans: Sequence[RuleRun] = (), *, bounded: bool = True
) -> Iterator[AbstractContextManager[LoadedCorpus]]:
    """Load the corpus, and again if a note changes while it is used; `plans` are the rules whose results are cached.

        for attempt in load_until_unchanged(session):
            with attempt as loaded:
                ...  # all that reads notes, and nothing that writes but `loaded.save()`

    Raise `NoteChangedError` if notes keep changing, and `CorpusTimeoutError` if an attempt is `bounded` and takes too
    long; pass `bounded=False` if its body limits its own time.
    """
    texts, statuses = _read_stdin_texts(work), dict(work.statuses)
    left, fresh = _MAX_ATTEMPTS, False
    while True:
        loaded = _load_once(work, plans, texts, statuses, fresh=fresh)
        limit = limit_corpus_time(loaded.corpus, work.config.limits.seconds) if bounded else nullcontext()
        failed: list[Exception] = []
        yield _watch_attempt(loaded, limit, failed, last=left == 1)
        if not failed:
            return
        if isinstance(failed[0], NoteChangedError):
            statuses.pop(failed[0].path, None)  # its stamp is worth nothing now
            left -= 1
        else:
            fresh = True


@contextmanager
def _watch_attempt(
    loaded: LoadedCorpus, limit: AbstractContextManager[None], failed: list[Exception], *, last: bool
) -> Iterator[LoadedCorpus]:
    """Add the error to `failed` that ends the body if another attempt may help, and raise any other.

    A note that has changed helps itself, except the `last` time. Whatever else goes wrong with cached facts may be
    their fault, though their checksums fit: with none of them, an error that remains is one of techstock's.
    """
    try:
        with limit:
            yield loaded
    except NoteChangedError as error:
        if last:
            raise
        failed.append(error)
    except _EXPECTED_ERRORS:
        raise
    except Exception as error:  # it is raised again by an attempt without a cache
        if not len(loaded.store):
            raise
        failed.append(error)


def _load_once(
    work: Session,
    plans: Sequence[RuleRun],
    texts: Mapping[str, str | ReadFailure],
    statuses: Mapping[str, os.stat_result],
    *,
    fresh: bool,
) -> LoadedCorpus:
    """Load the corpus from the files as they are now, and from the cache, unless all is to be read `fresh`."""
    config, store = work.config, open_cache(work, fresh=fresh)
    wish = LoadOptions(
        os.fsencode(work.project.root),
        config.limits.file_size,
        config.section_level,
        config.duplicate_scope,
        texts,
        work.loading.jobs or _count_processors(),
        statuses,
        DiskFiles(work.project, config.targets, store.folder),
        config.limits.parsing,
        config.limits.seconds,
    )
    with show_progress("reading notes", quiet=work.quiet) as progress:
        try:
            return load_corpus(work.paths, wish, store, plans, progress)
        except _EXPECTED_ERRORS:
            raise
        except Exception:
            if not len(store):
                raise
            return load_corpus(work.paths, wish, open_cache(work, fresh=True), plans, progress)


def require_valid_problems(corpus: Corpus, found: Iterable[Diagnostic]) -> None:
    """Raise `DamagedCacheError` for a problem that no rule yields: it was cached, and is outside of its note."""
    for problem in (part.problem for one in found for part in (one, *one.parts)):
        if not _is_plain(problem.data):
            raise DamagedCacheError("a problem holds data that are not plain")
        places = [problem.place, *(one.place for one in problem.related), *problem.differs, *problem.ignored]
        places += [edit.place for edit in problem.fix.edits] if problem.fix else []
        for place in places:
            note = corpus.by_path.get(place.path)
            if not 0 <= place.start <= place.end or (note and place.end > len(note.text)):
                raise DamagedCacheError(f"`{place.path}` does not hold {place.start}-{place.end}")


def require_own_failures(loaded: LoadedCorpus, errors: Iterable[Exception]) -> None:
    """Raise an error of a rule that failed if cached facts may have caused it: the attempt without them decides."""
    for error in errors:
        if len(loaded.store) and not isinstance(error, CorpusTimeoutError):
            raise error


def _is_plain(value: object) -> bool:
    """Return whether a value consists of what JSON knows."""
    if isinstance(value, dict):
        return all(isinstance(key, str) and _is_plain(inner) for key, inner in value.items())
    if isinstance(value, list | tuple):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, str | int) or (isinstance(value, float) and isfinite(value))


@contextmanager
def show_progress(what: str, *, quiet: bool) -> Iterator[Callable[[int, int], None] | None]:
    """Yield a function that shows how many of how many are done; `None` if quiet or stderr is no terminal."""
    if quiet or sys.stderr is None or not is_terminal(sys.stderr, os.environ):
        yield None
        return
    from techstock.commands.console import ProgressLine

    progress = ProgressLine(sys.stderr, what)
    try:
        yield progress
    finally:
        progress.close()


def _read_stdin_texts(work: Session) -> Mapping[str, str | ReadFailure]:
    """Return the texts that replace files, by path: the note from stdin, which can be read only once."""
    if not work.stdin:
        return {}
    return {work.stdin: _read_stdin_text(work.stdin, work.config.limits.file_size)}


def _read_stdin_text(path: str, limit: int) -> str | ReadFailure:
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


def _count_processors() -> int:
    """Return how many processors this process may use, at most 8: so many parse as fast as a disk reads."""
    try:
        return min(len(os.sched_getaffinity(0)), 8)
    except AttributeError:  # not on macOS and Windows
        return min(os.cpu_count() or 1, 8)
