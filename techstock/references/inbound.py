"""Backlinks: the links that lead to a note and to its headings."""

from collections.abc import Iterator

from techstock.model import Corpus, Link, Note
from techstock.references.destination import destination
from techstock.references.lookup import join
from techstock.references.targets import NOTHING, target


def inbound(corpus: Corpus, there: Note) -> Iterator[tuple[Note, Link, str]]:
    """Yield the links of all notes that lead to this one, each with its note and its fragment, which may be empty."""
    base = corpus.files.base if corpus.files else ""
    for note in corpus.notes:
        for link in note.links:
            found = _led(corpus, note, link)
            if found and found[0] == join(base, there.path):
                yield note, link, found[1]


def _led(corpus: Corpus, note: Note, link: Link) -> tuple[str, str] | None:
    """Return the path below the repository that a link leads to, and its fragment."""
    if link.kind == "wiki":
        return _named(corpus, note, link)
    found = target(link.target)
    if found.kind == NOTHING:
        base = corpus.files.base if corpus.files else ""
        return (join(base, note.path), found.fragment) if found.fragment else None
    return destination(note, link, found, corpus.files)


def _named(corpus: Corpus, note: Note, link: Link) -> tuple[str, str] | None:
    """Resolve `[[name#heading]]` to the path of the only note of that name, and the heading."""
    name, _, heading = link.target.partition("#")
    base = corpus.files.base if corpus.files else ""
    if not name.strip():
        return join(base, note.path), heading
    wanted = f"/{name.strip().removesuffix('.md')}.md".casefold()
    paths = [other.path for other in corpus.notes if f"/{other.path}".casefold().endswith(wanted)]
    return (join(base, paths[0]), heading) if len(paths) == 1 else None
