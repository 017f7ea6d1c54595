"""Twice the text takes twice the time: for the parser, every rule and the fixer, on shapes that are hard and ordinary.

`python -m tests.benchmarks.linear [PART OF A NAME…]` lets each shape grow twofold, up to 64,000 characters, and
measures CPU time. It fails where a doubling takes more than three times as long, in the best of five measurements each.
Such a doubling is measured once more before it counts. At the end stands the worst doubling of each subject.
What takes less than 10 ms is not judged: at the largest size that a note may have, it would take ten seconds at most if
it grew with the square. What takes less than 2.4 times as long in a first measurement is not measured again. The
collector of cyclic garbage rests during a measurement: whether it happens to run is no property of what is measured.
"""

import gc
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from time import process_time

import msgspec

from techstock.engine import diagnose
from techstock.engine.rule_runs import RuleRun
from techstock.fix.fix_loop import fix_corpus
from techstock.model import Corpus, Note
from techstock.model.note import FACT_NAMES
from techstock.parse import parse
from tests.benchmarks.shapes import Shape, shapes
from tests.support import plan_rules, run_every_rule

SMALLEST, LARGEST = 4_000, 64_000  # characters
FLOOR = 0.010  # seconds
MOST = 3.0  # of the time of half the text
LOOK = 2.4  # where one measurement is below, best of five cannot be above three
TIMES = 5
Subject = Callable[[Note], Callable[[], object]]
"""Takes a parsed note; what it returns is measured, once."""


def _anew(note: Note) -> Corpus:
    """A corpus of this note with its facts, of which nothing has been worked out."""
    return Corpus((Note(note.path, note.text, note.level, **{name: getattr(note, name) for name in FACT_NAMES}),))


def _rule(plan: RuleRun) -> Subject:
    def prepared(note: Note) -> Callable[[], object]:
        corpus = _anew(note)
        return lambda: diagnose(corpus, [plan])

    return prepared


def _parser(note: Note) -> Callable[[], object]:
    return lambda: parse(note.path, note.text)


def _fixer(note: Note) -> Callable[[], object]:
    corpus = _anew(note)
    return lambda: fix_corpus(corpus, run_every_rule, unsafe=True)


SUBJECTS: dict[str, Subject] = {
    "parser": _parser,
    **{plan.rule.name: _rule(plan) for plan in plan_rules()},
    "fixer": _fixer,
}


class Doubling(msgspec.Struct, frozen=True):
    """Seconds of CPU time for one text of a shape, of so many characters, and for one half as long."""

    subject: str
    shape: str
    length: int
    half: float
    whole: float

    @property
    def ratio(self) -> float:
        return self.whole / self.half

    def __str__(self) -> str:
        times = f"{self.half * 1e3:8.1f} ms {self.whole * 1e3:8.1f} ms"
        return f"{self.ratio:5.2f} {times} {self.length:>7,} characters  {self.subject}: {self.shape}"


def _time(subject: Subject, note: Note) -> float:
    """Seconds of CPU time."""
    work = subject(note)
    gc.disable()
    start = process_time()
    work()
    took = process_time() - start
    gc.enable()
    return took


def grow_notes(shape: Shape) -> Iterator[Note]:
    size = SMALLEST
    while size <= LARGEST:
        yield parse("note.md", shape(size))
        size *= 2


def doublings(name: str, shape: Shape) -> Iterator[Doubling]:
    """Those of this shape that are judged, of every subject."""
    before = dict.fromkeys(SUBJECTS, float("inf"))
    for smaller, note in pairwise(grow_notes(shape)):
        for subject, work in SUBJECTS.items():
            if before[subject] == float("inf"):
                before[subject] = _time(work, smaller)
            took, half = _time(work, note), before[subject]
            before[subject] = took
            if took < FLOOR or took < LOOK * half:
                continue
            found = _measured(subject, name, smaller, note)
            if found.ratio > MOST:
                again = _measured(subject, name, smaller, note)
                found = min(found, again, key=lambda one: one.ratio)
            if found.whole >= FLOOR:
                yield found


def _measured(subject: str, name: str, smaller: Note, note: Note) -> Doubling:
    """In turn, so that a machine that slows down slows both."""
    work = SUBJECTS[subject]
    pairs = [(_time(work, smaller), _time(work, note)) for _ in range(TIMES)]
    half, whole = (min(times) for times in zip(*pairs, strict=True))
    return Doubling(subject, name, len(note.text), half, whole)


def main(parts: list[str]) -> int:
    """The exit code: 1 where something grows faster than its input."""
    failed = 0
    worst: dict[str, Doubling] = {}
    for number, (name, shape) in enumerate(shapes()):
        if parts and not any(part in name for part in parts):
            continue
        if number % 50 == 0:
            print(f"{process_time():.0f} s: {name}", file=sys.stderr, flush=True)
        for found in doublings(name, shape):
            worst[found.subject] = max(found, worst.get(found.subject, found), key=lambda one: one.ratio)
            if found.ratio > MOST:
                print(f"too slow: {found}", flush=True)
                failed += 1
    print(*sorted(worst.values(), key=lambda one: -one.ratio), sep="\n")
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
