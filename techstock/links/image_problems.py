"""Results of the checks of images and links, for rules to yield. Imports the checks only where they are needed."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from techstock.model import Corpus, Problem

if TYPE_CHECKING:
    from techstock.links.image_checks import ValidImage


def find_image_problems(corpus: Corpus, rule: str) -> Iterable[Problem]:
    """Return the problems of images that one rule reports."""
    if not any(note.images for note in corpus.notes):
        return ()
    from techstock.links.image_checks import get_rule_problems

    return get_rule_problems(corpus, rule)


def find_link_problems(corpus: Corpus) -> Iterable[Problem]:
    """Return the problems of links that lead nowhere."""
    if corpus.files is None or not any(note.links for note in corpus.notes):
        return ()
    from techstock.links.link_checks import check_links

    return check_links(corpus)


def find_valid_images(corpus: Corpus) -> "Iterable[ValidImage]":
    """Return the images without a problem."""
    if corpus.files is None or not any(note.images for note in corpus.notes):
        return ()
    from techstock.links.image_checks import check_images

    return check_images(corpus).sound


def find_unused_images(corpus: Corpus) -> Iterable[str]:
    """Return the paths of image files below the root that no note names."""
    if corpus.files is None:
        return ()
    from techstock.links.image_checks import iter_unused_images as found

    return found(corpus, corpus.files)
