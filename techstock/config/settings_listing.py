"""List the settings in effect, for `--show-settings`."""

from collections.abc import Iterator
from typing import Any

from msgspec import UNSET

from techstock import registry
from techstock.config.keys import KEYS, KeyPath
from techstock.config.rule_levels import resolve_severity
from techstock.config.settings import Settings
from techstock.config.toml_writer import format_toml_key, format_toml_value


def format_settings(config: Settings) -> Iterator[str]:
    """Yield lines without line ends: project-wide keys, the level and options of each rule, rules ignored by file."""
    origins = config.origins
    for path, field in KEYS.items():
        value = getattr(config.limits if path[0] == "limits" else config, field.name)
        if value is not UNSET:
            yield _format_line(path, value, origins.get(path, "default"))
    for name in registry.list_rule_names():
        severity, origin = resolve_severity(config, name)
        yield _format_line(("rules", name, "level"), severity, origin)
        for option, value in (registry.load_rule(name).options | config.get_options(name)).items():
            path = ("rules", name, option.replace("_", "-"))
            yield _format_line(path, value, origins.get(path, "default"))
    for glob, names in config.per_file.items():
        path = ("per-file", glob, "ignore")
        yield _format_line(path, names, origins[path])


def _format_line(path: KeyPath, value: Any, origin: str) -> str:
    return f"{format_toml_key(path)} = {format_toml_value(value)}  # {origin}"
