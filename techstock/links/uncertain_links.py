"""Links that may lead nowhere: a quick search over all notes, so that rules look at few of them.

Most links lead to a file or a heading that is there. Which targets a note names is collected when it is parsed; whether
they are there is asked once for each target and folder.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence

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
    settled = _SettledLinks(corpus)
    check = _TargetCheck(get_file_index(corpus))
    found: list[tuple[Note, Link]] = []
    for note in corpus.notes:
        if settled.has(note):
            continue
        targets = get_uncertain_targets(note)
        lost = frozenset(check.find_lost(note, targets) if targets else ())
        if lost:
            found += ((note, link) for link in (*note.links, *iter_embedded_headings(note)) if link.target in lost)
        else:
            settled.add(note, check.named.values() if targets else ())
    return found


class _SettledLinks:
    """The notes whose links all lead somewhere, as long as they and the notes to whose headings they lead stay."""

    def __init__(self, corpus: Corpus) -> None:
        self._known = corpus.files.get_settled(corpus.paths).links if corpus.files else {}
        self._by_path = corpus.by_path

    def has(self, note: Note) -> bool:
        """Return whether all links of a note are known to lead somewhere."""
        digest, named = self._known.get(note.path, (b"", ()))
        return digest == note.digest and all(self._is_unchanged(*one) for one in named)

    def _is_unchanged(self, path: str, digest: bytes) -> bool:
        return path in self._by_path and digest == self._by_path[path].digest

    def add(self, note: Note, named: Iterable[Note]) -> None:
        """Add a note whose links lead somewhere, some of them to headings of the notes in `named`."""
        self._known[note.path] = note.digest, tuple((one.path, one.digest) for one in named)


class _TargetCheck:
    """A check of targets; what it finds of one is remembered for the notes of the same folder.

    `named` are the notes to whose headings the targets of the last note lead, by path.
    """

    def __init__(self, index: FileIndex) -> None:
        self._index = index
        self._known: dict[str, dict[str, Note | bool]] = {}  # by folder and target
        self.named: dict[str, Note] = {}

    def find_lost(self, note: Note, targets: UncertainTargets) -> list[str]:
        """Return those of the targets of a note that are not there."""
        plain, others, headings = targets
        folder = get_folder(self._index.get_note_path(note))
        known = self._known.setdefault(folder, {})
        for target in plain:
            if target not in known:
                known[target] = self._find_plain(folder, target) or self._find_target(note, target)
        found = [(target, known[target]) for target in plain]
        found += ((target, self._find_target(note, target)) for target in others)
        found += ((target, self._find_heading(note, target)) for target in headings)
        self.named = {there.path: there for _, there in found if isinstance(there, Note)}
        return [target for target, there in found if there is False]

    def _find_plain(self, folder: str, target: str) -> Note | bool:
        """Return whether a path as it stands leads to a note; with a fragment, the note that has such an anchor."""
        path, _, fragment = target.partition("#")
        there = resolve_path(path, folder)
        note = self._index.notes.get(there) if there else None
        if note is None or self._index.names.get(there or "", TRACKED) not in (TRACKED, UNTRACKED):
            return False
        return not fragment or (get_anchors(note).has_anchor(fragment) and note)

    def _find_target(self, note: Note, target: str) -> Note | bool:
        """Return whether a target is there; if it is a heading, its note."""
        there = resolve_target(self._index, note, target)
        if there.status in _UNUSUAL:
            return False
        if there.kind != HEADING:
            return True
        named = self._index.notes[there.path]
        return get_anchors(named).has_anchor(there.fragment) and named

    def _find_heading(self, note: Note, target: str) -> Note | bool:
        """Return whether a wiki link leads to no heading, or the note of the one to which it leads."""
        there = resolve_link(self._index, note, Link(_NOWHERE, "wiki", target, _NOWHERE, _NOWHERE))
        if there.kind != HEADING:
            return True
        named = self._index.notes[there.path]
        return get_anchors(named).find_heading(there.fragment) is not None and named
