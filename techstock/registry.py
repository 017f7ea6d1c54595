"""The rules, found by their file names and loaded when they are needed. Nothing needs to be registered."""

import os
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from typing import Annotated, Any, get_args, get_origin

import msgspec

from techstock import rules
from techstock.model import WARNING, Corpus, Note, NoteSuppressions, Problem
from techstock.storage.regular_file import read_regular_file

_MAX_SOURCE_SIZE = 1 << 20  # bytes of a rule's module
CheckFunction = Callable[..., Iterator[Problem]]

BESIDE, NOTES, FOLDER, PAIRS = "beside", "notes", "folder", "pairs"
"""Values of `Rule.sight`: how far a rule on the corpus sees."""


class Rule(msgspec.Struct, frozen=True):
    """A rule: `name` is its file's name, `level` its default level, `page` its docstring.

    `whole` is true for rules on the corpus, false for rules on one note. `options` are the keyword-only parameters of
    `check` with their defaults, `types` their types, `meanings` the sentence that each is annotated with. `paired` is
    true for rules on two entries with the same content, whose suppressions may name the other one (`with`); `last` for
    rules on suppressions, which run after all others; `fixed` for rules that cannot be suppressed. `sight` is how far a
    rule on the corpus sees: other files `beside` the notes as well, all `notes` and nothing else, the notes of one
    `folder`, or `pairs` within the scope of duplicates and the terms that are labels. `needs` names the field of the
    corpus without which a rule finds nothing, so that nobody can tell whether a suppression of it is needed. `gist`
    computes what a rule on the corpus needs of each note: plain values that depend on the note alone, and are cached.
    """

    name: str
    level: str
    page: str
    check: CheckFunction
    whole: bool
    options: dict[str, Any]
    types: dict[str, Any]
    meanings: dict[str, str] = {}
    paired: bool = False
    sight: str = BESIDE
    last: bool = False
    fixed: bool = False
    needs: str = ""
    gist: Callable[[Note], Any] | None = None

    @property
    def law(self) -> str:
        """The first sentence of the page, without its full stop."""
        return self.page.split("\n\n", 1)[0].replace("\n", " ").rstrip(".")


def list_module_names(folder: str) -> list[str]:
    """Return the names of the modules in a package's folder, with `-` for `_`, in alphabetical order.

    `pkgutil` would give the same, but takes as long to load as all rules.
    """
    return sorted(file[:-3].replace("_", "-") for file in os.listdir(folder) if file.endswith(".py"))


@cache
def list_rule_names() -> tuple[str, ...]:
    """Return the names of all rules, in alphabetical order."""
    return tuple(name for name in list_module_names(rules.__path__[0]) if not name.startswith("-"))


@cache
def load_rule(name: str) -> Rule:
    """Load the rule of that name.

    Raises `KeyError` for a name that no rule has, `TypeError` for a rule file without a valid `check`.
    """
    if name not in list_rule_names():
        raise KeyError(name)
    module = import_module(f"{rules.__name__}.{name.replace('-', '_')}")
    check = module.check
    annotations = dict(check.__annotations__)
    scope = annotations.pop(check.__code__.co_varnames[0], None)
    annotations.pop("return", None)
    if scope not in (Note, Corpus, NoteSuppressions):
        raise TypeError(f"rule {name}: the first parameter of check must be a Note, a Corpus or NoteSuppressions")
    options = dict(check.__kwdefaults__ or {})
    last = scope is NoteSuppressions
    return Rule(
        name,
        getattr(module, "LEVEL", WARNING),
        (module.__doc__ or "").strip(),
        check,
        scope is Corpus,
        options,
        types={option: _strip_annotation(kind) for option, kind in annotations.items()},
        meanings={option: "".join(get_args(kind)[1:]) for option, kind in annotations.items() if _is_annotated(kind)},
        paired=(paired := getattr(module, "PAIRED", False)),
        sight=PAIRS if paired else getattr(module, "SIGHT", BESIDE),
        last=last,
        fixed=last or getattr(module, "FIXED", False),
        needs=getattr(module, "NEEDS", ""),
        gist=getattr(module, "gist", None),
    )


def _is_annotated(kind: Any) -> bool:
    return get_origin(kind) is Annotated


def _strip_annotation(kind: Any) -> Any:
    return get_args(kind)[0] if _is_annotated(kind) else kind


@cache
def load_gist_functions() -> dict[str, Callable[[Note], Any]]:
    """Return the `gist` functions of the rules on the corpus, by the name of the rule; load no other rules."""
    found = {name: load_rule(name).gist for name in list_rule_names() if b"\ndef gist(" in _read_source(name)}
    return {name: gist for name, gist in found.items() if gist}


@cache
def read_default_level(name: str) -> str:
    """Return the default level of a rule from its source, so that a rule that is off is not loaded."""
    _, found, rest = _read_source(name).partition(b"\nLEVEL = ")  # faster than a pattern that tries each line
    return rest.split(None, 1)[0].strip(b'"').decode().lower() if found else WARNING


@cache
def _read_source(name: str) -> bytes:
    path = f"{rules.__path__[0]}/{name.replace('-', '_')}.py"
    return read_regular_file(path, _MAX_SOURCE_SIZE, follow_links=True)
