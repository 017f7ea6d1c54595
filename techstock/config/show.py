"""The settings in effect, as TOML, each with the source that set it."""

from collections.abc import Iterator
from typing import Any

from techstock import catalog
from techstock.config.config import Config
from techstock.config.keys import KEYS, Path
from techstock.config.levels import level
from techstock.config.toml import dotted, written


def shown(config: Config) -> Iterator[str]:
    """Yield lines without line ends: project-wide keys, the level and options of each rule, rules ignored by file."""
    for path in KEYS:
        value = _value(config, path)
        if value is not None:
            yield _line(path, value, config.origins.get(path, "default"))
    for name in catalog.names():
        severity, origin = level(config, name)
        yield _line(("rules", name, "level"), severity, origin)
        for option, default in catalog.load(name).options.items():
            path = ("rules", name, option.replace("_", "-"))
            value = config.options.get(name, {}).get(option, default)
            yield _line(path, value, config.origins.get(path, "default"))
    for glob, names in config.per_file.items():
        path = ("per-file", glob, "ignore")
        yield _line(path, names, config.origins[path])


def _value(config: Config, path: Path) -> Any:
    """Return the value of a project-wide key; None if it is not set and has no default that TOML can express."""
    layered = {
        ("preset",): config.typed.preset or config.filed.preset or "default",
        ("select",): config.filed.select if config.typed.select is None else config.typed.select,
        ("ignore",): (*config.filed.ignore, *config.typed.ignore) or None,
    }
    return layered[path] if path in layered else getattr(config, path[-1].replace("-", "_"))


def _line(path: Path, value: Any, origin: str) -> str:
    return f"{dotted(path)} = {written(value)}  # {origin}"
