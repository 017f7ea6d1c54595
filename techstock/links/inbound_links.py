"""Links to a part of a note: what a change of notes makes of them, and how they must be written after it."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from techstock.analysis.suppressions import list_suppressions
from techstock.links.anchors import get_anchors, iter_heading_texts
from techstock.links.file_index import FileIndex, get_file_index
from techstock.links.resolver import BLOCK, HEADING, NOWHERE, Destination, resolve_link, resolve_plain_target
from techstock.links.targets import WEB
from techstock.links.uncertain_links import get_uncertain_targets
from techstock.model import Corpus, Edit, Image, Link, Note, Span, compute_once
from techstock.text.edits import OffsetShift
from techstock.text.percent_encoding import percent_encode

_FORBIDDEN_IN_WIKI = re.compile(r"[#|^\[\]\\]|%%")
_INLINE_TARGET = re.compile(r"\]\(<?([^()\s<>]+)")
_Part = int | str | None  # the index of a heading, the name of another part, or nothing


class InboundLink(msgspec.Struct, frozen=True):
    """A link, an image or a comment that names a destination.

    `name` is the part of a note that it names, at `fragment` in the source; `None` if that is spelled in a way that is
    not understood. `wiki` names are compared as titles, `comment` ones as either.
    """

    kind: str
    place: Span
    there: Destination
    name: str
    fragment: Span | None


class LinkUpdates(msgspec.Struct, frozen=True):
    """The effect of a change of notes on links: `edits` of the texts before it that make them lead where they led.

    `broken` are the links that would lead elsewhere, or nowhere, and that no edit can save. Both are in pairs with the
    path of the note whose change is the cause. `early` are the paths of notes whose change would break a link that is
    none yet, but is made by the same change.
    """

    edits: tuple[tuple[str, Edit], ...] = ()
    broken: tuple[tuple[str, Span], ...] = ()
    early: frozenset[str] = frozenset()


def list_links(corpus: Corpus, note: Note) -> tuple[InboundLink, ...]:
    """Return the links, images and comments of a note that lead somewhere."""
    index = get_file_index(corpus)
    return tuple(link for link in _iter_links(index, note) if link.there.kind != NOWHERE)


def _iter_links(index: FileIndex, note: Note) -> Iterator[InboundLink]:
    facts: tuple[Link | Image, ...] = (*note.links, *note.images)
    for link in facts:
        place = note.add_path_to(link.place)
        if link.kind == "wiki":
            fragment = _find_wiki_fragment(note, link)
            named: Link | Image = link
            if isinstance(link, Image) and fragment:
                named = replace(link, target=f"{link.target}#{fragment.extract_from(note.text)}")
            there = resolve_link(index, note, named)
        else:
            there, fragment = resolve_link(index, note, link), _find_fragment(note, link)
        yield InboundLink(link.kind, place, there, there.fragment, fragment)
    yield from _iter_footnote_links(index, note)
    for ignore in list_suppressions(note):
        if ignore.other:
            there = resolve_plain_target(index, note, ignore.other)
            source = ignore.comment.extract_from(note.text)
            at = source.find(f'"{ignore.other}"') + 1 + len(ignore.other) - len(there.fragment)
            place = Span(ignore.comment.start + at, ignore.comment.start + at + len(there.fragment))
            yield InboundLink("comment", note.add_path_to(ignore.comment), there, there.fragment, place)


def _iter_footnote_links(index: FileIndex, note: Note) -> Iterator[InboundLink]:
    """Yield the links in footnotes without white space, `[^1]: [text](a.md#part)`, which parse as link definitions."""
    for link in note.links:
        if link.kind == "reference" and note.text.startswith("[^", link.place.start):
            for found in _INLINE_TARGET.finditer(note.text, link.at.start, link.at.end):
                place, at = Span(*found.span()), Span(*found.span(1))
                inner = replace(link, place=place, kind="inline", target=found[1], at=at)
                there = resolve_link(index, note, inner)
                yield InboundLink("inline", note.add_path_to(place), there, there.fragment, _find_fragment(note, inner))


def _find_fragment(note: Note, link: Link | Image) -> Span | None:
    raw = link.at.extract_from(note.text)
    sign = raw.find("#") if raw == link.target else raw.rfind("#")
    if sign < 0 or raw[sign - 1 : sign] == "&":
        return None
    return Span(link.at.start + sign + 1, link.at.end)


def _find_wiki_fragment(note: Note, link: Link | Image) -> Span | None:
    """Return the span of the last heading that a wiki link names: `c` in `[[a#b#c|d]]`."""
    found = re.compile(r"(?:#[^#|\]\r\n]*)*#([^#|\]\r\n]*?)\\?(?=[|\]])").match(note.text, link.at.end, link.place.end)
    return Span(*found.span(1)) if found else None


def find_part(note: Note, link: InboundLink, name: str) -> _Part:
    """Return the part of a note that a name means in a link: the index of a heading, or the name of another part."""
    if link.there.kind == BLOCK:
        mark = re.compile(rf"(?m)(?:^|[ \t])\^{re.escape(name)}[ \t]*\r?$")
        return f"^{name}" if mark.search(note.text) else None
    anchors = get_anchors(note)
    if link.kind in ("wiki", "comment"):
        anchor = anchors.find_heading(name)
        return anchors.find_owner(anchor) if anchor else None
    owner = anchors.find_owner(name)
    return name.casefold() if owner == -1 else owner


class _Moves:
    """The positions and headings of a note after edits."""

    def __init__(self, before: Note, after: Note, edits: Sequence[Edit]) -> None:
        self._before, self._after = before, after
        self._shift = OffsetShift(before.text, edits)
        self.move_offset = self._shift.move_offset

    def move_heading(self, index: int) -> int | None:
        """Return the index that a heading has after the edits; `None` if it is no heading any more."""
        at = self.move_offset(self._before.headings[index].text.start)
        found = bisect_right(self._after.headings, at, key=lambda heading: heading.place.start) - 1
        return found if found >= 0 and at <= self._after.headings[found].place.end else None

    def is_edited(self, place: Span) -> bool:
        """Return whether an edit touches a place."""
        return any(edit.start <= place.end and place.start <= edit.end for edit, _ in self._shift.changes)


def plan_link_updates(corpus: Corpus, changed: Mapping[str, Note], edits: Mapping[str, Sequence[Edit]]) -> LinkUpdates:
    """Return what must be edited besides, so that every link leads where it led, after `edits` made `changed`."""
    work = _UpdatePlan(corpus, changed, edits)
    naming = {note.path for note in _list_notes_naming_parts(corpus)} if work.parts_changed else set()
    for note in corpus.notes:
        if note.path in changed:
            work.check_changed_note(note)
        elif note.path in naming:
            for link in compute_once(corpus, _LinkIndex).get(note):
                work.check_link(link, link)
    return LinkUpdates(tuple(dict.fromkeys(work.edits)), tuple(dict.fromkeys(work.broken)), frozenset(work.early))


def find_linking_paths(corpus: Corpus, paths: frozenset[str]) -> set[str]:
    """Return the paths of the notes with a link to a part of one of these notes, perhaps without these notes."""
    index, known = get_file_index(corpus), compute_once(corpus, _LinkIndex)
    return {
        note.path
        for note in _list_notes_naming_parts(corpus)
        if any(link.name and _get_note_path(index, link) in paths for link in known.get(note))
    }


def find_lost_targets(corpus: Corpus, changed: Mapping[str, Note]) -> Iterator[InboundLink]:
    """Yield the links to a part of a note that it no longer has once `changed` takes its place.

    The headings of these notes must be the same as before, and so is which of them a link leads to.
    """
    index, known = get_file_index(corpus), compute_once(corpus, _LinkIndex)
    naming = {note.path for note in _list_notes_naming_parts(corpus)}
    for note in corpus.notes:
        for link in known.get(note) if note.path in naming or note.path in changed else ():
            there = find_destination(index, link) if link.name else None
            if there and there[0] in changed and find_part(changed[there[0]], link, link.name) != there[1]:
                yield link


def _list_notes_naming_parts(corpus: Corpus) -> tuple[Note, ...]:
    """Return the notes that may name a part of another note; most name none, and are not read."""
    return compute_once(corpus, _find_notes_naming_parts)


def _find_notes_naming_parts(corpus: Corpus) -> tuple[Note, ...]:
    return tuple(
        note
        for note in corpus.notes
        if note.directives
        or any("#" in target for targets in get_uncertain_targets(note) for target in targets)
        or any("#" in image.target for image in note.images)
    )


class _LinkIndex:
    """The links of each note of a corpus, found once."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._found: dict[str, tuple[InboundLink, ...]] = {}

    def get(self, note: Note) -> tuple[InboundLink, ...]:
        if note.path not in self._found:
            self._found[note.path] = list_links(self._corpus, note)
        return self._found[note.path]


def _get_note_path(index: FileIndex, link: InboundLink) -> str:
    note = index.notes.get(link.there.path)
    return note.path if note else ""


class _UpdatePlan:
    """Edits of links and broken links, as they are found."""

    def __init__(self, corpus: Corpus, changed: Mapping[str, Note], edits: Mapping[str, Sequence[Edit]]) -> None:
        self._corpus, self._changed, self._index = corpus, changed, get_file_index(corpus)
        self._moves = {path: _Moves(corpus.by_path[path], changed[path], edits.get(path, ())) for path in changed}
        self.edits: list[tuple[str, Edit]] = []
        self.broken: list[tuple[str, Span]] = []
        self.early: set[str] = set()
        self.parts_changed = any(
            _list_parts(corpus.by_path[path]) != _list_parts(note) for path, note in changed.items()
        )

    def check_changed_note(self, note: Note) -> None:
        """Check the links of a note that is changed itself."""
        after = {(link.kind, link.place.start): link for link in _iter_links(self._index, self._changed[note.path])}
        moves = self._moves[note.path]
        for link in compute_once(self._corpus, _LinkIndex).get(note):
            key, was = (link.kind, moves.move_offset(link.place.start)), find_destination(self._index, link)
            now = after.pop(key, None) if was and was[1] is not None else after.get(key)
            if now is not None:
                self.check_link(link, now)
            elif was is not None:
                self.broken.append((note.path, link.place))
        for link in after.values():
            self._check_new_link(link)

    def _check_new_link(self, link: InboundLink) -> None:
        """Check a link that leads to a part of a note only after the changes: they must not change that part, too."""
        was = find_destination(self._index, link)
        there = self._changed.get(was[0]) if was else None
        if was is None or there is None or was[1] is None:
            return
        path, part = was
        due = self._moves[path].move_heading(part) if isinstance(part, int) else part
        if due is None or find_part(there, link, link.name) != due:
            self.early.add(path)

    def check_link(self, link: InboundLink, now: InboundLink) -> None:
        """Check that a link that is `now` after the changes leads where it led."""
        was = find_destination(self._index, link)
        if was is None:
            return
        path, part = was
        home = link.place.path
        if now is not link and link.there.kind == now.there.kind == WEB and self._moves[home].is_edited(link.place):
            return  # it is what the edit is about
        if now.there.path != link.there.path or now.there.kind == NOWHERE or bool(now.name) != bool(link.name):
            self.broken.append((home, link.place))
            return
        there = self._changed.get(path)
        if there is None or part is None:
            if part is not None and find_part(self._corpus.by_path[path], now, now.name) != part:
                self.broken.append((home, link.place))
            return
        due = self._moves[path].move_heading(part) if isinstance(part, int) else part
        if due is not None and find_part(there, now, now.name) == due:
            return
        edit = self._make_edit(link, there, due) if isinstance(due, int) else None
        if edit:
            self.edits.append((path, edit))
        else:
            self.broken.append((path, link.place))

    def _make_edit(self, link: InboundLink, there: Note, heading: int) -> Edit | None:
        """Return the edit that makes a link lead to a heading of the changed note; `None` if none can."""
        here = self._corpus.by_path[link.place.path]
        if link.fragment is None or (here.path in self._moves and self._moves[here.path].is_edited(link.fragment)):
            return None
        raw = link.fragment.extract_from(here.text)
        name = get_anchors(there).headings[heading]
        if link.kind in ("wiki", "comment"):
            name = _FORBIDDEN_IN_WIKI.sub(" ", list(iter_heading_texts(there))[heading]).strip()
            if link.kind == "comment" and '"' in name:
                return None
        if not name or find_part(there, link, name) != heading:
            return None
        name = name if link.kind in ("wiki", "comment") or "%" not in raw else percent_encode(name)
        prefix = "user-content-" if raw.startswith("user-content-") and link.kind != "wiki" else ""
        return Edit(here.add_path_to(link.fragment), prefix + name)


def find_destination(index: FileIndex, link: InboundLink) -> tuple[str, _Part] | None:
    """Return the path of the note that a link leads to, and the part; `None` if it leads to nothing there.

    The part is `None` for a link to a note as such. The path is that of a file if it is no note.
    """
    note = index.notes.get(link.there.path)
    if note is None or not link.name or link.there.kind not in (HEADING, BLOCK):
        return link.there.path if note is None else note.path, None
    part = find_part(note, link, link.name)
    return (note.path, part) if part is not None else None


def _list_parts(note: Note) -> tuple[object, ...]:
    """Return everything that links to parts of a note depend on."""
    anchors = get_anchors(note)
    blocks = re.findall(r"(?m)(?:^|[ \t])(\^[\w-]+)[ \t]*\r?$", note.text)
    return tuple(iter_heading_texts(note)), anchors.headings, frozenset(anchors.all), tuple(blocks)
