"""What the project configured, from all sources together."""

from collections.abc import Iterable
from typing import Any

import msgspec

from techstock.config.check import Values
from techstock.config.keys import KEYS, Path
from techstock.model import Limits


class Layer(msgspec.Struct, frozen=True):
    """What one layer, the command line or the files, says about which rules run. `None`: nothing."""

    preset: str | None = None
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    levels: dict[str, str] = {}
    origins: dict[Path, str] = {}


class Config(msgspec.Struct, frozen=True):
    """The configuration of one run.

    `baseline` is a path below the root, or empty. `file_size` is in bytes; `nesting`, `entries` and `seconds` bound
    what is parsed of a note, and how long that may take; `section_level` 0 means that each note tells its own. `typed`
    is what the command line says about rules, `filed` what the files say: for each rule the first of them that says
    anything decides. `options` are given options by rule, in Python's spelling; `per_file` unwanted rules by glob;
    `origins` says where a key was set.
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
        """How much of a note is parsed."""
        return Limits(self.nesting, self.entries)


def merged(filed: Iterable[tuple[str, Values]], typed: Iterable[tuple[str, Values]]) -> Config:
    """One configuration of checked sources, each with its name; later ones win, typed ones over files."""
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
