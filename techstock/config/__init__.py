"""`[tool.techstock]`: read, validated against the rules' own signatures, merged with the command line."""

from techstock.config.check import Source
from techstock.config.config import Config
from techstock.config.error import ConfigError, nearest
from techstock.config.levels import Setting, level, settings, unwanted
from techstock.config.load import load, proposed

__all__ = ["Config", "ConfigError", "Setting", "Source", "level", "load", "nearest", "proposed", "settings", "unwanted"]
