"""Checks of links to notes and files of the project and to headings, and the links that lead to a note."""

import re
from collections.abc import Iterator
from posixpath import basename, splitext

from msgspec.structs import replace

from techstock.links.anchors import Anchors
from techstock.links.file_index import (
    CASE_DIFFERS,
    DELETED,
    MISSING,
    UNICODE_FORM_DIFFERS,
    FileIndex,
    PathStatus,
    get_file_index,
    join_path,
)
from techstock.links.resolver import resolve_link_target
from techstock.links.suggestions import make_path_fix, suggest_path
from techstock.links.targets import NO_PATH, PATH, Target, parse_target
from techstock.model import Corpus, Link, Note, Problem, RelatedSpan
from techstock.model.files import FOLDER

_DOMAIN = r"(?i)[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|io|dev|jp)(?:/|$)"
_MAX_LINE_CONTEXT = 1000  # characters of a line that are looked at on each side of a link
_GUESSES = 200  # of headings that may have been meant, in one run: each costs a look at all of a note's
_NOTE_SUFFIXES = (".md", ".markdown")
_PAGE_SUFFIXES = (".html", ".htm", "")  # what site generators make of `x.md`


class LinkChecker:
    """A checker of a corpus's links against its files and the anchors of its notes."""

    def __init__(self, corpus: Corpus, names: FileIndex) -> None:
        self._names = names
        self._corpus = corpus
        self._anchors: dict[str, Anchors] = {}
        self._guesses = _GUESSES

    def iter_problems(self) -> Iterator[Problem]:
        """Yield one problem for each link that leads nowhere."""
        for note in self._corpus.notes:
            for link in note.links:
                found = (
                    self._check_wiki_link(note, link) if link.kind == "wiki" else self._check_markdown_link(note, link)
                )
                if found:
                    yield _move_to_reference(note, link, found) if link.kind == "reference" else found

    def _check_markdown_link(self, note: Note, link: Link) -> Problem | None:
        found = parse_target(link.target)
        if found.kind == NO_PATH:
            return self._check_anchor(note, link, note, found.fragment)
        if _is_unintended_link(note, link):
            return None
        inside = resolve_link_target(note, link, found, self._names.files)
        return self._check_resolved_path(note, link, found, *inside) if inside else None

    def _check_resolved_path(self, note: Note, link: Link, like: Target, path: str, fragment: str) -> Problem | None:
        found = self._names.find_path(path.rstrip("/"))
        if found.kind in (MISSING, DELETED, CASE_DIFFERS, UNICODE_FORM_DIFFERS):
            return None if self._is_generated_page(path) else self._make_path_problem(note, link, like, found)
        if found.kind == FOLDER:
            return None
        there = self._names.notes.get(found.path)
        return self._check_anchor(note, link, there, fragment) if there else None

    def _is_generated_page(self, path: str) -> bool:
        """Return whether a site generator makes this page from an existing note."""
        stem, suffix = splitext(path.rstrip("/"))
        stem = stem if suffix in _PAGE_SUFFIXES else path
        pages = (f"{stem}{end}" for end in _NOTE_SUFFIXES) if suffix.lower() not in _NOTE_SUFFIXES else ()
        return any(
            self._names.find_path(page).kind not in (MISSING, DELETED, CASE_DIFFERS, UNICODE_FORM_DIFFERS)
            for page in pages
        )

    def _make_path_problem(self, note: Note, link: Link, like: Target, found: PathStatus) -> Problem:
        shown = self._names.display_path(found.path)
        data = {"path": shown}
        if found.kind in (CASE_DIFFERS, UNICODE_FORM_DIFFERS):
            what = "case" if found.kind == CASE_DIFFERS else "Unicode form"
            fix = make_path_fix(self._names, note, link, like, found.path) if like.kind == PATH else None
            cure = "where that counts, as on GitHub, the link leads nowhere"
            message = f"`{shown}` is written here in another {what}"
            return Problem(note.add_path_to(link.at), message, f"another {what}", help=cure, fix=fix, data=data)
        if found.kind == DELETED:
            message = f"`{shown}` is deleted, though git's index still holds it"
            return Problem(
                note.add_path_to(link.at), message, "gone", help="restore the file, or remove the link", data=data
            )
        near = suggest_path(
            self._names, note, like, found.path, _has_note_suffix if _has_note_suffix(found.path) else bool
        )
        cure = near or "put the file there, or mend the path"
        if not near and re.match(_DOMAIN, like.raw):
            cure = "put `https://` before it, if it is a web page"
        return Problem(note.add_path_to(link.at), f"there is no `{shown}`", "not found", help=cure, data=data)

    def _check_anchor(self, note: Note, link: Link, there: Note, name: str) -> Problem | None:
        if not name or name.startswith(":~:") or name == "top" or there.faults:
            return None
        anchors = self._get_anchors(there)
        if anchors.has_anchor(name):
            return None
        where = "this note" if there is note else f"`{there.path}`"
        like = self._find_similar_anchor(name, anchors)
        cure = f"did you mean `#{like}`?" if like else "name one of its headings, as GitHub spells them in addresses"
        message = f"{where} has no heading `#{name}`"
        return Problem(
            note.add_path_to(link.at), message, "not found", help=cure, data={"path": there.path, "anchor": name}
        )

    def _find_similar_anchor(self, name: str, anchors: Anchors) -> str:
        """Return the most similar anchor of a heading; empty where none is similar."""
        from difflib import get_close_matches  # late: only for what is wrong

        self._guesses -= 1
        if self._guesses < 0:
            return ""
        like = get_close_matches(name[:200].casefold(), anchors.headings, n=1, cutoff=0.75)
        return like[0] if like else ""

    def _check_wiki_link(self, note: Note, link: Link) -> Problem | None:
        """Report a heading that its note does not have.

        A note that does not exist is no problem: it may be one that is still to be written.
        """
        name, _, title = link.target.partition("#")
        if not title or title.startswith("^"):
            return None
        there = self._find_note_by_name(note, name.strip())
        title = title.rpartition("#")[2]
        if there is None or there.faults or title.startswith("^") or self._get_anchors(there).has_heading(title):
            return None
        where = "this note" if there is note else f"`{there.path}`"
        help_ = "name one of its headings"
        return Problem(note.add_path_to(link.at), f"{where} has no heading `{title}`", "not found", help=help_)

    def _find_note_by_name(self, note: Note, name: str) -> Note | None:
        """Return the only note of this name, `note` itself for an empty name; None where none or several have it."""
        if not name:
            return note
        wanted = name if _has_note_suffix(name) else f"{name}.md"
        paths = [
            path
            for path in self._names.find_by_name(basename(wanted))
            if f"/{path}".lower().endswith(f"/{wanted}".lower())
        ]
        return self._names.notes.get(paths[0]) if len(paths) == 1 else None

    def _get_anchors(self, note: Note) -> Anchors:
        if note.path not in self._anchors:
            self._anchors[note.path] = Anchors(note)
        return self._anchors[note.path]


def _is_unintended_link(note: Note, link: Link) -> bool:
    """Return whether the author meant no link: `[[wiki link]](aside)`, and brackets in a formula between `$`."""
    if note.text.startswith("[[", link.place.start):
        return True
    line = note.lines.find_line(link.place.start)
    before = note.text[max(note.lines.starts[line], link.place.start - _MAX_LINE_CONTEXT) : link.place.start]
    after = note.text[link.place.end : min(note.lines.ends[line], link.place.end + _MAX_LINE_CONTEXT)]
    return before.count("$") % 2 == 1 and "$" in after


def _move_to_reference(note: Note, link: Link, found: Problem) -> Problem:
    """Return the problem moved to the link itself, without its fix: other links may share the definition."""
    related = (RelatedSpan(note.add_path_to(link.at), "its target"),)
    return replace(found, place=note.add_path_to(link.place), related=related, fix=None)


def _has_note_suffix(path: str) -> bool:
    return path.lower().endswith(_NOTE_SUFFIXES)


def check_links(corpus: Corpus) -> Iterator[Problem]:
    """Yield one problem for each link of the corpus that leads nowhere; none where its files are not known."""
    names = get_file_index(corpus) if any(note.links for note in corpus.notes) else None
    if names:
        yield from LinkChecker(corpus, names).iter_problems()


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
