"""Run a rule over an example of its page."""

from collections.abc import Mapping
from typing import Any

from techstock import catalog
from techstock.catalog import Rule
from techstock.engine.diagnose import RuleRun, diagnose
from techstock.examples import Example, build_corpus
from techstock.model import OFF, WARNING, Corpus, Diagnostic


def diagnose_example(rule: Rule, example: Example) -> tuple[list[Diagnostic], Corpus]:
    """Run a rule over one example. Return its diagnostics and the example's notes."""
    notes = build_corpus(example)
    return diagnose_rule(rule, notes, example.options), notes


def diagnose_rule(rule: Rule, notes: Corpus, options: Mapping[str, Any]) -> list[Diagnostic]:
    """Return the diagnostics of one rule. A rule that is off by default runs as a warning.

    For a rule on suppressions, all rules that the comments name run, too.
    """
    plans = [RuleRun(rule, WARNING if rule.level == OFF else rule.level, dict(options))]
    if rule.last:
        named = {ignore.rule for note in notes.notes for ignore in note.ignores} & set(catalog.list_rule_names())
        plans += [RuleRun(catalog.load_rule(name), WARNING) for name in sorted(named - {rule.name})]
    return [found for found in diagnose(notes, plans) if found.rule == rule.name]
