"""Targets of links and images, and what is there."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from techstock.model import Corpus

if TYPE_CHECKING:
    from techstock.links.image_states import CheckedImage


def find_images(corpus: Corpus, *states: str) -> "Iterable[CheckedImage]":
    """Return the images in one of these states; all are checked once for each corpus, whichever rules ask."""
    if not any(note.images for note in corpus.notes):
        return ()
    from techstock.links.image_checks import check_images  # late: most notes have no images

    return (image for image in check_images(corpus) if image.state in states)
