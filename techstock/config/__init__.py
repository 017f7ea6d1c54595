"""`[tool.techstock]`: read, validated against the rules' own signatures, merged with the command line."""

from techstock.config.rule_levels import EnabledRule, list_enabled_rules, make_per_file_matcher, resolve_severity
from techstock.config.settings import Settings
from techstock.config.sources import load_settings, make_settings
from techstock.config.validation import ConfigError, ConfigSource

__all__ = [
    "ConfigError",
    "ConfigSource",
    "EnabledRule",
    "Settings",
    "list_enabled_rules",
    "load_settings",
    "make_per_file_matcher",
    "make_settings",
    "resolve_severity",
]
