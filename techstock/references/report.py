"""Results of the checks of images and links, for rules to yield. Imports the checks only where they are needed."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from techstock.model import Corpus, Problem

if TYPE_CHECKING:
    from techstock.references.images import Sound


def images(corpus: Corpus, rule: str) -> Iterable[Problem]:
    """Return the problems of images that one rule reports."""
    if not any(note.images for note in corpus.notes):
        return ()
    from techstock.references.images import problems

    return problems(corpus, rule)


def links(corpus: Corpus) -> Iterable[Problem]:
    """Return the problems of links that lead nowhere."""
    if corpus.files is None or not any(note.links for note in corpus.notes):
        return ()
    from techstock.references.links import problems

    return problems(corpus)


def sound(corpus: Corpus) -> "Iterable[Sound]":
    """Return the images without a problem."""
    if corpus.files is None or not any(note.images for note in corpus.notes):
        return ()
    from techstock.references.images import decide

    return decide(corpus).sound


def unused(corpus: Corpus) -> Iterable[str]:
    """Return the paths of image files below the root that no note names."""
    if corpus.files is None:
        return ()
    from techstock.references.unused import unused as found

    return found(corpus, corpus.files)
