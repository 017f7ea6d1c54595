"""Match problems against the suppressions in the notes, and find the suppressions that matched nothing."""

from collections.abc import Collection, Iterable, Iterator

from techstock import registry
from techstock.analysis.suppressions import SuppressionIndex, list_suppressions
from techstock.engine.rule_runs import RuleRun
from techstock.model import OFF, Corpus, Note, NoteSuppressions, Problem, Suppression
from techstock.registry import Rule


def select_conclusive_rules(plans: Iterable[RuleRun], corpus: Corpus) -> frozenset[str]:
    """Return the names of the rules that ran and had the data they need, so that no problem means there is none."""
    running = (plan.rule for plan in plans if plan.severity != OFF)
    return frozenset(rule.name for rule in running if not rule.needs or getattr(corpus, rule.needs, None))


class SuppressionTracker:
    """A record of the suppressions used in a run. It must see each problem of all notes, whatever is reported."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._notes = {note.path for note in corpus.notes if note.directives}
        self._covers: dict[tuple[str, str], SuppressionIndex] = {}
        self._used: set[tuple[str, int]] = set()

    def is_suppressed(self, rule: Rule, problem: Problem) -> bool:
        """Return whether a comment suppresses this problem, and mark the comment as used.

        Every place of the problem must have a path.
        """
        if problem.ignored:
            self._used.update((name.path, name.start) for name in problem.ignored)
            return True
        place = problem.place
        if place.path not in self._notes:
            return False
        ignore = self._get_suppression_index(place.path, rule).find_suppression(place.start)
        if ignore is None:
            return False
        self._used.add((place.path, ignore.name.start))
        return True

    def _get_suppression_index(self, path: str, rule: Rule) -> SuppressionIndex:
        if (path, rule.name) not in self._covers:
            ignores = () if rule.fixed else list_suppressions(self._corpus.by_path[path])
            plain = (one for one in ignores if one.rule == rule.name and not one.other)
            self._covers[path, rule.name] = SuppressionIndex(plain)
        return self._covers[path, rule.name]

    def collect_note_suppressions(
        self, plans: Iterable[RuleRun], scope: Collection[str] | None
    ) -> Iterator[NoteSuppressions]:
        """Yield the suppressions of each note in `scope` that has comments: the input of the rules on suppressions.

        `plans` are the rules that ran.
        """
        if not self._notes:
            return
        judging = select_conclusive_rules(plans, self._corpus)
        ran = {plan.rule.name: plan for plan in plans if plan.rule.name in judging}
        rules = [registry.load_rule(name) for name in registry.list_rule_names()]
        known = frozenset(rule.name for rule in rules)
        paired = frozenset(rule.name for rule in rules if rule.paired)
        fixed = frozenset(rule.name for rule in rules if rule.fixed)
        for note in self._corpus.notes:
            if note.path in self._notes and (scope is None or note.path in scope):
                yield NoteSuppressions(note, tuple(self._find_unused(note, ran, fixed)), known, paired, fixed)

    def _find_unused(self, note: Note, ran: dict[str, RuleRun], fixed: Collection[str]) -> Iterator[Suppression]:
        """Yield the unused suppressions of a note; none if the note was not read to its end."""
        for ignore in () if note.faults else list_suppressions(note):
            plan = ran.get(ignore.rule)
            if plan is None or ignore.rule in fixed or (plan.unwanted and plan.unwanted(note.path)):
                continue
            if ignore.other and not plan.rule.paired:  # wrong, as another rule says
                continue
            if (note.path, ignore.name.start) not in self._used:
                yield ignore
