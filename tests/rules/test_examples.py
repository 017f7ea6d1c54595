"""Every example of every rule, in its page and in `tests/cases`, is held against the rule."""

import re
from collections.abc import Iterator

import pytest
from _pytest.mark import ParameterSet

from techstock import registry
from techstock.engine.examples import Example, parse_examples
from techstock.text.terminal_width import display_width
from tests.support import TESTS, apply_every_fix, run_example

CASES = TESTS / "cases"


def every_example() -> Iterator[ParameterSet]:
    for name in registry.list_rule_names():
        cases = CASES / f"{name}.md"
        pages = {"page": registry.load_rule(name).page}
        if cases.exists():
            pages["case"] = cases.read_text("utf-8")
        for where, page in pages.items():
            for number, example in enumerate(parse_examples(page), 1):
                yield pytest.param(name, example, id=f"{name}-{where}-{number}")


@pytest.mark.parametrize(("name", "example"), list(every_example()))
def test_example(name: str, example: Example) -> None:
    found = run_example(name, example)
    assert bool(found) == example.bad, [d.problem.message for d in found]
    assert {d.rule for d in found} <= {name}


@pytest.mark.parametrize(("name", "example"), list(every_example()))
def test_the_words_of_a_message_fit_a_terminal(name: str, example: Example) -> None:
    """In 80 columns, with a letter in the place of all that is quoted."""
    for diagnostic in run_example(name, example):
        assert display_width(re.sub("`[^`]*`", "`x`", f"{name}: {diagnostic.problem.message}")) <= 80


@pytest.mark.parametrize(("name", "example"), list(every_example()))
def test_fix_leaves_nothing_fixable(name: str, example: Example) -> None:
    found = run_example(name, example)
    after = run_example(name, example._replace(files=apply_every_fix(example.files, found)))
    assert [d for d in after if d.problem.fix] == []


@pytest.mark.parametrize("name", registry.list_rule_names())
def test_page_has_law_and_both_examples(name: str) -> None:
    rule = registry.load_rule(name)
    verdicts = {example.bad for example in parse_examples(rule.page)}
    assert verdicts == {True, False}
    assert len(rule.law) < 100
    assert not rule.law.endswith(".")


@pytest.mark.parametrize("name", registry.list_rule_names())
def test_every_option_is_explained(name: str) -> None:
    rule = registry.load_rule(name)
    assert rule.meanings.keys() == rule.options.keys()
    assert all(text.endswith(".") and f"`{option}`" in rule.page for option, text in rule.meanings.items())


def test_every_case_file_belongs_to_a_rule() -> None:
    assert {path.stem for path in CASES.glob("*.md")} <= set(registry.list_rule_names())
