"""Validate one source of configuration against the known keys and the rules' own signatures."""

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any, get_args

import msgspec

from techstock import registry
from techstock.config.keys import (
    KEYS,
    TABLES,
    FileKeys,
    Glob,
    KeyPath,
    RulePattern,
    describe_type,
    list_keys,
    make_rule_keys,
    strip_annotations,
)
from techstock.config.settings import Layer, Setting


def is_rule_matched(name: str, patterns: Iterable[str]) -> bool:
    """Return whether the rule matches one of these names and globs."""
    return any(fnmatchcase(name, pattern) for pattern in patterns)


class ConfigError(Exception):
    """The configuration is invalid; the message is one sentence that names the source and the key."""


_MAX_BITS = 63  # of a number without its sign: TOML does not promise more, and Python cannot write all of them
_MAX_GLOB_LENGTH = 4_096  # as long as a path can be
_MAX_STARS, _MAX_FOLDER_STARS = 3, 2  # with each one more, a long name takes a hundred times as long to match


class ConfigSource(msgspec.Struct, frozen=True):
    """One source of configuration: its name in messages, and its table as under `[tool.techstock]`."""

    name: str
    table: dict[str, Any]

    def make_error(self, path: KeyPath, what: str) -> ConfigError:
        """Return a `ConfigError` that says what is wrong with a key."""
        from techstock.config.toml_writer import format_toml_key

        return ConfigError(f"{self.name}: `{format_toml_key(path)}` {what}")


def validate_source(source: ConfigSource) -> Layer:
    """Return the values of a source by key. Raises `ConfigError` for the first key, type or name that is wrong."""
    known = {path: field.type for path, field in KEYS.items()}
    inside = {name: table for name in TABLES if isinstance(table := source.table.get(name), dict)}
    for name in set(registry.list_rule_names()).intersection(inside.get("rules", ())):
        rule = make_rule_keys(registry.load_rule(name))
        known |= {path: field.type for path, field in list_keys(rule, "rules", name).items()}
    for (key,), field in list_keys(FileKeys).items():
        known |= {("per-file", glob, key): field.type for glob in inside.get("per-file", ())}
    tables = {path[:end] for path in known for end in range(1, len(path))} | {(name,) for name in TABLES}
    values = _validate_keys(source, (), source.table, known, tables)
    return {path: Setting(value, source.name) for path, value in values}


def _validate_keys(
    source: ConfigSource, above: KeyPath, table: dict[str, Any], known: Mapping[KeyPath, Any], tables: set[KeyPath]
) -> Iterator[tuple[KeyPath, Any]]:
    """Yield the values of a table's keys; `known` are the types of all keys, `tables` all tables."""
    for name, raw in table.items():
        path = (*above, name)
        if above == ("per-file",):
            _check_glob(source, path, name)
        if path in known:
            yield path, _validate_value(source, path, known[path], raw)
        elif path not in tables:
            raise source.make_error(path, _explain_unknown(path, known))
        elif not isinstance(raw, dict):
            raise source.make_error(path, f"must be a table, not {_format_value(raw)}")
        else:
            yield from _validate_keys(source, path, raw, known, tables)


def _explain_unknown(path: KeyPath, known: Iterable[KeyPath]) -> str:
    from techstock.text.phrases import suggest_name  # late: most configurations are valid

    if path[0] == "rules" and len(path) == 2:
        return "names no rule" + suggest_name(path[1], registry.list_rule_names())
    above = path[:-1] if path[0] in TABLES else ()
    near = [key[len(above) :] for key in (known if above else KEYS) if key[: len(above)] == above]
    names = [*map(".".join, near), *(() if above else ("limits", *TABLES))]
    what = "is no option of this rule" if path[0] == "rules" else "is not a known key"
    return what + suggest_name(".".join(path[len(above) :]), names)


def _validate_value(source: ConfigSource, path: KeyPath, kind: Any, raw: Any) -> Any:
    try:
        if any(type(item) is int and item.bit_length() > _MAX_BITS for item in (raw if type(raw) is list else [raw])):
            raise OverflowError
        value = msgspec.convert(raw, kind)
    except (msgspec.ValidationError, OverflowError):
        raise source.make_error(path, f"must be {describe_type(kind)}, not {_format_value(raw)}") from None
    for item_type, check in _ITEM_CHECKS.items():
        for item in value if item_type in get_args(strip_annotations(kind)) else ():
            check(source, path, item)
    return value


def _check_pattern(source: ConfigSource, path: KeyPath, pattern: str) -> None:
    if not any(is_rule_matched(name, [pattern]) for name in registry.list_rule_names()):
        from techstock.text.phrases import suggest_name

        hint = suggest_name(pattern, registry.list_rule_names())
        raise source.make_error(path, f"names {_format_value(pattern)}, which matches no rule{hint}")


def _check_glob(source: ConfigSource, path: KeyPath, glob: str) -> None:
    from techstock.project import ProjectError
    from techstock.project.globs import compile_globs

    if len(glob) > _MAX_GLOB_LENGTH:
        raise source.make_error(path, f"has a glob of more than {_MAX_GLOB_LENGTH:,} characters")
    if ".." in glob.split("/"):
        raise source.make_error(path, f"names {_format_value(glob)}, which lies outside the root")
    names = glob.split("/")
    stars = sum(max(name.count("*") - 1, 0) for name in names if name != "**")  # the first of a name costs nothing
    if names.count("**") > _MAX_FOLDER_STARS or stars >= _MAX_STARS:
        most = f"at most {_MAX_STARS} `*` in one name and {_MAX_FOLDER_STARS} `**`"
        raise source.make_error(path, f"names {_format_value(glob)}, which has too many wildcards: {most}")
    try:
        compile_globs([glob], path[0])
    except ProjectError:
        raise source.make_error(path, f"names {_format_value(glob)}, which is not a valid glob") from None


def _format_value(value: Any) -> str:
    from techstock.config.toml_writer import format_toml_value  # only for what is wrong

    return format_toml_value(value)


_ITEM_CHECKS = {Glob: _check_glob, RulePattern: _check_pattern}
