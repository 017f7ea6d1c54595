"""Write a configuration, load it, and say what went wrong."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from techstock.config import ConfigError, ConfigSource, Settings, load_settings


def load_config(
    root: Path, text: str = "", given: Sequence[str] = (), typed: Sequence[ConfigSource] = (), isolated: bool = False
) -> Settings:
    """Load the configuration of a project whose `techstock.toml` holds `text`."""
    (root / "techstock.toml").write_text(text, "utf-8")
    return load_settings(root, root, given=given, typed=typed, isolated=isolated)[0]


def get_config_error(root: Path, text: str = "", given: Sequence[str] = (), typed: Sequence[ConfigSource] = ()) -> str:
    """Return the error message for such a configuration."""
    with pytest.raises(ConfigError) as caught:
        load_config(root, text, given, typed)
    return str(caught.value)
