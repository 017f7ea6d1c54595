"""The settings of a run, merged from all sources of configuration."""

from collections.abc import Iterable
from typing import Any

import msgspec

from techstock.config.keys import KEYS, KeyPath
from techstock.config.validation import ConfigValues
from techstock.model import ParseLimits


class RuleSelection(msgspec.Struct, frozen=True):
    """The rules that one layer, the command line or the files, selects. None: the layer does not say."""

    preset: str | None = None
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    levels: dict[str, str] = {}
    origins: dict[KeyPath, str] = {}


class Settings(msgspec.Struct, frozen=True):
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
    typed: RuleSelection
    filed: RuleSelection
    options: dict[str, dict[str, Any]]
    per_file: dict[str, tuple[str, ...]]
    origins: dict[KeyPath, str]

    @property
    def limits(self) -> ParseLimits:
        """Return the limits on how much of a note is parsed."""
        return ParseLimits(self.nesting, self.entries)


def merge_sources(filed: Iterable[tuple[str, ConfigValues]], typed: Iterable[tuple[str, ConfigValues]]) -> Settings:
    """Merge validated sources, each with its name. Later ones win, and the command line wins over files."""
    below, above = _merge_values(filed), _merge_values(typed)
    every = below | above
    values = {path: value for path, (value, _) in every.items()}

    def value(*path: str) -> Any:
        return values.get(path, KEYS[path].default)

    options: dict[str, dict[str, Any]] = {}
    for path, given in values.items():
        if path[0] == "rules" and path[2] != "level":
            options.setdefault(path[1], {})[path[2].replace("-", "_")] = given
    return Settings(
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
        typed=_make_selection(above),
        filed=_make_selection(below),
        options=options,
        per_file={path[1]: given for path, given in values.items() if path[0] == "per-file"},
        origins={path: name for path, (_, name) in every.items()},
    )


def _merge_values(sources: Iterable[tuple[str, ConfigValues]]) -> dict[KeyPath, tuple[Any, str]]:
    return {path: (value, name) for name, values in sources for path, value in values.items()}


def _make_selection(values: dict[KeyPath, tuple[Any, str]]) -> RuleSelection:
    levels = {path[1]: value for path, (value, _) in values.items() if path[0] == "rules" and path[2] == "level"}
    return RuleSelection(
        preset=values[("preset",)][0] if ("preset",) in values else None,
        select=values[("select",)][0] if ("select",) in values else None,
        ignore=values[("ignore",)][0] if ("ignore",) in values else (),
        levels=levels,
        origins={path: name for path, (_, name) in values.items()},
    )
