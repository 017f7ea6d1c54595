"""The rules that the configuration enables, ready to run."""

from techstock import catalog
from techstock.config import Config, settings, unwanted
from techstock.engine.diagnose import Plan


def plans(config: Config) -> tuple[Plan, ...]:
    """Return one `RuleRun` for each enabled rule. Raises `ConfigError` if no rule is enabled."""
    return tuple(
        Plan(catalog.load(setting.rule), setting.severity, setting.options, unwanted(config, setting.rule))
        for setting in settings(config)
    )
