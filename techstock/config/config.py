"""The settings of a run, merged from all sources of configuration."""

from collections.abc import Iterable
from typing import Any

import msgspec

from techstock.config.check import Values
from techstock.config.keys import KEYS, Path
from techstock.model import Limits


class Layer(msgspec.Struct, frozen=True):
    """The rules that one layer, the command line or the files, selects. None: the layer does not say."""

    preset: str | None = None
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    levels: dict[str, str] = {}
    origins: dict[Path, str] = {}


class Config(msgspec.Struct, frozen=True):
    """The settings of one run.

    `baseline` is a path below the root, or empty. `file_size` is in bytes; `nesting`, `entries` and `seconds` limit how
    much of a note is parsed, and how long that may take; `section_level` 0 means that it is learned from each note.
    `typed` is the rule selection of the command line, `filed` that of the files: for each rule the first of the two
    that mentions it decides. `options` are the configured options by rule, in Python's spelling; `per_file` ignored
    rules by glob; `origins` the source that set a key.
    """

    include: tuple[str, ...]
    exclude: tuple[str, ...]
    fail_on: str
    section_level: int
    duplicate_scope: str
    image_root: str
    baseline: str
    file_size: int
    nesting: int
    entries: int
    seconds: int
    web_exclude: tuple[str, ...]
    typed: Layer
    filed: Layer
    options: dict[str, dict[str, Any]]
    per_file: dict[str, tuple[str, ...]]
    origins: dict[Path, str]

    @property
    def limits(self) -> Limits:
        """Return the limits on how much of a note is parsed."""
        return Limits(self.nesting, self.entries)


def merged(filed: Iterable[tuple[str, Values]], typed: Iterable[tuple[str, Values]]) -> Config:
    """Merge validated sources, each with its name. Later ones win, and the command line wins over files."""
    below, above = _together(filed), _together(typed)
    every = below | above
    values = {path: value for path, (value, _) in every.items()}

    def value(*path: str) -> Any:
        return values.get(path, KEYS[path].default)

    options: dict[str, dict[str, Any]] = {}
    for path, given in values.items():
        if path[0] == "rules" and path[2] != "level":
            options.setdefault(path[1], {})[path[2].replace("-", "_")] = given
    return Config(
        include=value("include"),
        exclude=value("exclude"),
        fail_on=value("fail-on"),
        section_level=value("section-level"),
        duplicate_scope=value("duplicate-scope"),
        image_root=value("image-root").strip("/"),
        baseline=value("baseline"),
        file_size=value("limits", "file-size"),
        nesting=value("limits", "nesting"),
        entries=value("limits", "entries"),
        seconds=value("limits", "seconds"),
        web_exclude=value("web-exclude"),
        typed=_layer(above),
        filed=_layer(below),
        options=options,
        per_file={path[1]: given for path, given in values.items() if path[0] == "per-file"},
        origins={path: name for path, (_, name) in every.items()},
    )


def _together(sources: Iterable[tuple[str, Values]]) -> dict[Path, tuple[Any, str]]:
    return {path: (value, name) for name, values in sources for path, value in values.items()}


def _layer(values: dict[Path, tuple[Any, str]]) -> Layer:
    levels = {path[1]: value for path, (value, _) in values.items() if path[0] == "rules" and path[2] == "level"}
    return Layer(
        preset=values[("preset",)][0] if ("preset",) in values else None,
        select=values[("select",)][0] if ("select",) in values else None,
        ignore=values[("ignore",)][0] if ("ignore",) in values else (),
        levels=levels,
        origins={path: name for path, (_, name) in values.items()},
    )
