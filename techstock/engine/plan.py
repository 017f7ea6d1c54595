"""The rules that a configuration asks for, ready to run."""

from techstock import catalog
from techstock.config import Config, settings, unwanted
from techstock.engine.diagnose import Plan


def plans(config: Config) -> tuple[Plan, ...]:
    """One plan for each rule that runs. Raises `ConfigError` where none does."""
    return tuple(
        Plan(catalog.load(setting.rule), setting.severity, setting.options, unwanted(config, setting.rule))
        for setting in settings(config)
    )
