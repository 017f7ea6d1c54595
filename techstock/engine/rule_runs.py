"""The rules that a configuration enables, ready to run."""

from collections.abc import Callable
from typing import Any

import msgspec

from techstock import registry
from techstock.config import Settings, list_enabled_rules, make_per_file_matcher
from techstock.registry import Rule


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
