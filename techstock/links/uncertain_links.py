"""Links that may lead nowhere: a quick search over all notes, so that rules look at few of them.

Most links lead to a file or a heading that is there. Which targets a note names is collected when it is parsed; whether
they are there is asked once for each target and folder.
"""

from collections.abc import Collection, Iterator, Sequence

from techstock.links.anchors import get_anchors
from techstock.links.file_index import FileIndex, get_file_index, get_folder
from techstock.links.resolver import GENERATED, HEADING, resolve_link, resolve_target
from techstock.links.targets import NO_PATH, PATH, WEB, parse_target, resolve_path
from techstock.model import Corpus, Link, Note, Span, compute_once
from techstock.model.files import CASE_DIFFERS, DELETED, MISSING, OUTSIDE, TRACKED, UNICODE_FORM_DIFFERS, UNTRACKED

_SPECIAL_CHARACTERS = frozenset("\t\r\n\f:\\%?{<$ ")
_MAX_PLAIN_LENGTH = 1_000  # characters of a target whose path is looked up as it stands
_UNUSUAL = (MISSING, DELETED, CASE_DIFFERS, UNICODE_FORM_DIFFERS, OUTSIDE, GENERATED)
_NOWHERE = Span(0, 0)

UncertainTargets = Sequence[Sequence[str]]
"""Distinct targets of a note, in three lists: paths as they stand, others, and wiki links that name a heading."""


def collect_uncertain_targets(note: Note) -> UncertainTargets:
    """Return the targets of links of which the note alone cannot tell that they lead somewhere; empty if none does."""
    targets = dict.fromkeys(link.target for link in note.links if link.kind != "wiki")
    plain: list[str] = []
    others: list[str] = []
    for target in targets:
        if _is_plain(target):
            plain.append(target)
        elif _is_uncertain(note, target):
            others.append(target)
    headings = [link.target for link in (*note.links, *iter_embedded_headings(note)) if _names_heading(link)]
    return [plain, others, headings] if plain or others or headings else []


def get_uncertain_targets(note: Note) -> UncertainTargets:
    """Return these targets as they were collected when the note was parsed."""
    return note.get_or_compute("link-outside", collect_uncertain_targets)


def iter_embedded_headings(note: Note) -> Iterator[Link]:
    """Yield `![[note#heading]]` as links: to the parser they are images."""
    for image in note.images:
        if image.kind == "wiki" and note.text.startswith("#", image.at.end):
            end = note.text.find("]", image.at.end, image.place.end)
            target = note.text[image.at.start : end].partition("|")[0]
            yield Link(image.place, "wiki", target, image.at, image.at, image.block, image.entry)


def _names_heading(link: Link) -> bool:
    return link.kind == "wiki" and "#" in link.target


def _is_plain(target: str) -> bool:
    """Return whether a target is a path, and perhaps a fragment, that means what it says."""
    plain = target[:1] not in ("", "/", "#") and _SPECIAL_CHARACTERS.isdisjoint(target)
    return plain and len(target) <= _MAX_PLAIN_LENGTH


def _is_uncertain(note: Note, target: str) -> bool:
    found = parse_target(target)
    if found.kind == WEB:
        return "github" in target.lower()  # it may be a file of this repository
    if found.kind == NO_PATH:
        return bool(found.tail) and not (found.tail[0] == "#" and get_anchors(note).has_anchor(found.fragment))
    return found.kind == PATH


def find_uncertain_links(corpus: Corpus) -> Collection[tuple[Note, Link]]:
    """Return the links, in order, that do not lead to a file, a folder or a heading that is there.

    Links that lead somewhere may be among them, and of wiki links only those that name a heading are.
    """
    return compute_once(corpus, _find_all_uncertain_links)


def _find_all_uncertain_links(corpus: Corpus) -> Collection[tuple[Note, Link]]:
    check = _TargetCheck(get_file_index(corpus))
    found: list[tuple[Note, Link]] = []
    for note in corpus.notes:
        targets = get_uncertain_targets(note)
        lost = frozenset(check.find_lost(note, targets)) if targets else ()
        if lost:
            found += ((note, link) for link in (*note.links, *iter_embedded_headings(note)) if link.target in lost)
    return found


class _TargetCheck:
    """A check of targets; what it finds of one is remembered for the notes of the same folder."""

    def __init__(self, index: FileIndex) -> None:
        self._index = index
        self._known: dict[str, dict[str, bool]] = {}

    def find_lost(self, note: Note, targets: UncertainTargets) -> Iterator[str]:
        """Yield those of the targets of a note that are not there."""
        plain, others, headings = targets
        folder = get_folder(self._index.get_note_path(note))
        known = self._known.setdefault(folder, {})
        for target in plain:
            found = known.get(target)
            if found is None:
                found = known[target] = self._is_note(folder, target) or self._is_there(note, target)
            if not found:
                yield target
        yield from (target for target in others if not self._is_there(note, target))
        yield from (target for target in headings if self._lacks_heading(note, target))

    def _is_note(self, folder: str, target: str) -> bool:
        """Return whether a path as it stands leads to a note, and a fragment to one of its anchors."""
        path, _, fragment = target.partition("#")
        there = resolve_path(path, folder)
        note = self._index.notes.get(there) if there else None
        if note is None or self._index.names.get(there or "", TRACKED) not in (TRACKED, UNTRACKED):
            return False
        return not fragment or get_anchors(note).has_anchor(fragment)

    def _is_there(self, note: Note, target: str) -> bool:
        there = resolve_target(self._index, note, target)
        if there.status in _UNUSUAL:
            return False
        return there.kind != HEADING or get_anchors(self._index.notes[there.path]).has_anchor(there.fragment)

    def _lacks_heading(self, note: Note, target: str) -> bool:
        there = resolve_link(self._index, note, Link(_NOWHERE, "wiki", target, _NOWHERE, _NOWHERE))
        return there.kind == HEADING and get_anchors(self._index.notes[there.path]).find_heading(there.fragment) is None
