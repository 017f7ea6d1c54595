"""The settings in effect, as TOML, each with the source that set it."""

from collections.abc import Iterator
from typing import Any

from techstock import catalog
from techstock.config.config import Settings
from techstock.config.keys import KEYS, KeyPath
from techstock.config.levels import resolve_severity
from techstock.config.toml import format_toml_key, format_toml_value


def format_settings(config: Settings) -> Iterator[str]:
    """Yield lines without line ends: project-wide keys, the level and options of each rule, rules ignored by file."""
    for path in KEYS:
        value = _get_value(config, path)
        if value is not None:
            yield _format_line(path, value, config.origins.get(path, "default"))
    for name in catalog.list_rule_names():
        severity, origin = resolve_severity(config, name)
        yield _format_line(("rules", name, "level"), severity, origin)
        for option, default in catalog.load_rule(name).options.items():
            path = ("rules", name, option.replace("_", "-"))
            value = config.options.get(name, {}).get(option, default)
            yield _format_line(path, value, config.origins.get(path, "default"))
    for glob, names in config.per_file.items():
        path = ("per-file", glob, "ignore")
        yield _format_line(path, names, config.origins[path])


def _get_value(config: Settings, path: KeyPath) -> Any:
    """Return the value of a project-wide key; None if it is not set and has no default that TOML can express."""
    layered = {
        ("preset",): config.typed.preset or config.filed.preset or "default",
        ("select",): config.filed.select if config.typed.select is None else config.typed.select,
        ("ignore",): (*config.filed.ignore, *config.typed.ignore) or None,
    }
    return layered[path] if path in layered else getattr(config, path[-1].replace("-", "_"))


def _format_line(path: KeyPath, value: Any, origin: str) -> str:
    return f"{format_toml_key(path)} = {format_toml_value(value)}  # {origin}"
