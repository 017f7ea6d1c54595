"""Read and parse notes, in this process and in others."""

from collections.abc import Callable, Iterator, Sequence

import msgspec

from techstock.cache import Stamp
from techstock.engine.patience import TakesTooLongError, within
from techstock.engine.record import Chosen, Record, record
from techstock.model import Fault, Limits, Place
from techstock.project.reading import content, decoded

Unread = tuple[str, Fault]
"""A path, and why the note there has no text."""

_PORTION = 64_000  # bytes of notes that are handed out at once: a twentieth of a second or so
_LEAST = 4_000
_SHARE = 16  # a portion is at most such a part of what is left: at the end, nobody waits long for somebody else


class Work(msgspec.Struct, frozen=True):
    """Options for reading, parsing and checking each note: see `LoadOptions`. `rules` run on it."""

    root: bytes
    limit: int
    level: int
    rules: tuple[Chosen, ...]
    limits: Limits = Limits()
    seconds: float = 30

    def on(self, path: str) -> Record | Unread:
        """Read, parse and check one note."""
        data = content(self.root, path, limit=self.limit)
        if isinstance(data, Fault):
            return path, data
        text = decoded(data, path)
        if isinstance(text, Fault):
            return path, text
        try:
            with within(self.seconds):
                return record(path, data, text, (self.level, self.limits), self.rules)
        except TakesTooLongError:
            return path, too_slow(self.seconds)


def too_slow(seconds: float) -> Fault:
    """Return the fault of a note that took more than so many seconds."""
    message = f"the note took more than the {seconds:,} seconds of `limits.seconds`"
    return Fault(Place(0, 0), "time", message, "split the note, or raise `limits.seconds`")


def done(
    work: Work, files: Sequence[tuple[str, Stamp]], jobs: int, progress: Callable[[int], None]
) -> Iterator[Record | Unread]:
    """Parse the notes at these paths, and yield the results in any order.

    `progress` is called with the number of notes that are done. Raises `WorkerError` if a process was killed.
    """
    portions = list(_portions(files))
    if jobs > 1 and len(portions) > 1:
        from techstock.engine.crew import results  # late: most runs parse little

        found = results(work, portions, min(jobs, len(portions)))
    else:
        found = (work.on(path) for paths in portions for path in paths)
    for count, one in enumerate(found, 1):
        progress(count)
        yield one


def _portions(files: Sequence[tuple[str, Stamp]]) -> Iterator[list[str]]:
    """Yield the paths in portions that become smaller, those of the largest notes first."""
    sizes = sorted(((max(stamp[0], 0) + 500, path) for path, stamp in files), reverse=True)  # an empty one takes time
    left = sum(size for size, _ in sizes)
    paths: list[str] = []
    taken = 0
    for size, path in sizes:
        paths.append(path)
        taken += size
        if taken >= min(_PORTION, max(left // _SHARE, _LEAST)):
            yield paths
            left -= taken
            paths, taken = [], 0
    if paths:
        yield paths
