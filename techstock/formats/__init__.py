"""Output formats: one file each, found by file name and loaded on demand. Names with `_` are shared helpers."""

from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module

import msgspec

from techstock.formats._report import PROGRAMS, prepare_render
from techstock.formats._report import Report as Report
from techstock.formats._summary import format_run_summary as format_run_summary
from techstock.formats._summary import format_statistics as format_statistics
from techstock.registry import list_module_names

FULL = "full"
"""The name of the default format."""
ARRANGED = frozenset({FULL, "grouped", "concise"})
"""The formats for people that group problems, and print as many as asked for."""


class Format(msgspec.Struct, frozen=True):
    """An output format: its name, a line about it, and the function that renders a report, with line endings.

    `exact` tells that programs read the output, which must not be changed on its way.
    """

    name: str
    law: str
    render: Callable[[Report], Iterator[str]]
    exact: bool


@cache
def list_formats() -> tuple[str, ...]:
    """Return the names of all formats, in alphabetical order."""
    return tuple(name for name in list_module_names(__path__[0]) if not name.startswith("-"))


@cache
def load_format(name: str) -> Format:
    """Return the format with this name. Raise `KeyError` for an unknown name."""
    if name not in list_formats():
        raise KeyError(name)
    module = import_module(f"{__name__}.{name.replace('-', '_')}")
    law = (module.__doc__ or "").strip().rstrip(".")
    return Format(name, law, prepare_render(module.render, module.AUDIENCE), module.AUDIENCE == PROGRAMS)
