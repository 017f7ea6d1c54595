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
    from techstock.links.image_checks import check_images, check_unsettled_images  # late: most notes have no images
    from techstock.links.image_states import VALID

    images = check_images(corpus) if VALID in states else check_unsettled_images(corpus)
    return (image for image in images if image.state in states)
