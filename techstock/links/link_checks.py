"""Where the links of a corpus lead, and the links that lead to a note."""

from collections.abc import Iterator
from posixpath import basename

import msgspec

from techstock.links.file_index import FileIndex, get_file_index, join_path
from techstock.links.resolver import resolve_link_target
from techstock.links.targets import NO_PATH, Target, parse_target
from techstock.model import Corpus, Link, Note

_NOTE_SUFFIXES = (".md", ".markdown")


class CheckedLink(msgspec.Struct, frozen=True):
    """A link in its note, with its parsed target and where it leads.

    `state` is what stands at `path`, below the repository, as in `model.files`; both are empty for wiki links, and for
    links within a note. `true_path` has the true spelling. `there` is the note that the link leads to, and `fragment`
    the part of it that is named.
    """

    names: FileIndex
    note: Note
    link: Link
    target: Target
    there: Note | None
    fragment: str
    state: str = ""
    path: str = ""
    true_path: str = ""


def check_links(corpus: Corpus) -> Iterator[CheckedLink]:
    """Yield each link that may lead to a file or to a part of a note, in order; none where the files are not known."""
    names = get_file_index(corpus)
    for note in corpus.notes if names else ():
        for link in note.links:
            if names and (found := _check_link(names, note, link)):
                yield found


def _check_link(names: FileIndex, note: Note, link: Link) -> CheckedLink | None:
    target = parse_target(link.target)
    if link.kind == "wiki":
        name, _, title = link.target.partition("#")
        there = _find_note_by_name(names, note, name.strip()) if title else None
        return CheckedLink(names, note, link, target, there, title)
    if target.kind == NO_PATH:
        return CheckedLink(names, note, link, target, note, target.fragment)
    if inside := resolve_link_target(note, link, target, names.files):
        path, fragment = inside
        status = names.find_path(path.rstrip("/"))
        there = names.notes.get(status.path)
        return CheckedLink(names, note, link, target, there, fragment, status.kind, path, status.path)
    return None


def _find_note_by_name(names: FileIndex, note: Note, name: str) -> Note | None:
    """Return the only note of this name, `note` itself for an empty name; None where none or several have it."""
    if not name:
        return note
    wanted = name if name.lower().endswith(_NOTE_SUFFIXES) else f"{name}.md"
    paths = [path for path in names.find_by_name(basename(wanted)) if f"/{path}".lower().endswith(f"/{wanted}".lower())]
    return names.notes.get(paths[0]) if len(paths) == 1 else None


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
