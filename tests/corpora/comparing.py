"""What is different: from the summary that was announced, and from another techstock."""

from collections import Counter
from collections.abc import Iterable

import msgspec

from tests.corpora.running import Problem, Result
from tests.corpora.summary import Lines, is_cost, is_worth_a_word, make_lines


class Change(msgspec.Struct, frozen=True):
    """A line of the summary whose figure is another one now."""

    line: str
    announced: float
    now: float


class Moved(msgspec.Struct, frozen=True):
    """Problems of one rule that another techstock has not or has beside these, and those it words in another way."""

    came: tuple[Problem, ...]
    went: tuple[Problem, ...]
    reworded: tuple[tuple[Problem, Problem], ...]


class Difference(msgspec.Struct, frozen=True):
    """All that is to be said of a collection; `base` is what the other techstock makes of it."""

    name: str
    now: Result
    base: Result | None
    counts: tuple[Change, ...]
    costs: tuple[Change, ...]
    moved: dict[str, Moved]

    @property
    def fails(self) -> bool:
        return bool(self.counts or self.now.failures)


def difference(name: str, now: Result, announced: Lines, base: Result | None = None) -> Difference:
    """Hold a result against what was announced, and against another one."""
    problems, rest = make_lines(name, now)
    lines = problems | rest
    changes = [
        Change(line, announced.get(line, 0), lines.get(line, 0))
        for line in [*lines, *(line for line in announced if line not in lines)]
        if announced.get(line, 0) != lines.get(line, 0)
    ]
    counts = tuple(change for change in changes if not is_cost(change.line))
    costs = tuple(
        change
        for change in changes
        if is_cost(change.line)
        and change.announced
        and change.now
        and is_worth_a_word(change.line, change.announced, change.now)
    )
    if not now.is_whole:  # whatever it would have counted
        counts = ()
    moved = _moved(base.problems, now.problems) if base and base.is_whole and now.is_whole else {}
    return Difference(name, now, base, counts, costs, moved)


def _moved(before: Iterable[Problem], after: Iterable[Problem]) -> dict[str, Moved]:
    old, new = Counter(before), Counter(after)
    came, went = sorted((new - old).elements()), sorted((old - new).elements())
    reworded: list[tuple[Problem, Problem]] = []
    places: dict[Problem, list[Problem]] = {}
    for problem in went:
        places.setdefault(_at(problem), []).append(problem)
    for problem in list(came):
        if same := places.get(_at(problem)):
            other = same.pop(0)
            reworded.append((other, problem))
            came.remove(problem)
            went.remove(other)
    rules = sorted({one.rule for one in (*came, *went, *(pair[1] for pair in reworded))})
    return {
        rule: Moved(
            tuple(one for one in came if one.rule == rule),
            tuple(one for one in went if one.rule == rule),
            tuple(pair for pair in reworded if pair[1].rule == rule),
        )
        for rule in rules
    }


def _at(problem: Problem) -> Problem:
    """The same, whatever it says."""
    return msgspec.structs.replace(problem, message="")
