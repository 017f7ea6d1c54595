"""Load notes into a corpus from the cache and from files, which several processes parse where it pays."""

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

import msgspec

from techstock.cache import Entry, Stamp, Store, stamp_of
from techstock.engine.diagnose import Plan
from techstock.engine.kept import Source
from techstock.engine.patience import TakesTooLongError, within
from techstock.engine.record import Brief, Record, digest
from techstock.engine.verdicts import Verdicts
from techstock.engine.work import Work, done, too_slow
from techstock.model import Corpus, Fault, Files, Limits, Note
from techstock.project.reading import content

Progress = Callable[[int, int], None]
_WORTHWHILE = 400_000  # bytes: with less to parse, a second process costs more than it saves


class Wish(msgspec.Struct, frozen=True):
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
    scope: str = "directory"
    given: Mapping[str, str | Fault] = {}
    jobs: int = 1
    statuses: Mapping[str, os.stat_result] = {}
    files: Files | None = None
    limits: Limits = Limits()
    seconds: float = 30

    @property
    def how(self) -> tuple[int, Limits]:
        """Section level and limits, as `parse` takes them."""
        return self.level, self.limits


class Gathered(msgspec.Struct, frozen=True):
    """A loaded corpus with its cached results. `kept` notes were cached, `processes` parsed the others.

    `store` holds all that was cached before the run. `save` writes the cache for the next run.
    """

    corpus: Corpus
    verdicts: Verdicts
    store: Store[Brief]
    kept: int
    processes: int
    save: Callable[[], None]


def gather(
    paths: Collection[str],
    wish: Wish,
    store: Store[Brief] | None = None,
    plans: Sequence[Plan] = (),
    progress: Progress | None = None,
) -> Gathered:
    """Load the notes at `paths`, sorted by path. The result is the same as if every file were read and parsed anew.

    A note that cannot be read has a fault that says why, and no facts. `progress` is called with the number of notes
    that are done and the number of all. Raises `WorkerError` if a process was killed.
    """
    store = Store(Brief) if store is None else store
    verdicts = Verdicts(store, plans)
    files = sorted(set(paths) - wish.given.keys())
    entries, left = _kept(files, wish, store)
    kept = len(entries)
    faults: dict[str, Fault] = {}
    work = Work(wish.root, wish.limit, wish.level, tuple(verdicts.chosen), wish.limits, wish.seconds)
    jobs = wish.jobs if sum(stamp[0] for _, stamp in left) >= _WORTHWHILE else 1
    stamps = dict(left)
    for found in done(work, left, jobs, _counting(progress, kept, len(files))):
        if isinstance(found, Record):
            entries[found.path] = _entry(found, stamps[found.path], store, verdicts)
        else:
            faults[found[0]] = found[1]
    source = Source(wish.root, wish.limit, wish.how, store)
    notes = [*(source.note(entry) for entry in entries.values()), *_others(wish, faults)]
    corpus = Corpus(tuple(sorted(notes, key=_path)), wish.scope, wish.files)
    verdicts.take(corpus, entries)
    keep = [entries[path] for path in sorted(entries)]
    return Gathered(
        corpus, verdicts, store, kept, jobs if left else 0, lambda: store.save(keep, changed=verdicts.learned)
    )


def _path(note: Note) -> str:
    return note.path


def _kept(
    files: Iterable[str], wish: Wish, store: Store[Brief]
) -> tuple[dict[str, Entry[Brief]], list[tuple[str, Stamp]]]:
    """Return the cache entries of unchanged files, and the other files with their stamps."""
    found: dict[str, Entry[Brief]] = {}
    left: list[tuple[str, Stamp]] = []
    for path in files:
        now = stamp_of(wish.statuses.get(path))  # of before it is read: what changes later has another stamp
        entry = None
        if len(store) and 0 <= now[0] <= wish.limit:
            entry = store.unchanged(path, now) or _same(path, now, wish, store)
        if entry:
            found[path] = entry
        else:
            left.append((path, now))
    return found, left


def _same(path: str, now: Stamp, wish: Wish, store: Store[Brief]) -> Entry[Brief] | None:
    data = content(wish.root, path, limit=wish.limit)
    return None if isinstance(data, Fault) else store.same(path, digest(data), now)


def _entry(found: Record, now: Stamp, store: Store[Brief], verdicts: Verdicts) -> Entry[Brief]:
    ran, problems = verdicts.of_record(found)
    entry = Entry(found.path, now, found.digest, found.brief, ran, problems)
    store.add(entry, found.facts)
    return entry


def _others(wish: Wish, faults: Mapping[str, Fault]) -> Iterator[Note]:
    """Yield the notes that are not cached: those without facts, and those whose text was given."""
    for path, fault in faults.items():
        yield Note(path, "", wish.level, faults=(fault,))
    for path, text in wish.given.items():
        if isinstance(text, Fault):
            yield Note(path, "", wish.level, faults=(text,))
        else:
            yield _parsed(path, text, wish)


def _parsed(path: str, text: str, wish: Wish) -> Note:
    from techstock.parse import parse

    try:
        with within(wish.seconds):
            return parse(path, text, *wish.how)
    except TakesTooLongError:
        return Note(path, "", wish.level, faults=(too_slow(wish.seconds),))


def _counting(progress: Progress | None, kept: int, total: int) -> Callable[[int], None]:
    return lambda done: progress(kept + done, total) if progress else None
