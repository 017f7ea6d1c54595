"""Errors in the configuration."""

from techstock.text.nearest import nearest

__all__ = ["ConfigError", "nearest"]


class ConfigError(Exception):
    """The configuration is invalid; the message is one sentence that names the source and the key."""
