"""Where the links of notes lead."""

from collections.abc import Mapping

from techstock.links.file_index import get_file_index
from techstock.links.inbound_links import find_destination, list_links
from techstock.model import Corpus
from tests.support import make_corpus

Destination = tuple[str, str, int | str | None]  # the note of a link, that which it leads to, and the part


def list_destinations(files: Mapping[str, str]) -> list[Destination]:
    """Return where each link leads that leads to a note or to a part of one, in their order."""
    return list_corpus_destinations(make_corpus(files, beside=files))


def list_corpus_destinations(corpus: Corpus) -> list[Destination]:
    index = get_file_index(corpus)
    found = (
        (link.place.path, find_destination(index, link)) for note in corpus.notes for link in list_links(corpus, note)
    )
    return [(home, *there) for home, there in found if there]
