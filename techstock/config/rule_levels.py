"""Which rules run, and at which level.

For each rule the command line is asked first, then the files. In each of the two, the first of these that says anything
decides:

1. `ignore`, if it matches the rule: it does not run;
2. `rules.NAME.level`: the rule runs at that level, or not at all if it is `off`;
3. `select`: what it matches runs, and nothing else. A rule that is off by default runs as a warning then;
4. `preset = "strict"`: the rules that it adds run, as warnings.

Where neither says anything, a rule's default level applies. Names may be globs: `image-*`.
"""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from msgspec import UNSET

from techstock import registry
from techstock.config.keys import KEYS, KeyPath
from techstock.config.settings import Layer, Settings
from techstock.config.validation import ConfigError, is_rule_matched
from techstock.model import OFF, WARNING


class EnabledRule(msgspec.Struct, frozen=True):
    """An enabled rule, with its severity and the options that are configured for it."""

    rule: str
    severity: str
    options: dict[str, Any] = {}


def list_enabled_rules(config: Settings) -> tuple[EnabledRule, ...]:
    """Return the enabled rules, in alphabetical order. Rules known to be off are not loaded.

    Raises `ConfigError` if no rule is left.
    """
    found = []
    for name in registry.list_rule_names():
        severity, _ = resolve_severity(config, name)
        if severity != OFF:
            found.append(EnabledRule(name, severity, config.get_options(name)))
    if not found:
        raise ConfigError("no rule is left to run: `select`, `ignore` and `level` turn all of them off")
    return tuple(found)


def resolve_severity(config: Settings, name: str) -> tuple[str, str]:
    """Return the severity of the rule, and the name of the source that decided it, or `default`."""
    for layer in (config.typed, config.filed):
        runs, origin = _decide_enabled(layer, name, strict=config.preset == "strict")
        if runs is not None:
            return (_choose_severity(config, name), origin) if runs else (OFF, origin)
    return registry.read_default_level(name), "default"


def _decide_enabled(layer: Layer, name: str, *, strict: bool) -> tuple[bool | None, str]:
    """Return whether this layer enables the rule, and the source that says so; None if the layer does not say."""
    if (ignore := layer.get(("ignore",))) and is_rule_matched(name, ignore.value):
        return False, ignore.origin
    if level := layer.get(("rules", name, "level")):
        return level.value != OFF, level.origin
    if select := layer.get(("select",)):
        return is_rule_matched(name, select.value), select.origin
    if strict and name in STRICT_RULES and (preset := layer.get(("preset",))):
        return True, preset.origin
    return None, ""


def _choose_severity(config: Settings, name: str) -> str:
    """Return the severity of an enabled rule: the configured level, else its own, else a warning."""
    levels = [layer.get(("rules", name, "level")) for layer in (config.typed, config.filed)]
    own = registry.read_default_level(name)
    return next((level.value for level in levels if level and level.value != OFF), WARNING if own == OFF else own)


def make_per_file_matcher(config: Settings, name: str) -> Callable[[str], bool] | None:
    """Return a predicate for paths where `per-file` ignores the rule; None if no glob mentions the rule."""
    globs = [glob for glob, patterns in config.per_file.items() if is_rule_matched(name, patterns)]
    if not globs:
        return None
    from techstock.project.globs import compile_globs

    matches = [compile_globs([glob], "per-file") for glob in globs]
    return lambda path: any(match(path) for match in matches)


STRICT_RULES = (
    "colon-style",
    "entry-form",
    "section-number-gap",
    "section-unnumbered",
    "term-variant",
)
"""Rules that the strict preset adds, as warnings; names that no rule has yet are ignored."""


def format_settings(config: Settings) -> Iterator[str]:
    """Yield lines without line ends: project-wide keys, the level and options of each rule, rules ignored by file."""
    from techstock.config.toml_writer import format_toml_key, format_toml_value

    def format_line(path: KeyPath, value: Any, origin: str) -> str:
        return f"{format_toml_key(path)} = {format_toml_value(value)}  # {origin}"

    origins = config.origins
    for path, field in KEYS.items():
        value = getattr(config.limits if path[0] == "limits" else config, field.name)
        if value is not UNSET:
            yield format_line(path, value, origins.get(path, "default"))
    for name in registry.list_rule_names():
        severity, origin = resolve_severity(config, name)
        yield format_line(("rules", name, "level"), severity, origin)
        for option, value in (registry.load_rule(name).options | config.get_options(name)).items():
            path = ("rules", name, option.replace("_", "-"))
            yield format_line(path, value, origins.get(path, "default"))
    for glob, names in config.per_file.items():
        path = ("per-file", glob, "ignore")
        yield format_line(path, names, origins[path])
