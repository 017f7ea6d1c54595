"""Read and parse notes, in this process and in others."""

from collections.abc import Callable, Iterator, Sequence

import msgspec

from techstock.cache import FileStamp
from techstock.cache.note_record import NoteRecord, RuleWithOptions, parse_and_check
from techstock.engine.timeouts import TimeLimitExceededError, limit_time
from techstock.model import ParseLimits, ReadFailure, Span
from techstock.project.reading import decode_note, read_note_bytes

UnreadFile = tuple[str, ReadFailure]
"""A path, and why the note there has no text."""

_MAX_PORTION_SIZE = 64_000  # bytes of notes that are handed out at once: a twentieth of a second or so
_MIN_PORTION_SIZE = 4_000
_REMAINING_DIVISOR = (
    16  # a portion is at most such a part of what is left: at the end, nobody waits long for somebody else
)


class ParseJob(msgspec.Struct, frozen=True):
    """Options for reading, parsing and checking each note: see `LoadOptions`. `rules` run on it."""

    root: bytes
    limit: int
    level: int
    rules: tuple[RuleWithOptions, ...]
    limits: ParseLimits = ParseLimits()
    seconds: float = 30

    def parse_file(self, path: str) -> NoteRecord | UnreadFile:
        """Read, parse and check one note."""
        data = read_note_bytes(self.root, path, limit=self.limit)
        if isinstance(data, ReadFailure):
            return path, data
        text = decode_note(data, path)
        if isinstance(text, ReadFailure):
            return path, text
        try:
            with limit_time(self.seconds):
                return parse_and_check(path, data, text, (self.level, self.limits), self.rules)
        except TimeLimitExceededError:
            return path, describe_timeout(self.seconds)


def describe_timeout(seconds: float) -> ReadFailure:
    """Return the fault of a note that took more than so many seconds."""
    message = f"the note took more than the {seconds:,} seconds of `limits.seconds`"
    return ReadFailure(Span(0, 0), "time", message, "split the note, or raise `limits.seconds`")


def parse_files(
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
