"""Run rules over a corpus and turn their problems into diagnostics."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any, Protocol

import msgspec

from techstock.catalog import BESIDE, FOLDER, PAIRS, Rule
from techstock.engine.errors import NoteChangedError
from techstock.engine.fingerprint import marked
from techstock.engine.ignoring import Ignoring
from techstock.model import OFF, Corpus, Diagnostic, Edit, Fix, Ignores, Note, Place, Problem, Related


class Plan(msgspec.Struct, frozen=True):
    """A rule to run, with its severity and options. `unwanted` tells the notes in which its problems are dropped."""

    rule: Rule
    severity: str
    options: dict[str, Any] = {}
    unwanted: Callable[[str], bool] | None = None  # takes a note's path


class RuleError(Exception):
    """A rule raised an exception: a defect of techstock, never of the notes."""

    def __init__(self, rule: str, path: str) -> None:
        super().__init__(f"rule {rule} failed on {path or 'the corpus'}")
        self.rule = rule
        self.path = path


class Known(Protocol):
    """A cache of the problems that rules found in earlier runs."""

    def of(self, plan: Plan, notes: Sequence[Note]) -> tuple[dict[str, tuple[Problem, ...]], list[Note]]:
        """Return the cached problems of a rule by path, and the notes for which none are cached."""

    def learn(self, plan: Plan, note: Note, problems: tuple[Problem, ...]) -> None:
        """Add the problems that a rule found in a note."""

    def of_all(self, plan: Plan, corpus: Corpus) -> tuple[Problem, ...] | None:
        """Return the cached problems of a rule on all notes or those of a folder; None if they are not cached."""

    def learn_all(self, plan: Plan, corpus: Corpus, problems: tuple[Problem, ...]) -> None:
        """Add the problems that a rule found in all notes or in those of a folder."""


def diagnose(
    corpus: Corpus, plans: Iterable[Plan], scope: Collection[str] | None = None, known: Known | None = None
) -> list[Diagnostic]:
    """Run the rules and return the diagnostics of the corpus, sorted by path, place, rule and message.

    With `scope`, return only those whose own place or a related one is in one of these paths: the same diagnostics as
    without, filtered. `known` caches problems, so that rules need not run on unchanged notes. Raises `RuleError` if a
    rule fails.
    """
    running = [plan for plan in plans if plan.severity != OFF]
    first = [plan for plan in running if not plan.rule.last]
    ignoring = Ignoring(corpus)
    found: list[Diagnostic] = []
    for plan in (*first, *(plan for plan in running if plan.rule.last)):
        judged = ignoring.subjects(first, scope) if plan.rule.last else ()
        for note, problem in _problems(corpus, plan, scope, judged, known):
            located = _located(problem, note)
            if plan.unwanted and plan.unwanted(located.place.path):
                continue
            if not ignoring.takes(plan.rule, located) and touches(located, scope):
                found.append(Diagnostic(plan.rule.name, plan.severity, located, marked(located, corpus)))
    return sorted(found, key=_order)


def _problems(
    corpus: Corpus, plan: Plan, scope: Collection[str] | None, judged: Iterable[Ignores], known: Known | None
) -> Iterator[tuple[Note | None, Problem]]:
    for ignores in judged:
        yield from ((ignores.note, problem) for problem in _run(plan, ignores, ignores.note.path))
    if plan.rule.last:
        return
    if plan.rule.whole:
        yield from ((None, problem) for problem in _whole(corpus, plan, known))
        return
    # The problems of such a rule touch one note alone.
    notes = corpus.notes if scope is None else [note for note in corpus.notes if note.path in scope]
    found, unknown = known.of(plan, notes) if known else ({}, notes)
    for path, problems in found.items():
        if scope is None or path in scope:
            yield from ((corpus.by_path[path], problem) for problem in problems)
    for note in unknown:
        problems = tuple(_run(plan, note, note.path))
        if known:
            known.learn(plan, note, problems)
        yield from ((note, problem) for problem in problems)


def _whole(corpus: Corpus, plan: Plan, known: Known | None) -> Iterator[Problem]:
    for part in _seen(corpus, plan.rule):
        found = known.of_all(plan, part) if known else None
        if found is None:
            found = tuple(_run(plan, part, ""))
            if known:
                known.learn_all(plan, part, found)
        yield from found


def _seen(corpus: Corpus, rule: Rule) -> Sequence[Corpus]:
    """Return the corpora that a rule runs on, one after the other.

    They are as small as the rule allows, so that most results stay cached after a change.
    """
    if rule.sight == FOLDER or (rule.sight == PAIRS and corpus.duplicate_scope != "corpus"):
        return corpus.parts
    return (corpus,) if rule.sight == BESIDE else (corpus.alone,)


def _run(plan: Plan, subject: Note | Corpus | Ignores, path: str) -> Iterator[Problem]:
    try:
        yield from plan.rule.check(subject, **plan.options)
    except NoteChangedError:
        raise
    except Exception as error:
        raise RuleError(plan.rule.name, path) from error


def _located(problem: Problem, note: Note | None) -> Problem:
    """Return the problem with a path in each of its places."""

    def at(place: Place) -> Place:
        if note is None or place.path:
            return place
        return note.at(place)

    related = tuple(Related(at(other.place), other.message) for other in problem.related)
    fix = problem.fix
    if fix is not None:
        edits = tuple(Edit(at(edit.place), edit.text) for edit in fix.edits)
        fix = Fix(fix.message, edits, fix.safe)
    differs = tuple(at(place) for place in problem.differs)
    return msgspec.structs.replace(problem, place=at(problem.place), related=related, fix=fix, differs=differs)


def touches(problem: Problem, scope: Collection[str] | None) -> bool:
    """Return whether a problem is about one of the paths in `scope`; None means all paths.

    Every place of the problem must have a path.
    """
    if scope is None or problem.place.path in scope:
        return True
    return any(other.place.path in scope for other in problem.related)


def _order(diagnostic: Diagnostic) -> tuple[str, Place, str, str]:
    problem = diagnostic.problem
    return problem.place.path, problem.place, diagnostic.rule, problem.message
