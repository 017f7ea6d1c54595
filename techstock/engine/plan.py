"""The rules that the configuration enables, ready to run."""

from techstock import catalog
from techstock.config import Settings, list_enabled_rules, make_per_file_matcher
from techstock.engine.diagnose import RuleRun


def make_rule_runs(config: Settings) -> tuple[RuleRun, ...]:
    """Return one `RuleRun` for each enabled rule. Raises `ConfigError` if no rule is enabled."""
    return tuple(
        RuleRun(
            catalog.load_rule(setting.rule),
            setting.severity,
            setting.options,
            make_per_file_matcher(config, setting.rule),
        )
        for setting in list_enabled_rules(config)
    )
