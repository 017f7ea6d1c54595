"""Output formats: one file each, found by file name, loaded when asked for. What starts with `_` is shared by them."""

import pkgutil
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module

import msgspec

from techstock.formats._report import Report
from techstock.formats._statistics import statistics
from techstock.formats._summary import summary

__all__ = ["Format", "Report", "load", "names", "statistics", "summary"]


class Format(msgspec.Struct, frozen=True):
    """An output format: its name, one line about it, and what renders a report as pieces of text with line ends."""

    name: str
    law: str
    render: Callable[[Report], Iterator[str]]


@cache
def names() -> tuple[str, ...]:
    """The names of all formats, in alphabetical order."""
    modules = (module.name for module in pkgutil.iter_modules(__path__))
    return tuple(sorted(name.replace("_", "-") for name in modules if not name.startswith("_")))


@cache
def load(name: str) -> Format:
    """The format of that name. Raises `KeyError` for a name that no format has."""
    if name not in names():
        raise KeyError(name)
    module = import_module(f"{__name__}.{name.replace('-', '_')}")
    return Format(name, (module.__doc__ or "").strip().rstrip("."), module.render)
