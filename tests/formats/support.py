"""What the tests of formats share: notes without a parser, diagnostics at marked text, rendered reports."""

from collections.abc import Sequence
from typing import Any

from techstock import formats
from techstock.model import WARNING, Corpus, Diagnostic, Note, Place, Problem

PATH = "notes/01-10.md"


def at(text: str, marked: str, path: str = PATH) -> Place:
    """The place of the first `marked` in `text`."""
    start = text.index(marked)
    return Place(start, start + len(marked), path)


def found(
    place: Place, message: str = "wrong", *, rule: str = "a-rule", severity: str = WARNING, **more: Any
) -> Diagnostic:
    return Diagnostic(rule, severity, Problem(place, message, **more), ("here",))


def rendered(
    name: str, texts: str | dict[str, str], diagnostics: Sequence[Diagnostic], *, color: bool = False, width: int = 80
) -> str:
    """A report in format `name` over notes with these texts; a text alone is that of `notes/01-10.md`."""
    by_path = {PATH: texts} if isinstance(texts, str) else texts
    corpus = Corpus(tuple(Note(path, text) for path, text in sorted(by_path.items())))
    return "".join(formats.load(name).render(formats.Report(diagnostics, corpus, color, width)))


def shown(text: str, marked: str, *, width: int = 80, **more: Any) -> str:
    """One problem at `marked`, in full, without its first two rows."""
    return rendered("full", text, [found(at(text, marked), **more)], width=width).split("\n", 2)[2]
