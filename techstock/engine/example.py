"""Run a rule over an example of its page."""

from techstock import catalog
from techstock.catalog import Rule
from techstock.engine.diagnose import Plan, diagnose
from techstock.examples import Example
from techstock.model import OFF, WARNING, Corpus, Diagnostic


def diagnosed(rule: Rule, example: Example) -> tuple[list[Diagnostic], Corpus]:
    """The diagnostics of one example, and its notes. A rule that is off by default runs as a warning.

    A rule on comments needs others to have run: these are all that the comments name.
    """
    from techstock.parse import parse

    corpus = Corpus(tuple(parse(path, text) for path, text in sorted(example.files.items())))
    plans = [Plan(rule, WARNING if rule.level == OFF else rule.level, example.options)]
    if rule.last:
        named = {ignore.rule for note in corpus.notes for ignore in note.ignores} & set(catalog.names())
        plans += [Plan(catalog.load(name), WARNING) for name in sorted(named - {rule.name})]
    return [found for found in diagnose(corpus, plans) if found.rule == rule.name], corpus
