"""The rules that a configuration enables, ready to run, and the run of one rule."""

from collections.abc import Callable
from typing import Any

import msgspec

from techstock import registry
from techstock.config import Settings, list_enabled_rules, make_per_file_matcher
from techstock.model import Corpus, Note, NoteSuppressions, Problem
from techstock.registry import CheckFunction, Rule


class RuleRun(msgspec.Struct, frozen=True):
    """A rule to run, with its severity and options. `unwanted` tells the notes in which its problems are dropped."""

    rule: Rule
    severity: str
    options: dict[str, Any] = {}
    unwanted: Callable[[str], bool] | None = None  # takes a note's path


def make_rule_runs(config: Settings) -> tuple[RuleRun, ...]:
    """Return one `RuleRun` for each enabled rule. Raises `ConfigError` if no rule is enabled."""
    return tuple(
        RuleRun(
            registry.load_rule(setting.rule),
            setting.severity,
            setting.options,
            make_per_file_matcher(config, setting.rule),
        )
        for setting in list_enabled_rules(config)
    )


def run_check(
    check: CheckFunction, subject: Note | Corpus | NoteSuppressions, options: dict[str, Any]
) -> tuple[Problem, ...]:
    """Return the problems of a rule, with the fixes that have the effect they were made for.

    Those that change a heading are marked unsafe. Raises whatever the rule raises.
    """
    problems = tuple(check(subject, **options))
    if not problems or not any(problem.fix for problem in problems):
        return problems
    from techstock.engine.fix_safety import settle_safety  # late: most notes need no fix

    recheck = (lambda note: check(note, **options)) if isinstance(subject, Note) else None
    return settle_safety(problems, _make_note_finder(subject), recheck)


def _make_note_finder(subject: Note | Corpus | NoteSuppressions) -> Callable[[str], Note | None]:
    if isinstance(subject, Corpus):
        return subject.by_path.get
    note = subject.note if isinstance(subject, NoteSuppressions) else subject
    return lambda path: note if path in ("", note.path) else None
