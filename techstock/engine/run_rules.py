"""Run rules over a corpus and turn their problems into diagnostics with fingerprint texts."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from functools import partial
from typing import Protocol

import msgspec

from techstock.engine.diagnostic_groups import choose_group_rule, make_groups
from techstock.engine.errors import CorpusTimeoutError, NoteChangedError
from techstock.engine.rule_runs import RuleRun, run_check
from techstock.engine.suppression_matching import SuppressionTracker
from techstock.engine.timeouts import limit_corpus_time
from techstock.model import (
    OFF,
    Corpus,
    Diagnostic,
    Edit,
    Fix,
    Note,
    NoteSuppressions,
    Problem,
    ProblemGroup,
    RelatedSpan,
    Span,
)
from techstock.registry import BESIDE, FOLDER, PAIRS, Rule
from techstock.text.phrases import format_count

_COMMENT = r"(?s)<!--.*?-->"  # whoever writes one does not make another finding
_MIN_LENGTH = 4  # characters; `-` or `72` stands everywhere
_MAX_LENGTH = 400  # characters of one place that count: who edits the end of a long note has not made another finding


def make_diagnostic(rule: str, severity: str, problem: Problem, corpus: Corpus) -> Diagnostic:
    """Return the diagnostic of a problem that is no group, and whose places all have a path."""
    return Diagnostic(rule, severity, problem, extract_fingerprint_texts(problem, corpus))


def extract_fingerprint_texts(problem: Problem, corpus: Corpus) -> tuple[str, ...]:
    """Return the texts at the places of a problem, sorted. Spacing, width and Unicode form are normalized."""
    places = [problem.place, *(other.place for other in problem.related)]
    return tuple(sorted(_extract_span_text(place, corpus) for place in places))


def _extract_span_text(place: Span, corpus: Corpus) -> str:
    note = corpus.by_path.get(place.path)
    if note is None:
        return place.path
    said = _normalize_text(note.text[place.start : min(place.end, place.start + 4 * _MAX_LENGTH)])
    if len(said) < _MIN_LENGTH:
        line = note.lines.find_line(place.start)
        start = note.lines.starts[line]
        said = _normalize_text(note.text[start : min(note.lines.ends[line], start + 4 * _MAX_LENGTH)])
    return said[:_MAX_LENGTH]


def _normalize_text(text: str) -> str:
    """Return text as fingerprints hold it: in NFKC, but with its case and punctuation, which tell findings apart."""
    from techstock.text.unicode_names import normalize_unicode

    if "<!--" in text:
        text = re.sub(_COMMENT, " ", text)
    return " ".join(normalize_unicode("NFKC", text).split())


class RuleError(Exception):
    """A rule raised an exception: a defect of techstock, never of the notes."""

    def __init__(self, rule: str, path: str) -> None:
        super().__init__(f"rule {rule} failed on {path or 'the corpus'}")
        self.rule = rule
        self.path = path


class RuleFailures:
    """A record of the rules that could not finish, so that the other rules of a run are reported all the same.

    A rule that sees several notes may take `seconds` of processor time, and more for many notes, as
    `limit_corpus_time` allows. `errors` holds what ended each rule: for a rule on one note the first such error, with
    the number of notes in `counts`.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.errors: dict[str, Exception] = {}
        self.counts: dict[str, int] = {}

    def watch_rule(
        self, rule: Rule, corpus: Corpus, run: Callable[[], tuple[Problem, ...]]
    ) -> tuple[Problem, ...] | None:
        """Return what `run` finds for a rule on this corpus or one of its notes; `None` if it cannot finish."""
        try:
            with limit_corpus_time(corpus, self._seconds) if rule.whole else nullcontext():
                return run()
        except (RuleError, CorpusTimeoutError) as error:
            self.errors.setdefault(rule.name, error)
            self.counts[rule.name] = self.counts.get(rule.name, 0) + 1
            return None

    def iter_messages(self) -> Iterator[str]:
        """Yield one sentence for each rule that could not finish."""
        for rule, error in self.errors.items():
            if isinstance(error, CorpusTimeoutError):
                yield f"rule {rule} is not reported: {error}"
                continue
            more = self.counts[rule] - 1
            others = f" and {format_count(more, 'other note')}" if more else ""
            yield f"techstock has a defect: {error}{others} ({type(error.__cause__).__name__})"


class ResultCache(Protocol):
    """A cache of the problems that rules found in earlier runs."""

    def get_note_problems(
        self, plan: RuleRun, notes: Sequence[Note]
    ) -> tuple[dict[str, tuple[Problem, ...]], list[Note]]:
        """Return the cached problems of a rule by path, and the notes for which none are cached."""

    def add_note_problems(self, plan: RuleRun, note: Note, problems: tuple[Problem, ...]) -> None:
        """Add the problems that a rule found in a note."""

    def get_corpus_problems(self, plan: RuleRun, corpus: Corpus) -> tuple[Problem, ...] | None:
        """Return the cached problems of a rule on all notes or those of a folder; None if they are not cached."""

    def add_corpus_problems(self, plan: RuleRun, corpus: Corpus, problems: tuple[Problem, ...]) -> None:
        """Add the problems that a rule found in all notes or in those of a folder."""


def diagnose(
    corpus: Corpus,
    plans: Iterable[RuleRun],
    scope: Collection[str] | None = None,
    known: ResultCache | None = None,
    failures: RuleFailures | None = None,
) -> list[Diagnostic]:
    """Run the rules and return the diagnostics of the corpus, sorted by path, place, rule and message.

    With `scope`, return only those whose own place or a related one is in one of these paths: the same diagnostics as
    without, filtered. `known` caches problems, so that rules need not run on unchanged notes. `failures` records the
    rules that fail or run out of time; without it, `RuleError` is raised.
    """
    running = [plan for plan in plans if plan.severity != OFF]
    first = [plan for plan in running if not plan.rule.last]
    ignoring = SuppressionTracker(corpus)
    found: list[Diagnostic] = []
    by_name = {plan.rule.name: plan for plan in running}
    for plan in (*first, *(plan for plan in running if plan.rule.last)):
        ran = [other for other in first if not (failures and other.rule.name in failures.errors)]
        judged = ignoring.collect_note_suppressions(ran, scope) if plan.rule.last else ()
        for note, problem in _find_problems(corpus, plan, scope, judged, known, failures):
            if problem.group:
                rules = (part.rule for part in problem.group.parts if part.rule in by_name)
                if plan.rule.name == choose_group_rule(rules):  # each of these rules yields it
                    parts = _diagnose_parts(corpus, problem.group, by_name, ignoring)
                    groups = make_groups(problem.group, parts, corpus)
                    found += (one for one in groups if is_in_scope(one.problem, scope))
                continue
            located = _add_paths(problem, note)
            if plan.unwanted and plan.unwanted(located.place.path):
                continue
            if not ignoring.is_suppressed(plan.rule, located) and is_in_scope(located, scope):
                found.append(make_diagnostic(plan.rule.name, plan.severity, located, corpus))
    return sort_diagnostics(found)


def _diagnose_parts(
    corpus: Corpus,
    group: ProblemGroup,
    running: Mapping[str, RuleRun],
    ignoring: SuppressionTracker,
) -> Iterator[Diagnostic]:
    """Yield the diagnostics of the parts of a group that are wanted, and that no comment suppresses."""
    for part in group.parts:
        own = running.get(part.rule)
        if own is None or (own.unwanted and own.unwanted(part.problem.place.path)):
            continue
        if not ignoring.is_suppressed(own.rule, part.problem):
            yield make_diagnostic(part.rule, own.severity, part.problem, corpus)


def _find_problems(
    corpus: Corpus,
    plan: RuleRun,
    scope: Collection[str] | None,
    judged: Iterable[NoteSuppressions],
    known: ResultCache | None,
    failures: RuleFailures | None,
) -> Iterator[tuple[Note | None, Problem]]:
    for ignores in judged:
        problems = _run_watched(plan, corpus, failures, partial(_run_check, plan, ignores, ignores.note.path))
        yield from ((ignores.note, problem) for problem in problems or ())
    if plan.rule.last:
        return
    if plan.rule.whole:
        found = _run_watched(plan, corpus, failures, partial(_find_corpus_problems, corpus, plan, known))
        yield from ((None, problem) for problem in found or ())
        return
    # The problems of such a rule touch one note alone.
    notes = corpus.select_notes(scope)
    cached, unknown = known.get_note_problems(plan, notes) if known else ({}, notes)
    for path, problems in cached.items():
        if scope is None or path in scope:
            yield from ((corpus.by_path[path], problem) for problem in problems)
    for note in unknown:
        problems = _run_watched(plan, corpus, failures, partial(_run_check, plan, note, note.path))
        if problems is None:
            continue
        if known:
            known.add_note_problems(plan, note, problems)
        yield from ((note, problem) for problem in problems)


def _run_watched(
    plan: RuleRun, corpus: Corpus, failures: RuleFailures | None, run: Callable[[], tuple[Problem, ...]]
) -> tuple[Problem, ...] | None:
    """Return what `run` finds for a rule; `None` if it cannot finish, which `failures` records."""
    return failures.watch_rule(plan.rule, corpus, run) if failures else run()


def _find_corpus_problems(corpus: Corpus, plan: RuleRun, known: ResultCache | None) -> tuple[Problem, ...]:
    every: list[Problem] = []
    fresh: list[tuple[Corpus, tuple[Problem, ...]]] = []
    for part in _select_corpora(corpus, plan.rule):
        found = known.get_corpus_problems(plan, part) if known else None
        if found is None:
            found = _run_check(plan, part, "")
            fresh.append((part, found))
        every += found
    if known:  # last: nothing is kept of a rule that does not finish
        for part, found in fresh:
            known.add_corpus_problems(plan, part, found)
    return tuple(every)


def _select_corpora(corpus: Corpus, rule: Rule) -> Sequence[Corpus]:
    """Return the corpora that a rule runs on, one after the other.

    They are as small as the rule allows, so that most results stay cached after a change.
    """
    if rule.sight == FOLDER or (rule.sight == PAIRS and corpus.duplicate_scope != "corpus"):
        return corpus.parts
    # Comments on pairs name the other note by a path, which may depend on `image-root`.
    return (corpus,) if rule.sight in (BESIDE, PAIRS) else (corpus.alone,)


def _run_check(plan: RuleRun, subject: Note | Corpus | NoteSuppressions, path: str) -> tuple[Problem, ...]:
    try:
        problems = run_check(plan.rule.check, subject, plan.options)
        for problem in problems:
            _require_forward_spans(problem)
        return problems
    except NoteChangedError:
        raise
    except Exception as error:
        raise RuleError(plan.rule.name, path) from error


def _require_forward_spans(problem: Problem) -> None:
    """Raise `ValueError` for a place or an edit that ends before it begins: no report could show it."""
    places = [problem.place, *(related.place for related in problem.related)]
    places += [edit.place for edit in problem.fix.edits] if problem.fix else []
    for place in places:
        if not 0 <= place.start <= place.end:
            raise ValueError(f"{place.start} to {place.end} is no place")


def _add_paths(problem: Problem, note: Note | None) -> Problem:
    """Return the problem with a path in each of its places."""

    def at(place: Span) -> Span:
        if note is None or place.path:
            return place
        return note.add_path_to(place)

    related = tuple(RelatedSpan(at(other.place), other.message) for other in problem.related)
    fix = problem.fix
    if fix is not None:
        edits = tuple(Edit(at(edit.place), edit.text) for edit in fix.edits)
        meant = tuple(Edit(at(edit.place), edit.text) for edit in fix.meant)
        fix = Fix(fix.message, edits, fix.safe, meant)
    differs = tuple(at(place) for place in problem.differs)
    return msgspec.structs.replace(problem, place=at(problem.place), related=related, fix=fix, differs=differs)


def is_in_scope(problem: Problem, scope: Collection[str] | None) -> bool:
    """Return whether a problem is about one of the paths in `scope`; None means all paths.

    Every place of the problem must have a path.
    """
    if scope is None or problem.place.path in scope:
        return True
    return any(other.place.path in scope for other in problem.related)


def sort_diagnostics(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return diagnostics in the order of every report: by path, place, rule and message."""
    return sorted(found, key=_sort_key)


def _sort_key(diagnostic: Diagnostic) -> tuple[str, Span, str, str]:
    problem = diagnostic.problem
    return problem.place.path, problem.place, diagnostic.rule, problem.message
