"""Output formats: one file each, found by file name, loaded when asked for. What starts with `_` is shared by them."""

from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module

import msgspec

from techstock.catalog import modules
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
    return tuple(name for name in modules(__path__[0]) if not name.startswith("-"))


@cache
def load(name: str) -> Format:
    """The format of that name. Raises `KeyError` for a name that no format has."""
    if name not in names():
        raise KeyError(name)
    module = import_module(f"{__name__}.{name.replace('-', '_')}")
    return Format(name, (module.__doc__ or "").strip().rstrip("."), module.render)
