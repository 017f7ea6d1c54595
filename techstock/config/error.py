"""What is said about a wrong configuration."""

from techstock.text.nearest import nearest

__all__ = ["ConfigError", "nearest"]


class ConfigError(Exception):
    """The configuration is wrong; the message is one sentence that names where it stands and the key."""
