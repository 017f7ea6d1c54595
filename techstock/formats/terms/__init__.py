"""Output formats for the index of terms: one file each. Each format escapes the terms for its own output."""

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import Any

import msgspec

from techstock.formats._report import PROGRAMS, Report, prepare_render
from techstock.registry import list_module_names
from techstock.survey.term_index import IndexedTerm

Render = Callable[[Sequence[IndexedTerm], Report], Iterator[str]]


def list_term_formats() -> tuple[str, ...]:
    """Return the names of these formats, in alphabetical order."""
    return tuple(name for name in list_module_names(__path__[0]) if not name.startswith("-"))


class TermFormat(msgspec.Struct, frozen=True):
    """A format for terms: the function that renders them, with line endings; `exact` as in `Format`."""

    render: Render
    exact: bool


def load_term_format(name: str) -> TermFormat:
    """Return the format with this name."""
    module: Any = import_module(f"{__name__}.{name}")
    return TermFormat(prepare_render(module.render, module.AUDIENCE), module.AUDIENCE == PROGRAMS)
