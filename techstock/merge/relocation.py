"""Relocation of text from one note to another: its links and images keep their targets."""

import re
from collections.abc import Iterable, Iterator
from posixpath import basename, dirname

from msgspec.structs import replace

from techstock.links.file_index import get_file_index
from techstock.links.resolver import NOWHERE, locate_path, resolve_link
from techstock.links.targets import NO_PATH, PATH, Target, format_target, parse_target
from techstock.merge import MergeError
from techstock.merge.sentence_split import find_links_and_images
from techstock.model import Corpus, Edit, Image, Link, Note, Span
from techstock.text.edits import apply_edits
from techstock.text.percent_encoding import percent_encode

_FOOTNOTE = re.compile(r"\[\^[^\]\s]+\]")


class Relocator:
    """Moves text into one note. Raises `MergeError` for text that cannot be moved."""

    def __init__(self, corpus: Corpus, home: Note) -> None:
        self._index = get_file_index(corpus)
        self._home = home
        self._folder = dirname(self._index.get_note_path(home))

    def move_text(self, note: Note, place: Span) -> str:
        """Return the text within `place` of `note` for the new note, with `\\n` as its line ending."""
        source = place.extract_from(note.text)
        if note.path != self._home.path:
            if footnote := _FOOTNOTE.search(source):
                raise MergeError(f"`{note.path}` explains `{footnote[0]}` in a footnote, which cannot be taken along")
            edits = [edit for one in find_links_and_images(note, place) if (edit := self._rewrite_link(note, one))]
            moved = [
                Edit(Span(e.place.start - place.start, e.place.end - place.start), e.text)
                for e in _select_disjoint_edits(edits, place)
            ]
            source = apply_edits(source, moved)
        return source.replace("\r\n", "\n").replace("\r", "\n")

    def _rewrite_link(self, note: Note, one: Image | Link) -> Edit | None:
        """Return the edit of a link or image; `None` if it stays as it is."""
        if one.kind == "wiki":
            return self._rewrite_name(note, one)
        found = parse_target(one.target)
        new = self._rewrite_target(note, found) if found.kind in (NO_PATH, PATH) else one.target
        if one.kind == "reference":  # its definition stays behind
            sign = "!" if isinstance(one, Image) else ""
            label = one.text.extract_from(note.text) if isinstance(one, Link) else one.alt
            plain = new if found.kind in (NO_PATH, PATH) else new.replace(" ", "%20").replace("(", "%28")
            return Edit(one.place, f"{sign}[{label}]({plain.replace(')', '%29')})")
        return Edit(one.at, new) if new != one.target else None

    def _rewrite_name(self, note: Note, one: Image | Link) -> Edit | None:
        """Return the edit of a wiki link: of its names the first that leads from the new note to the same place."""
        there = resolve_link(self._index, note, one)
        name, sign, fragment = one.target.partition("#")
        path = there.path.removesuffix(".md")
        for other in (name, basename(path), path) if there.kind != NOWHERE else ():
            again = replace(one, target=f"{other}{sign}{fragment}")
            if resolve_link(self._index, self._home, again) == there:
                return Edit(one.at, other) if other != name else None
        return None

    def _rewrite_target(self, note: Note, found: Target) -> str:
        """Return a target of `note`, of the kind `path` or `nothing`, as written in the note that the text moves to."""
        own = self._index.get_note_path(note)
        if found.kind == NO_PATH:
            plain = format_target(own, self._folder, Target(PATH), "")
            return f"{plain}{found.tail}" if found.tail else ""
        if found.rooted or dirname(own) == self._folder:
            return found.raw + found.tail
        path = locate_path(note, found, self._index.files, is_image=False)
        if path is None:
            raise MergeError(f"`{found.raw}` in `{note.path}` leads out of the project and cannot be taken along")
        slash = "/" if found.path.endswith("/") else ""
        return format_target(path, self._folder, found, "") + slash + found.tail


def _select_disjoint_edits(edits: Iterable[Edit], place: Span) -> Iterator[Edit]:
    """Yield the edits within `place` that do not overlap; of those that do, the one that begins first, and the longest.

    Links of two kinds may share characters, as in `![[x.png]][r]`. What then keeps its old target, and means something
    else in the new note, is noticed when the plan is verified.
    """
    last = place.start
    for edit in sorted(edits, key=lambda edit: (edit.place.start, -edit.place.end)):
        if last <= edit.place.start and edit.place.end <= place.end:
            yield edit
            last = edit.place.end


def format_link_path(here: Note, there: Note) -> str:
    """Return the link target that leads from one note to another."""
    if here.path == there.path:
        return percent_encode(there.path.rpartition("/")[2])
    return format_target(there.path, dirname(here.path), Target(PATH), "")
