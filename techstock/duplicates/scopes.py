"""Which notes are compared with each other, and which are one work in several languages."""

import re
from collections.abc import Sequence

from techstock.model import Corpus

_LANGUAGE = re.compile(r"[._-](?:en|ja|jp|ko|kr|zh|cn|tw|de|fr|es|pt|it|ru|vi|id|th)(?:[_-][a-z]{2})?$", re.I)


def group(path: str, number: int, scope: str) -> object:
    """What notes whose units are compared have in common; `number` is the index of the note."""
    return number if scope == "file" else path.rpartition("/")[0] if scope == "directory" else ""


def works(corpus: Corpus) -> Sequence[str]:
    """What each note has in common with its translations: its folder, and its name without a language."""
    if "works" not in corpus.memo:
        corpus.memo["works"] = [_work(note.path) for note in corpus.notes]
    found: list[str] = corpus.memo["works"]
    return found


def _work(path: str) -> str:
    folder, slash, name = path.rpartition("/")
    stem = name.rpartition(".")[0] or name
    return folder + slash + _LANGUAGE.sub("", stem).replace("_", "-").casefold()


def translated(works: Sequence[str]) -> list[list[int]]:
    """The notes, by index, of each work that has several; `works` are those of all notes, in their order."""
    notes: dict[str, list[int]] = {}
    for number, work in enumerate(works):
        notes.setdefault(work, []).append(number)
    return [several for several in notes.values() if len(several) > 1]
