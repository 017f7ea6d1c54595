"""Unused images: image files that no note names."""

from collections.abc import Iterator
from posixpath import basename

from techstock.model import Corpus, ProjectFiles
from techstock.model.files import TRACKED
from techstock.references.images import check_images
from techstock.references.pictures import has_image_suffix
from techstock.text.percent import percent_decode


def iter_unused_images(corpus: Corpus, files: ProjectFiles) -> Iterator[str]:
    """Yield paths below the root, in order. A file whose name occurs in the text of any note counts as used."""
    used = check_images(corpus).used
    below = f"{files.base}/" if files.base else ""
    likely = sorted(
        name
        for name, kind in files.names.items()
        if kind == TRACKED and name not in used and name.startswith(below) and has_image_suffix(name)
    )
    if not likely:
        return
    texts = "\n".join(text for note in corpus.notes for text in {note.text, percent_decode(note.text)})
    yield from (name.removeprefix(below) for name in likely if basename(name) not in texts)
