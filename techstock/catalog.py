"""The rules there are: found by their file names, loaded when asked for. Nothing is registered anywhere."""

import os
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from typing import Annotated, Any, get_args, get_origin

import msgspec

from techstock import rules
from techstock.model import WARNING, Corpus, Ignores, Note, Problem

Check = Callable[..., Iterator[Problem]]

BESIDE, NOTES, FOLDER, PAIRS = "beside", "notes", "folder", "pairs"
"""How far a rule on the corpus sees: see `Rule.sight`."""


class Rule(msgspec.Struct, frozen=True):
    """A rule: `name` is its file's name, `level` its default level, `page` its docstring.

    `whole` tells rules on the corpus from rules on one note. `options` are the keyword-only parameters of `check` with
    their defaults, `types` what they may hold, `meanings` the sentence that each is annotated with. `paired` tells
    rules on two things that say the same, of which a comment may name the other (`with`); `last` those on what comments
    did, which run after all others; `fixed` those that no comment can ignore. `sight` is how far a rule on the corpus
    sees: what lies `beside` the notes as well, all `notes` and nothing else, the notes of one `folder`, or `pairs`
    within the scope of duplicates and which terms are labels. `needs` names the field of the corpus without which a
    rule says nothing, so that nobody can tell whether a comment about it is needed. `gist` is what a rule on the corpus
    asks of each note: plain values that follow from the note alone, and are kept.
    """

    name: str
    level: str
    page: str
    check: Check
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


def modules(folder: str) -> list[str]:
    """The names of the modules in a package's folder, with `-` for `_`, in alphabetical order.

    `pkgutil` would say the same, and take as long to load as all rules.
    """
    return sorted(file[:-3].replace("_", "-") for file in os.listdir(folder) if file.endswith(".py"))


@cache
def names() -> tuple[str, ...]:
    """The names of all rules, in alphabetical order."""
    return tuple(name for name in modules(rules.__path__[0]) if not name.startswith("-"))


@cache
def load(name: str) -> Rule:
    """The rule of that name.

    Raises `KeyError` for a name that no rule has, `TypeError` for a rule file that is none.
    """
    if name not in names():
        raise KeyError(name)
    module = import_module(f"{rules.__name__}.{name.replace('-', '_')}")
    check = module.check
    annotations = dict(check.__annotations__)
    scope = annotations.pop(check.__code__.co_varnames[0], None)
    annotations.pop("return", None)
    if scope not in (Note, Corpus, Ignores):
        raise TypeError(f"rule {name}: the first parameter of check must be a Note, a Corpus or Ignores")
    options = dict(check.__kwdefaults__ or {})
    last = scope is Ignores
    return Rule(
        name,
        getattr(module, "LEVEL", WARNING),
        (module.__doc__ or "").strip(),
        check,
        scope is Corpus,
        options,
        types={option: _plain(kind) for option, kind in annotations.items()},
        meanings={option: "".join(get_args(kind)[1:]) for option, kind in annotations.items() if _is_said(kind)},
        paired=(paired := getattr(module, "PAIRED", False)),
        sight=PAIRS if paired else getattr(module, "SIGHT", BESIDE),
        last=last,
        fixed=last or getattr(module, "FIXED", False),
        needs=getattr(module, "NEEDS", ""),
        gist=getattr(module, "gist", None),
    )


def _is_said(kind: Any) -> bool:
    return get_origin(kind) is Annotated


def _plain(kind: Any) -> Any:
    return get_args(kind)[0] if _is_said(kind) else kind


@cache
def gists() -> dict[str, Callable[[Note], Any]]:
    """What rules on the corpus ask of each note, by the name of the rule."""
    return {name: gist for name in names() if (gist := load(name).gist)}
