"""`[tool.techstock]`: read, validated against the rules' own signatures, merged with the command line."""

from techstock.config.check import ConfigSource
from techstock.config.config import Settings
from techstock.config.error import ConfigError, suggest_name
from techstock.config.levels import EnabledRule, list_enabled_rules, make_per_file_matcher, resolve_severity
from techstock.config.load import load_settings, make_settings

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
    "suggest_name",
]
