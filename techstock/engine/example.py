"""Run a rule over an example of its page."""

from collections.abc import Mapping
from typing import Any

from techstock import catalog
from techstock.catalog import Rule
from techstock.engine.diagnose import Plan, diagnose
from techstock.examples import Example, corpus
from techstock.model import OFF, WARNING, Corpus, Diagnostic


def diagnosed(rule: Rule, example: Example) -> tuple[list[Diagnostic], Corpus]:
    """Run a rule over one example. Return its diagnostics and the example's notes."""
    notes = corpus(example)
    return judged(rule, notes, example.options), notes


def judged(rule: Rule, notes: Corpus, options: Mapping[str, Any]) -> list[Diagnostic]:
    """Return the diagnostics of one rule. A rule that is off by default runs as a warning.

    For a rule on suppressions, all rules that the comments name run, too.
    """
    plans = [Plan(rule, WARNING if rule.level == OFF else rule.level, dict(options))]
    if rule.last:
        named = {ignore.rule for note in notes.notes for ignore in note.ignores} & set(catalog.names())
        plans += [Plan(catalog.load(name), WARNING) for name in sorted(named - {rule.name})]
    return [found for found in diagnose(notes, plans) if found.rule == rule.name]
