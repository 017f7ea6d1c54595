"""`techstock rules`: list the rules, or show the page of one."""

from collections.abc import Iterable, Iterator

import msgspec

from techstock import registry
from techstock.commands.console import write_stdout
from techstock.commands.errors import UsageError
from techstock.config.toml_writer import format_toml_value
from techstock.engine.examples import diagnose_example, parse_examples
from techstock.registry import Rule
from techstock.text.phrases import suggest_name
from techstock.text.terminal_width import wrap_words

_WIDTH = 80  # columns
_TABLE_HEADER = ("RULE", "LEVEL", "FIX", "LAW")


class RulesOptions(msgspec.Struct, frozen=True):
    """Options of `techstock rules`."""

    name: str = ""  # of the rule whose page is shown; empty: the list


def run_rules(options: RulesOptions) -> int:
    """Print the list of rules or the page of one, and return the exit code."""
    name = options.name
    if not name:
        write_stdout(
            f"{line}\n" for line in format_rule_list(registry.load_rule(name) for name in registry.list_rule_names())
        )
        return 0
    if name not in registry.list_rule_names():
        raise UsageError(f"there is no rule `{name}`{suggest_name(name, registry.list_rule_names())}")
    write_stdout(f"{line}\n" for line in format_rule_page(registry.load_rule(name)))
    return 0


def format_rule_page(rule: Rule) -> Iterator[str]:
    """Yield the page of a rule: name, level, fix and options, then its own text."""
    yield rule.name
    yield ""
    yield f"Level: {rule.level}. Fix: {find_fix_safety(rule) or 'none'}."
    for option, default in rule.options.items():
        yield f"Option: {option.replace('_', '-')} = {format_toml_value(default)}"
    yield ""
    yield rule.page


def format_rule_list(rules: Iterable[Rule]) -> Iterator[str]:
    """Yield one row for each rule, with its law wrapped to stay within 80 columns."""
    fixes = {"": "-", "safe and unsafe": "mixed"}
    rows = [_TABLE_HEADER]
    for rule in rules:
        fix = find_fix_safety(rule)
        rows.append((rule.name, rule.level, fixes.get(fix, fix), rule.law))
    widths = [max(len(row[column]) for row in rows) + 2 for column in range(3)]
    for row in rows:
        start = "".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False))
        for line in wrap_words(row[3], _WIDTH - len(start)):
            yield f"{start}{line}"
            start = " " * len(start)


def find_fix_safety(rule: Rule) -> str:
    """Return `safe`, `unsafe` or `safe and unsafe` for the fixes of the rule's own bad examples; empty without any."""
    bad = [example for example in parse_examples(rule.page) if example.bad]
    fixes = [found.problem.fix for example in bad for found in diagnose_example(rule, example)[0]]
    kinds = {"safe" if fix.safe else "unsafe" for fix in fixes if fix}
    return " and ".join(sorted(kinds))
