"""Errors in the configuration."""

from techstock.text.nearest import suggest_name

__all__ = ["ConfigError", "suggest_name"]


class ConfigError(Exception):
    """The configuration is invalid; the message is one sentence that names the source and the key."""
