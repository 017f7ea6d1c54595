"""Checks of links to notes and files of the project and to headings."""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from techstock.links.anchors import Anchors
from techstock.links.file_index import CASE_DIFFERS, DELETED, MISSING, UNICODE_FORM_DIFFERS, FileIndex, get_file_index
from techstock.links.resolver import HEADING, NOWHERE, Destination, resolve_link
from techstock.links.suggestions import make_path_fix, suggest_path
from techstock.links.targets import NO_PATH, PATH, parse_target
from techstock.model import Corpus, Link, Note, Problem, RelatedSpan

_DOMAIN = r"(?i)[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|io|dev|jp)(?:/|$)"
_MAX_LINE_CONTEXT = 1000  # characters of a line that are looked at on each side of a link
_GUESSES = 200  # of headings that may have been meant, in one run: each costs a look at all of a note's
_NOTE_SUFFIXES = (".md", ".markdown")


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
                there = resolve_link(self._names, note, link)
                found = self._check_destination(note, link, there) if there.kind in (NOWHERE, HEADING) else None
                if found:
                    yield _move_to_reference(note, link, found) if link.kind == "reference" else found

    def _check_destination(self, note: Note, link: Link, there: Destination) -> Problem | None:
        if link.kind != "wiki" and parse_target(link.target).kind != NO_PATH and _is_unintended_link(note, link):
            return None
        if there.kind == HEADING:
            return self._check_heading(note, link, there)
        # A wiki link may name a note that is still to be written.
        return self._make_path_problem(note, link, there) if link.kind != "wiki" else None

    def _make_path_problem(self, note: Note, link: Link, there: Destination) -> Problem | None:
        shown, like = self._names.display_path(there.path), parse_target(link.target)
        data = {"path": shown}
        if there.status in (CASE_DIFFERS, UNICODE_FORM_DIFFERS):
            what = "case" if there.status == CASE_DIFFERS else "Unicode form"
            fix = make_path_fix(self._names, note, link, like, there.path) if like.kind == PATH else None
            cure = "where that counts, as on GitHub, the link leads nowhere"
            message = f"`{shown}` is written here in another {what}"
            return Problem(note.add_path_to(link.at), message, f"another {what}", help=cure, fix=fix, data=data)
        if there.status == DELETED:
            message = f"`{shown}` is deleted, though git's index still holds it"
            return Problem(
                note.add_path_to(link.at), message, "gone", help="restore the file, or remove the link", data=data
            )
        if there.status != MISSING:
            return None
        near = suggest_path(
            self._names, note, like, there.path, _has_note_suffix if _has_note_suffix(there.path) else bool
        )
        cure = near or "put the file there, or mend the path"
        if not near and re.match(_DOMAIN, like.raw):
            cure = "put `https://` before it, if it is a web page"
        return Problem(note.add_path_to(link.at), f"there is no `{shown}`", "not found", help=cure, data=data)

    def _check_heading(self, note: Note, link: Link, there: Destination) -> Problem | None:
        named, name = self._names.notes[there.path], there.fragment
        anchors = None if named.faults else self._get_anchors(named)
        wiki = link.kind == "wiki"
        if anchors is None or (anchors.find_heading(name) is not None if wiki else anchors.has_anchor(name)):
            return None
        where = "this note" if named is note else f"`{named.path}`"
        at = note.add_path_to(link.at)
        if wiki:
            return Problem(at, f"{where} has no heading `{name}`", "not found", help="name one of its headings")
        like = self._find_similar_anchor(name, anchors)
        cure = f"did you mean `#{like}`?" if like else "name one of its headings, as GitHub spells them in addresses"
        data = {"path": named.path, "anchor": name}
        return Problem(at, f"{where} has no heading `#{name}`", "not found", help=cure, data=data)

    def _find_similar_anchor(self, name: str, anchors: Anchors) -> str:
        """Return the most similar anchor of a heading; empty where none is similar."""
        from difflib import get_close_matches  # late: only for what is wrong

        self._guesses -= 1
        if self._guesses < 0:
            return ""
        like = get_close_matches(name[:200].casefold(), anchors.headings, n=1, cutoff=0.75)
        return like[0] if like else ""

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
    if corpus.files and any(note.links for note in corpus.notes):
        yield from LinkChecker(corpus, get_file_index(corpus)).iter_problems()
