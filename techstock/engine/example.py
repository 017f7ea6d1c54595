"""Run a rule over an example of its page."""

from collections.abc import Mapping
from typing import Any

from techstock import catalog
from techstock.catalog import Rule
from techstock.engine.diagnose import Plan, diagnose
from techstock.examples import Example, corpus
from techstock.model import OFF, WARNING, Corpus, Diagnostic


def diagnosed(rule: Rule, example: Example) -> tuple[list[Diagnostic], Corpus]:
    """The diagnostics of one example, and its notes."""
    notes = corpus(example)
    return judged(rule, notes, example.options), notes


def judged(rule: Rule, notes: Corpus, options: Mapping[str, Any]) -> list[Diagnostic]:
    """The diagnostics of one rule. One that is off by default runs as a warning.

    A rule on comments needs others to have run: these are all that the comments name.
    """
    plans = [Plan(rule, WARNING if rule.level == OFF else rule.level, dict(options))]
    if rule.last:
        named = {ignore.rule for note in notes.notes for ignore in note.ignores} & set(catalog.names())
        plans += [Plan(catalog.load(name), WARNING) for name in sorted(named - {rule.name})]
    return [found for found in diagnose(notes, plans) if found.rule == rule.name]
