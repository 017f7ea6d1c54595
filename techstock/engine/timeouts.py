"""Time limits for one note, and for a step that sees all notes."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from techstock.engine.errors import CorpusTimeoutError
from techstock.model import Corpus, compute_once
from techstock.text.phrases import format_count

_SIZE_UNITS = (1_000, 10_000, 1_000)  # notes, entries, images: for so many, all together may take as long once more


class TimeLimitExceededError(BaseException):
    """A time limit was exceeded. Not an `Exception`, so that an interrupted rule does not count as a failed one."""


@contextmanager
def limit_time(seconds: float) -> Iterator[None]:
    """Raise `TimeLimitExceededError` in the body after so many seconds of this process's own processor time.

    The time of other processes does not count. Limits may be nested. There is no limit on systems without these timers
    (Windows), nor outside the main thread.
    """
    if not hasattr(signal, "setitimer"):
        yield
        return
    try:
        before = signal.signal(signal.SIGVTALRM, _raise_time_limit)
    except ValueError:  # not the main thread
        yield
        return
    outer, begun = signal.getitimer(signal.ITIMER_VIRTUAL)[0], os.times().user
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, seconds, 1)  # again each second: some places swallow what is raised
        try:
            yield
        finally:
            left = max(outer - (os.times().user - begun), 0.001) if outer else 0
            signal.setitimer(signal.ITIMER_VIRTUAL, left, 1 if outer else 0)
    finally:
        signal.signal(signal.SIGVTALRM, before)


@contextmanager
def limit_corpus_time(corpus: Corpus, seconds: float) -> Iterator[None]:
    """Raise `CorpusTimeoutError` if the body takes longer than is allowed for a step that sees all notes.

    The limit is `seconds`, and as many again for each thousand notes, ten thousand entries and thousand images: it
    grows with the notes, as the time of every rule does, so that only a step whose time grows faster is stopped.
    """
    most = seconds * compute_once(corpus, _count_shares)
    try:
        with limit_time(most):
            yield
    except TimeLimitExceededError:
        raise CorpusTimeoutError(
            f"{format_count(len(corpus.notes), 'note')} together took more than the {most:,} seconds of processor time "
            "that `limits.seconds` allows for so many"
        ) from None


def _count_shares(corpus: Corpus) -> int:
    """Return how many times the limit of one note a step may take that sees all notes."""
    notes = corpus.notes
    sizes = (len(notes), sum(note.counts[1] for note in notes), sum(note.counts[2] for note in notes))
    return 1 + sum(size // each for size, each in zip(sizes, _SIZE_UNITS, strict=True))


def _raise_time_limit(number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001 (as Python calls it)
    raise TimeLimitExceededError
