"""Groups of notes: those whose entries are compared, and translations of one work."""

import re
from collections.abc import Sequence

from techstock.model import Corpus

_LANGUAGE = re.compile(r"[._-](?:en|ja|jp|ko|kr|zh|cn|tw|de|fr|es|pt|it|ru|vi|id|th)(?:[_-][a-z]{2})?$", re.I)


def make_scope_key(path: str, number: int, scope: str) -> object:
    """Return the key that notes share if their entries are compared; `number` is the index of the note."""
    return number if scope == "file" else path.rpartition("/")[0] if scope == "directory" else ""


def get_translation_keys(corpus: Corpus) -> Sequence[str]:
    """Return the key that each note shares with its translations: its folder, and its name without a language."""
    if "works" not in corpus.memo:
        corpus.memo["works"] = [_make_translation_key(note.path) for note in corpus.notes]
    found: list[str] = corpus.memo["works"]
    return found


def _make_translation_key(path: str) -> str:
    folder, slash, name = path.rpartition("/")
    stem = name.rpartition(".")[0] or name
    return folder + slash + _LANGUAGE.sub("", stem).replace("_", "-").casefold()


def group_translations(works: Sequence[str]) -> list[list[int]]:
    """Return the notes, by index, of each work that has several; `works` are the keys of all notes, in order."""
    notes: dict[str, list[int]] = {}
    for number, work in enumerate(works):
        notes.setdefault(work, []).append(number)
    return [several for several in notes.values() if len(several) > 1]
