"""Validate one source of configuration against the known keys and the rules' own signatures."""

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Any

import msgspec

from techstock import registry
from techstock.config.keys import KEYS, PER_FILE_IGNORE, RULE_LEVEL, ConfigKey, KeyPath, convert_value, make_option_keys


def find_matching_rules(pattern: str) -> list[str]:
    """Return the rules that match a name or glob (`section-*`)."""
    return [name for name in registry.list_rule_names() if fnmatchcase(name, pattern)]


def is_rule_matched(name: str, patterns: Iterable[str]) -> bool:
    """Return whether the rule matches one of these names and globs."""
    return any(fnmatchcase(name, pattern) for pattern in patterns)


class ConfigError(Exception):
    """The configuration is invalid; the message is one sentence that names the source and the key."""


ConfigValues = dict[KeyPath, Any]
"""Checked values by key."""

_RULE_NAMES = {("select",), ("ignore",)}
_GLOBS = {("include",), ("exclude",)}
_MAX_STARS, _MAX_FOLDER_STARS = 3, 2  # with each one more, a long name takes a hundred times as long to match


class ConfigSource(msgspec.Struct, frozen=True):
    """One source of configuration: its name in messages, and its table as under `[tool.techstock]`."""

    name: str
    table: dict[str, Any]

    def make_error(self, path: KeyPath, what: str) -> ConfigError:
        """Return a `ConfigError` that says what is wrong with a key."""
        from techstock.config.toml_writer import format_toml_key

        return ConfigError(f"{self.name}: `{format_toml_key(path)}` {what}")


def validate_source(source: ConfigSource) -> ConfigValues:
    """Return the values of a source by key. Raises `ConfigError` for the first key, type or name that is wrong."""
    return dict(_validate_keys(source, source.table, ()))


def _validate_keys(source: ConfigSource, table: dict[str, Any], above: KeyPath) -> Iterator[tuple[KeyPath, Any]]:
    for name, raw in table.items():
        path = (*above, name)
        if path in KEYS:
            yield path, _validate_value(source, path, KEYS[path], raw)
        elif path == ("rules",):
            yield from _validate_rules(source, _require_table(source, path, raw))
        elif path == ("per-file",):
            yield from _validate_per_file(source, _require_table(source, path, raw))
        elif any(key[: len(path)] == path for key in KEYS):
            yield from _validate_keys(source, _require_table(source, path, raw), path)
        else:
            raise source.make_error(path, "is no known key" + _suggest_key(path))


def _suggest_key(path: KeyPath) -> str:
    known = [".".join(key) for key in KEYS]
    return _suggest(".".join(path), [*known, *(key[0] for key in KEYS), "rules", "per-file"])


def _validate_rules(source: ConfigSource, table: dict[str, Any]) -> Iterator[tuple[KeyPath, Any]]:
    for name, raw in table.items():
        path = ("rules", name)
        if name not in registry.list_rule_names():
            raise source.make_error(path, "names no rule" + _suggest(name, registry.list_rule_names()))
        known = {"level": RULE_LEVEL} | make_option_keys(registry.load_rule(name))
        for key, value in _require_table(source, path, raw).items():
            if key not in known:
                raise source.make_error((*path, key), "is no option of this rule" + _suggest(key, known))
            yield (*path, key), _validate_value(source, (*path, key), known[key], value)


def _validate_per_file(source: ConfigSource, table: dict[str, Any]) -> Iterator[tuple[KeyPath, Any]]:
    for glob, raw in table.items():
        path = ("per-file", glob)
        _check_glob(source, path, glob)
        for key, value in _require_table(source, path, raw).items():
            if key != "ignore":
                raise source.make_error((*path, key), "is no known key" + _suggest(key, ["ignore"]))
            names = _validate_value(source, (*path, key), PER_FILE_IGNORE, value)
            _check_names(source, (*path, key), names)
            yield (*path, key), names


def _require_table(source: ConfigSource, path: KeyPath, raw: Any) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise source.make_error(path, f"must be a table, not {_format_value(raw)}")
    return raw


def _validate_value(source: ConfigSource, path: KeyPath, key: ConfigKey, raw: Any) -> Any:
    try:
        value = convert_value(key.kind, raw)
    except ValueError as error:
        raise source.make_error(path, str(error)) from None
    if key.least is not None and value < key.least:
        raise source.make_error(path, f"must be at least {key.least}, not {value}")
    if key.most is not None and value > key.most:
        raise source.make_error(path, f"must be at most {key.most}, not {value}")
    if path == ("image-root",):
        _check_folder(source, path, value)
    if path in _RULE_NAMES:
        _check_names(source, path, value)
    if path == ("baseline",) and "\0" in value:
        raise source.make_error(path, f"names {_format_value(value)}, which no file can be called")
    if path == ("baseline",) and (value.startswith(("/", "\\")) or ".." in value.split("/") or ":" in value[1:2]):
        raise source.make_error(path, f"names {_format_value(value)}, which lies outside the root")
    if path in _GLOBS:
        for glob in value:
            _check_glob(source, path, glob)
    return value


def _check_folder(source: ConfigSource, path: KeyPath, folder: str) -> None:
    """Raise `ConfigError` for a folder outside the root; a leading `/` is the root."""
    if ".." in folder.split("/") or "\\" in folder or folder[1:2] == ":" or "\0" in folder:
        raise source.make_error(
            path, f"names {_format_value(folder)}, which is no folder below the root, written with `/`"
        )


def _check_names(source: ConfigSource, path: KeyPath, patterns: tuple[str, ...]) -> None:
    for pattern in patterns:
        if not find_matching_rules(pattern):
            hint = _suggest(pattern, registry.list_rule_names())
            raise source.make_error(path, f"names {_format_value(pattern)}, which matches no rule{hint}")


def _check_glob(source: ConfigSource, path: KeyPath, glob: str) -> None:
    from techstock.project import ProjectError, compile_globs

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


def _suggest(name: str, known: Iterable[str]) -> str:
    from techstock.text.did_you_mean import suggest_name  # late: most configurations are valid

    return suggest_name(name, known)
