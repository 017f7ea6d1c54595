"""Load notes into a corpus from the cache and from files, which several processes parse where it pays."""

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

import msgspec

from techstock.cache import CachedNote, NoteStore, make_stamp
from techstock.cache.lazy_note import NoteLoader
from techstock.cache.note_record import NoteRecord, NoteSummary, hash_note
from techstock.cache.rule_results import RuleResults
from techstock.engine.rule_runs import RuleRun
from techstock.engine.timeouts import TimeLimitExceededError, limit_time
from techstock.load.parse_job import ParseJob, UnreadFile, describe_defect, describe_timeout
from techstock.model import Corpus, Note, ParseLimits, ProjectFiles, ReadFailure
from techstock.model.files import FileStamp
from techstock.project.reading import read_note_bytes

ProgressCallback = Callable[[int, int], None]
_MIN_PARALLEL_SIZE = 400_000  # bytes: with less to parse, a second process costs more than it saves
_MAX_PORTION_SIZE = 64_000  # bytes of notes that are handed out at once: a twentieth of a second or so
_MIN_PORTION_SIZE = 4_000
_REMAINING_DIVISOR = (
    16  # a portion is at most such a part of what is left: at the end, nobody waits long for somebody else
)


class LoadOptions(msgspec.Struct, frozen=True):
    """Options for loading notes.

    `root` is the project's, in bytes; `limit` the largest size of a note in bytes; `level` the configured section
    level, 0 if it is learned from each note; `scope` the `duplicate_scope` of the corpus. `given` are texts by path
    that are used in place of files. `jobs` is the maximum number of processes that parse, `statuses` the stat results
    of files from before the run. `files` are the other files that the corpus knows. `limits` say how much of a note is
    parsed, and `seconds` how long that may take.
    """

    root: bytes
    limit: int
    level: int = 0
    scope: str = "corpus"
    given: Mapping[str, str | ReadFailure] = {}
    jobs: int = 1
    statuses: Mapping[str, os.stat_result] = {}
    files: ProjectFiles | None = None
    limits: ParseLimits = ParseLimits()
    seconds: float = 30

    @property
    def how(self) -> tuple[int, ParseLimits]:
        """Section level and limits, as `parse` takes them."""
        return self.level, self.limits


class LoadedCorpus(msgspec.Struct, frozen=True):
    """A loaded corpus with its cached results. `kept` notes were cached, `processes` parsed the others.

    `store` holds all that was cached before the run, `entries` what is known of each note that could be read, by path.
    `save` writes the cache for the next run.
    """

    corpus: Corpus
    verdicts: RuleResults
    store: NoteStore[NoteSummary]
    kept: int
    processes: int
    save: Callable[[], None]
    entries: Mapping[str, CachedNote[NoteSummary]]


def load_corpus(
    paths: Collection[str],
    wish: LoadOptions,
    store: NoteStore[NoteSummary] | None = None,
    plans: Sequence[RuleRun] = (),
    progress: ProgressCallback | None = None,
) -> LoadedCorpus:
    """Load the notes at `paths`, sorted by path. The result is the same as if every file were read and parsed anew.

    A note that cannot be read has a fault that says why, and no facts. `progress` is called with the number of notes
    that are done and the number of all. Raises `WorkerError` if a process was killed.
    """
    store = NoteStore(NoteSummary) if store is None else store
    verdicts = RuleResults(store, plans)
    files = sorted(set(paths) - wish.given.keys())
    entries, left = _find_cached(files, wish, store)
    kept = len(entries)
    faults: dict[str, ReadFailure] = {}
    work = ParseJob(wish.root, wish.limit, wish.level, tuple(verdicts.chosen), wish.limits, wish.seconds)
    jobs = wish.jobs if sum(stamp[0] for _, stamp in left) >= _MIN_PARALLEL_SIZE else 1
    stamps = dict(left)
    for found in _parse_files(work, left, jobs, _offset_progress(progress, kept, len(files))):
        if isinstance(found, NoteRecord):
            entries[found.path] = _cache_record(found, stamps[found.path], store, verdicts)
        else:
            faults[found[0]] = found[1]
    source = NoteLoader(wish.root, wish.limit, wish.how, store)
    notes = [*(source.make_lazy_note(entry) for entry in entries.values()), *_make_uncached_notes(wish, faults)]
    corpus = Corpus(tuple(sorted(notes, key=_get_path)), wish.scope, wish.files, kept=store.values)
    verdicts.set_corpus(corpus, entries)
    keep = [entries[path] for path in sorted(entries)]

    def save() -> None:
        verdicts.finish()
        store.save(keep, changed=verdicts.learned)

    return LoadedCorpus(corpus, verdicts, store, kept, jobs if left else 0, save, entries)


def _get_path(note: Note) -> str:
    return note.path


def _find_cached(
    files: Iterable[str], wish: LoadOptions, store: NoteStore[NoteSummary]
) -> tuple[dict[str, CachedNote[NoteSummary]], list[tuple[str, FileStamp]]]:
    """Return the cache entries of unchanged files, and the other files with their stamps."""
    found: dict[str, CachedNote[NoteSummary]] = {}
    left: list[tuple[str, FileStamp]] = []
    for path in files:
        now = make_stamp(wish.statuses.get(path))  # of before it is read: what changes later has another stamp
        entry = None
        if len(store) and 0 <= now[0] <= wish.limit:
            entry = store.find_unchanged(path, now) or _find_same_content(path, now, wish, store)
        if entry:
            found[path] = entry
        else:
            left.append((path, now))
    return found, left


def _find_same_content(
    path: str, now: FileStamp, wish: LoadOptions, store: NoteStore[NoteSummary]
) -> CachedNote[NoteSummary] | None:
    data = read_note_bytes(wish.root, path, limit=wish.limit)
    return None if isinstance(data, ReadFailure) else store.find_by_digest(path, hash_note(data), now)


def _cache_record(
    found: NoteRecord, now: FileStamp, store: NoteStore[NoteSummary], verdicts: RuleResults
) -> CachedNote[NoteSummary]:
    ran, problems = verdicts.renumber_results(found)
    entry = CachedNote(found.path, now, found.digest, found.brief, ran, problems)
    store.add_facts(entry, found.facts)
    return entry


def _make_uncached_notes(wish: LoadOptions, faults: Mapping[str, ReadFailure]) -> Iterator[Note]:
    """Yield the notes that are not cached: those without facts, and those whose text was given."""
    for path, fault in faults.items():
        yield Note(path, "", wish.level, faults=(fault,))
    for path, text in wish.given.items():
        if isinstance(text, ReadFailure):
            yield Note(path, "", wish.level, faults=(text,))
        else:
            yield _parse_given(path, text, wish)


def _parse_given(path: str, text: str, wish: LoadOptions) -> Note:
    from techstock.parse import parse

    try:
        with limit_time(wish.seconds):
            return parse(path, text, *wish.how)
    except TimeLimitExceededError:
        return Note(path, "", wish.level, faults=(describe_timeout(wish.seconds),))
    except Exception as error:  # noqa: BLE001 (as in `ParseJob`)
        return Note(path, "", wish.level, faults=(describe_defect(error),))


def _offset_progress(progress: ProgressCallback | None, kept: int, total: int) -> Callable[[int], None]:
    return lambda done: progress(kept + done, total) if progress else None


def _parse_files(
    work: ParseJob, files: Sequence[tuple[str, FileStamp]], jobs: int, progress: Callable[[int], None]
) -> Iterator[NoteRecord | UnreadFile]:
    """Parse the notes at these paths, and yield the results in any order.

    `progress` is called with the number of notes that are done. Raises `WorkerError` if a process was killed.
    """
    portions = list(_split_into_portions(files))
    if jobs > 1 and len(portions) > 1:
        from techstock.load.worker_pool import parse_in_workers  # late: most runs parse little

        found = parse_in_workers(work, portions, min(jobs, len(portions)))
    else:
        found = (work.parse_file(path) for paths in portions for path in paths)
    for count, one in enumerate(found, 1):
        progress(count)
        yield one


def _split_into_portions(files: Sequence[tuple[str, FileStamp]]) -> Iterator[list[str]]:
    """Yield the paths in portions that become smaller, those of the largest notes first."""
    sizes = sorted(((max(stamp[0], 0) + 500, path) for path, stamp in files), reverse=True)  # an empty one takes time
    left = sum(size for size, _ in sizes)
    paths: list[str] = []
    taken = 0
    for size, path in sizes:
        paths.append(path)
        taken += size
        if taken >= min(_MAX_PORTION_SIZE, max(left // _REMAINING_DIVISOR, _MIN_PORTION_SIZE)):
            yield paths
            left -= taken
            paths, taken = [], 0
    if paths:
        yield paths
