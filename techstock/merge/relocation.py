"""Relocation of text from one note to another: its links and images keep their targets."""

import re
from collections.abc import Iterable, Iterator
from posixpath import dirname

from techstock.links.file_index import get_file_index
from techstock.links.resolver import locate_path
from techstock.links.targets import NO_PATH, PATH, Target, format_target, parse_target
from techstock.merge.errors import MergeError
from techstock.merge.sentence_split import find_links_and_images
from techstock.model import Corpus, Edit, Image, Link, Note, Span
from techstock.text.edits import apply_edits
from techstock.text.percent_encoding import percent_encode

_HTML_TARGET = re.compile(r"""(?i)(\s(?:href|src|poster)\s*=\s*)(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
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
            edits += [
                edit
                for edit in self._rewrite_html_targets(note, place)
                if all(edit.place.start != e.place.start for e in edits)
            ]
            moved = [
                Edit(Span(e.place.start - place.start, e.place.end - place.start), e.text)
                for e in _select_disjoint_edits(edits, place)
            ]
            source = apply_edits(source, moved)
        return source.replace("\r\n", "\n").replace("\r", "\n")

    def _rewrite_link(self, note: Note, one: Image | Link) -> Edit | None:
        """Return the edit of a link or image; `None` if it stays as it is."""
        if one.kind == "wiki":
            text = one.place.extract_from(note.text)
            inside = text.lstrip("!").startswith("[[#")
            return Edit(one.place, text.replace("[[#", f"[[{_stem(note)}#", 1)) if inside else None
        found = parse_target(one.target)
        new = self.rewrite_target(note, found) if found.kind in (NO_PATH, PATH) else one.target
        if one.kind == "reference":  # its definition stays behind
            sign = "!" if isinstance(one, Image) else ""
            label = one.text.extract_from(note.text) if isinstance(one, Link) else one.alt
            plain = new if found.kind in (NO_PATH, PATH) else new.replace(" ", "%20").replace("(", "%28")
            return Edit(one.place, f"{sign}[{label}]({plain.replace(')', '%29')})")
        return Edit(one.at, new) if new != one.target and one.kind != "auto" else None

    def rewrite_target(self, note: Note, found: Target) -> str:
        """Return a target of `note`, of the kind `path` or `nothing`, as written in the note that the text moves to."""
        own, site = self._index.get_note_path(note), self._index.files.site
        if found.kind == NO_PATH:
            plain = format_target(own, self._folder, Target(PATH), site)
            return f"{plain}{found.tail}" if found.tail else ""
        if found.rooted or dirname(own) == self._folder:
            return found.raw + found.tail
        path = locate_path(note, found, self._index.files)
        if path is None:
            raise MergeError(f"`{found.raw}` in `{note.path}` leads out of the project and cannot be taken along")
        slash = "/" if found.path.endswith("/") else ""
        return format_target(path, self._folder, found, site) + slash + found.tail

    def _rewrite_html_targets(self, note: Note, place: Span) -> list[Edit]:
        """Return the edits of targets in HTML."""
        edits = []
        for block in [span for span in note.spans if span.kind == "html" and place.contains(span.place)]:
            for match in _HTML_TARGET.finditer(block.place.extract_from(note.text)):
                group = next(index for index in (2, 3, 4) if match[index] is not None)
                found = parse_target(match[group])
                if found.kind in (NO_PATH, PATH) and (new := self.rewrite_target(note, found)) != match[group]:
                    at = block.place.start
                    edits.append(Edit(Span(at + match.start(group), at + match.end(group)), new))
        return edits


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


def _stem(note: Note) -> str:
    return note.path.rpartition("/")[2].rpartition(".")[0]


def format_link_path(here: Note, there: Note) -> str:
    """Return the link target that leads from one note to another."""
    if here.path == there.path:
        return percent_encode(there.path.rpartition("/")[2])
    return format_target(there.path, dirname(here.path), Target(PATH), "")
