"""Unused images: image files that no note names."""

from collections.abc import Iterator
from posixpath import basename

from techstock.model import Corpus, Files
from techstock.model.files import TRACKED
from techstock.references.images import decide
from techstock.references.pictures import is_image
from techstock.text.percent import decoded


def unused(corpus: Corpus, files: Files) -> Iterator[str]:
    """Yield paths below the root, in order. A file whose name occurs in the text of any note counts as used."""
    used = decide(corpus).used
    below = f"{files.base}/" if files.base else ""
    likely = sorted(
        name
        for name, kind in files.names.items()
        if kind == TRACKED and name not in used and name.startswith(below) and is_image(name)
    )
    if not likely:
        return
    texts = "\n".join(text for note in corpus.notes for text in {note.text, decoded(note.text)})
    yield from (name.removeprefix(below) for name in likely if basename(name) not in texts)
