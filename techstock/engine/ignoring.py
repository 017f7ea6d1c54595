"""Match problems against the suppressions in the notes, and find the suppressions that matched nothing."""

from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING

from techstock import catalog
from techstock.catalog import Rule
from techstock.model import OFF, Corpus, Ignore, Ignores, Note, Problem

if TYPE_CHECKING:
    from techstock.engine.diagnose import Plan
    from techstock.model.ignores import Cover


def judged(plans: Iterable["Plan"], corpus: Corpus) -> frozenset[str]:
    """Return the names of the rules that ran and had the data they need, so that no problem means there is none."""
    running = (plan.rule for plan in plans if plan.severity != OFF)
    return frozenset(rule.name for rule in running if not rule.needs or getattr(corpus, rule.needs, None))


class Ignoring:
    """A record of the suppressions used in a run. It must see each problem of all notes, whatever is reported."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._notes = {note.path for note in corpus.notes if note.directives}
        self._covers: dict[tuple[str, str], Cover] = {}
        self._used: set[tuple[str, int]] = set()

    def takes(self, rule: Rule, problem: Problem) -> bool:
        """Return whether a comment suppresses this problem, and mark the comment as used.

        Every place of the problem must have a path.
        """
        if problem.ignored:
            self._used.update((name.path, name.start) for name in problem.ignored)
            return True
        place = problem.place
        if place.path not in self._notes:
            return False
        ignore = self._cover(place.path, rule).at(place.start)
        if ignore is None:
            return False
        self._used.add((place.path, ignore.name.start))
        return True

    def _cover(self, path: str, rule: Rule) -> "Cover":
        from techstock.model.ignores import Cover

        if (path, rule.name) not in self._covers:
            ignores = () if rule.fixed else self._corpus.by_path[path].ignores
            plain = (one for one in ignores if one.rule == rule.name and not one.other)
            self._covers[path, rule.name] = Cover(plain)
        return self._covers[path, rule.name]

    def subjects(self, plans: Iterable["Plan"], scope: Collection[str] | None) -> Iterator[Ignores]:
        """Yield the suppressions of each note in `scope` that has comments: the input of the rules on suppressions.

        `plans` are the rules that ran.
        """
        if not self._notes:
            return
        judging = judged(plans, self._corpus)
        ran = {plan.rule.name: plan for plan in plans if plan.rule.name in judging}
        rules = [catalog.load(name) for name in catalog.names()]
        known = frozenset(rule.name for rule in rules)
        paired = frozenset(rule.name for rule in rules if rule.paired)
        fixed = frozenset(rule.name for rule in rules if rule.fixed)
        for note in self._corpus.notes:
            if note.path in self._notes and (scope is None or note.path in scope):
                yield Ignores(note, tuple(self._unused(note, ran, fixed)), known, paired, fixed)

    def _unused(self, note: Note, ran: dict[str, "Plan"], fixed: Collection[str]) -> Iterator[Ignore]:
        """Yield the unused suppressions of a note; none if the note was not read to its end."""
        for ignore in () if note.faults else note.ignores:
            plan = ran.get(ignore.rule)
            if plan is None or ignore.rule in fixed or (plan.unwanted and plan.unwanted(note.path)):
                continue
            if ignore.other and not plan.rule.paired:  # wrong, as another rule says
                continue
            if (note.path, ignore.name.start) not in self._used:
                yield ignore
