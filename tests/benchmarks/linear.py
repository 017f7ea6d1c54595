"""Twice the text takes twice the time: for the parser, every rule and the fixer, on shapes that are hard and ordinary.

`python -m tests.benchmarks.linear [PART OF A NAME…]` lets each shape grow twofold, up to 64,000 characters, and
measures CPU time. It fails where a doubling takes more than three times as long, in the best of five measurements each,
and the next doubling does so too: one step up may be a table that grows, or a part that was idle before.
Nothing is said of what takes less than 10 ms: at the largest size that a note may have, it would take ten seconds at
most if it grew with the square.
"""

import sys
from collections.abc import Callable, Iterator
from time import process_time

from techstock.engine import diagnose
from techstock.engine.diagnose import Plan
from techstock.fix.loop import fix
from techstock.model import Corpus, Note
from techstock.model.note import FACTS
from techstock.parse import parse
from tests.benchmarks.shapes import Shape, shapes
from tests.fix.documents import PLANS

SMALLEST, LARGEST = 4_000, 64_000  # characters
FLOOR = 0.010  # seconds
MOST = 3.0
TIMES = 5
Subject = Callable[[Note], Callable[[], object]]
"""Takes a parsed note; what it returns is measured, once."""


def _anew(note: Note) -> Corpus:
    """A corpus of this note with its facts, of which nothing has been worked out."""
    return Corpus((Note(note.path, note.text, note.level, **{name: getattr(note, name) for name in FACTS}),))


def _rule(plan: Plan) -> Subject:
    def prepared(note: Note) -> Callable[[], object]:
        corpus = _anew(note)
        return lambda: diagnose(corpus, [plan])

    return prepared


def _parser(note: Note) -> Callable[[], object]:
    return lambda: parse(note.path, note.text)


def _fixer(note: Note) -> Callable[[], object]:
    corpus = _anew(note)
    return lambda: fix(corpus, lambda changed: diagnose(changed, PLANS), unsafe=True)


SUBJECTS: dict[str, Subject] = {
    "parser": _parser,
    **{plan.rule.name: _rule(plan) for plan in PLANS},
    "fixer": _fixer,
}


def _time(subject: Subject, note: Note, times: int) -> float:
    """Seconds of CPU time, the least of so many measurements."""
    best = float("inf")
    for _ in range(times):
        work = subject(note)
        start = process_time()
        work()
        best = min(best, process_time() - start)
    return best


def grown(shape: Shape) -> Iterator[Note]:
    size = SMALLEST
    while size <= LARGEST:
        yield parse("note.md", shape(size))
        size *= 2


def misses(name: str, shape: Shape) -> Iterator[str]:
    """A line about each subject that this shape takes too long."""
    suspects = dict.fromkeys(SUBJECTS, 0.0)
    smaller: Note | None = None
    for note in grown(shape):
        for subject, before in list(suspects.items()):
            took = _time(SUBJECTS[subject], note, 1)
            suspects[subject] = took
            if smaller is None or took < FLOOR or took < MOST * before:
                continue
            next_ = parse(note.path, shape(2 * len(note.text)))
            low, high, higher = (_time(SUBJECTS[subject], each, TIMES) for each in (smaller, note, next_))
            if high > FLOOR and high > MOST * low and higher > MOST * high:
                del suspects[subject]
                yield (
                    f"{subject}: {name}: {len(next_.text):,} characters took {higher * 1e3:.0f} ms, "
                    f"half of them {high * 1e3:.0f} ms, a quarter {low * 1e3:.0f} ms"
                )
        smaller = note


def main(parts: list[str]) -> int:
    """The exit code: 1 where something grows faster than its input."""
    failed = 0
    for number, (name, shape) in enumerate(shapes()):
        if parts and not any(part in name for part in parts):
            continue
        if number % 50 == 0:
            print(f"{process_time():.0f} s: {name}", file=sys.stderr, flush=True)
        for miss in misses(name, shape):
            print(miss, flush=True)
            failed += 1
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
