"""Validate one source of configuration against the known keys and the rules' own signatures."""

from collections.abc import Iterator
from typing import Any

import msgspec

from techstock import catalog
from techstock.config.error import ConfigError, nearest
from techstock.config.keys import KEYS, PER_FILE_IGNORE, RULE_LEVEL, Key, Path, rule_options
from techstock.config.kinds import converted
from techstock.config.names import matching

Values = dict[Path, Any]
"""Checked values by key."""

_RULE_NAMES = {("select",), ("ignore",)}
_GLOBS = {("include",), ("exclude",)}
_MOST_STARS, _MOST_FOLDERS = 3, 2  # with each one more, a long name takes a hundred times as long to match


class Source(msgspec.Struct, frozen=True):
    """One source of configuration: its name in messages, and its table as under `[tool.techstock]`."""

    name: str
    table: dict[str, Any]

    def wrong(self, path: Path, what: str) -> ConfigError:
        """Return a `ConfigError` that says what is wrong with a key."""
        from techstock.config.toml import dotted

        return ConfigError(f"{self.name}: `{dotted(path)}` {what}")


def checked(source: Source) -> Values:
    """Return the values of a source by key. Raises `ConfigError` for the first key, type or name that is wrong."""
    return dict(_project_wide(source, source.table, ()))


def _project_wide(source: Source, table: dict[str, Any], above: Path) -> Iterator[tuple[Path, Any]]:
    for name, raw in table.items():
        path = (*above, name)
        if path in KEYS:
            yield path, _value(source, path, KEYS[path], raw)
        elif path == ("rules",):
            yield from _rules(source, _table(source, path, raw))
        elif path == ("per-file",):
            yield from _per_file(source, _table(source, path, raw))
        elif any(key[: len(path)] == path for key in KEYS):
            yield from _project_wide(source, _table(source, path, raw), path)
        else:
            raise source.wrong(path, "is no known key" + _nearest_key(path))


def _nearest_key(path: Path) -> str:
    known = [".".join(key) for key in KEYS]
    return nearest(".".join(path), [*known, *(key[0] for key in KEYS), "rules", "per-file"])


def _rules(source: Source, table: dict[str, Any]) -> Iterator[tuple[Path, Any]]:
    for name, raw in table.items():
        path = ("rules", name)
        if name not in catalog.names():
            raise source.wrong(path, "names no rule" + nearest(name, catalog.names()))
        known = {"level": RULE_LEVEL} | rule_options(catalog.load(name))
        for key, value in _table(source, path, raw).items():
            if key not in known:
                raise source.wrong((*path, key), "is no option of this rule" + nearest(key, known))
            yield (*path, key), _value(source, (*path, key), known[key], value)


def _per_file(source: Source, table: dict[str, Any]) -> Iterator[tuple[Path, Any]]:
    for glob, raw in table.items():
        path = ("per-file", glob)
        _check_glob(source, path, glob)
        for key, value in _table(source, path, raw).items():
            if key != "ignore":
                raise source.wrong((*path, key), "is no known key" + nearest(key, ["ignore"]))
            names = _value(source, (*path, key), PER_FILE_IGNORE, value)
            _check_names(source, (*path, key), names)
            yield (*path, key), names


def _table(source: Source, path: Path, raw: Any) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise source.wrong(path, f"must be a table, not {_written(raw)}")
    return raw


def _value(source: Source, path: Path, key: Key, raw: Any) -> Any:
    try:
        value = converted(key.kind, raw)
    except ValueError as error:
        raise source.wrong(path, str(error)) from None
    if key.least is not None and value < key.least:
        raise source.wrong(path, f"must be at least {key.least}, not {value}")
    if key.most is not None and value > key.most:
        raise source.wrong(path, f"must be at most {key.most}, not {value}")
    if path == ("image-root",):
        _check_folder(source, path, value)
    if path in _RULE_NAMES:
        _check_names(source, path, value)
    if path == ("baseline",) and (value.startswith(("/", "\\")) or ".." in value.split("/") or ":" in value[1:2]):
        raise source.wrong(path, f"names {_written(value)}, which lies outside the root")
    if path in _GLOBS:
        for glob in value:
            _check_glob(source, path, glob)
    return value


def _check_folder(source: Source, path: Path, folder: str) -> None:
    """Raise `ConfigError` for a folder outside the root; a leading `/` is the root."""
    if ".." in folder.split("/") or "\\" in folder or folder[1:2] == ":" or "\0" in folder:
        raise source.wrong(path, f"names {_written(folder)}, which is no folder below the root, written with `/`")


def _check_names(source: Source, path: Path, patterns: tuple[str, ...]) -> None:
    for pattern in patterns:
        if not matching(pattern):
            hint = nearest(pattern, catalog.names())
            raise source.wrong(path, f"names {_written(pattern)}, which matches no rule{hint}")


def _check_glob(source: Source, path: Path, glob: str) -> None:
    from techstock.project import ProjectError, matcher

    if ".." in glob.split("/"):
        raise source.wrong(path, f"names {_written(glob)}, which lies outside the root")
    names = glob.split("/")
    stars = sum(max(name.count("*") - 1, 0) for name in names if name != "**")  # the first of a name costs nothing
    if names.count("**") > _MOST_FOLDERS or stars >= _MOST_STARS:
        most = f"at most {_MOST_STARS} `*` in one name and {_MOST_FOLDERS} `**`"
        raise source.wrong(path, f"names {_written(glob)}, which has too many wildcards: {most}")
    try:
        matcher([glob], path[0])
    except ProjectError:
        raise source.wrong(path, f"names {_written(glob)}, which is not a valid glob") from None


def _written(value: Any) -> str:
    from techstock.config.toml import written  # only for what is wrong

    return written(value)
