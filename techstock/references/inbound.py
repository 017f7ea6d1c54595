"""Backlinks: the links that lead to a note and to its headings."""

from collections.abc import Iterator

from techstock.model import Corpus, Link, Note
from techstock.references.destination import resolve_link_target
from techstock.references.lookup import join_path
from techstock.references.targets import NO_PATH, parse_target


def find_backlinks(corpus: Corpus, there: Note) -> Iterator[tuple[Note, Link, str]]:
    """Yield the links of all notes that lead to this one, each with its note and its fragment, which may be empty."""
    base = corpus.files.base if corpus.files else ""
    for note in corpus.notes:
        for link in note.links:
            found = _resolve_any_link(corpus, note, link)
            if found and found[0] == join_path(base, there.path):
                yield note, link, found[1]


def _resolve_any_link(corpus: Corpus, note: Note, link: Link) -> tuple[str, str] | None:
    """Return the path below the repository that a link leads to, and its fragment."""
    if link.kind == "wiki":
        return _resolve_wiki_link(corpus, note, link)
    found = parse_target(link.target)
    if found.kind == NO_PATH:
        base = corpus.files.base if corpus.files else ""
        return (join_path(base, note.path), found.fragment) if found.fragment else None
    return resolve_link_target(note, link, found, corpus.files)


def _resolve_wiki_link(corpus: Corpus, note: Note, link: Link) -> tuple[str, str] | None:
    """Resolve `[[name#heading]]` to the path of the only note of that name, and the heading."""
    name, _, heading = link.target.partition("#")
    base = corpus.files.base if corpus.files else ""
    if not name.strip():
        return join_path(base, note.path), heading
    wanted = f"/{name.strip().removesuffix('.md')}.md".casefold()
    paths = [other.path for other in corpus.notes if f"/{other.path}".casefold().endswith(wanted)]
    return (join_path(base, paths[0]), heading) if len(paths) == 1 else None
