"""`[tool.techstock]`: read, validated against the rules' own signatures, merged with the command line."""

from techstock.config.rule_levels import EnabledRule as EnabledRule
from techstock.config.rule_levels import list_enabled_rules as list_enabled_rules
from techstock.config.rule_levels import make_per_file_matcher as make_per_file_matcher
from techstock.config.rule_levels import resolve_severity as resolve_severity
from techstock.config.settings import Settings as Settings
from techstock.config.sources import load_settings as load_settings
from techstock.config.sources import make_settings as make_settings
from techstock.config.validation import ConfigError as ConfigError
from techstock.config.validation import ConfigSource as ConfigSource
