"""Output formats for the index of terms: one file each. Each format escapes the terms for its own output."""

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import Any

from techstock.formats._report import Report
from techstock.registry import list_module_names
from techstock.survey.term_index import IndexedTerm

Render = Callable[[Sequence[IndexedTerm], Report], Iterator[str]]


def list_term_formats() -> tuple[str, ...]:
    """Return the names of these formats, in alphabetical order."""
    return tuple(name for name in list_module_names(__path__[0]) if not name.startswith("-"))


def load_term_format(name: str) -> Render:
    """Return the function that renders terms in this format, as pieces of text with line endings."""
    module: Any = import_module(f"{__name__}.{name}")
    render: Render = module.render
    return render
