"""Relocation of text from one note to another: its links and images keep their targets."""

import re
from posixpath import dirname

from techstock.fix.edits import edited
from techstock.merge.assets import held
from techstock.merge.errors import MergeError
from techstock.model import Corpus, Edit, Image, Link, Note, Place
from techstock.references.lookup import join
from techstock.references.targets import NOTHING, PATH, Target, resolved, target, written
from techstock.text.percent import encoded

_HREF = re.compile(r"""(?i)(\s(?:href|src|poster)\s*=\s*)(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_FOOTNOTE = re.compile(r"\[\^[^\]\s]+\]")


class Moving:
    """Moves text into one note. Raises `MergeError` for text that cannot be moved."""

    def __init__(self, corpus: Corpus, home: Note) -> None:
        files = corpus.files
        self._base, self._site = (files.base, files.site) if files else ("", "")
        self._home = home
        self._folder = dirname(join(self._base, home.path))

    def text(self, note: Note, place: Place) -> str:
        """Return the text within `place` of `note` for the new note, with `\\n` as its line ending."""
        source = place.of(note.text)
        if note.path != self._home.path:
            if footnote := _FOOTNOTE.search(source):
                raise MergeError(f"`{note.path}` explains `{footnote[0]}` in a footnote, which cannot be taken along")
            edits = [edit for one in held(note, place) if (edit := self._edit(note, one))]
            edits += [edit for edit in self._tags(note, place) if all(edit.place.start != e.place.start for e in edits)]
            inner = [e for e in edits if not any(o is not e and o.place.holds(e.place) for o in edits)]
            moved = [Edit(Place(e.place.start - place.start, e.place.end - place.start), e.text) for e in inner]
            source = edited(source, moved)
        return source.replace("\r\n", "\n").replace("\r", "\n")

    def _edit(self, note: Note, one: Image | Link) -> Edit | None:
        """Return the edit of a link or image; `None` if it stays as it is."""
        if one.kind == "wiki":
            text = one.place.of(note.text)
            inside = text.lstrip("!").startswith("[[#")
            return Edit(one.place, text.replace("[[#", f"[[{_stem(note)}#", 1)) if inside else None
        found = target(one.target)
        new = self.target(note, found) if found.kind in (NOTHING, PATH) else one.target
        if one.kind == "reference":  # its definition stays behind
            sign = "!" if isinstance(one, Image) else ""
            label = one.text.of(note.text) if isinstance(one, Link) else one.alt
            plain = new if found.kind in (NOTHING, PATH) else new.replace(" ", "%20").replace("(", "%28")
            return Edit(one.place, f"{sign}[{label}]({plain.replace(')', '%29')})")
        return Edit(one.at, new) if new != one.target and one.kind != "auto" else None

    def target(self, note: Note, found: Target) -> str:
        """Return a target of `note`, of the kind `path` or `nothing`, as written in the note that the text moves to."""
        folder = dirname(join(self._base, note.path))
        if found.kind == NOTHING:
            plain = written(join(self._base, note.path), self._folder, Target(PATH), self._site)
            return f"{plain}{found.tail}" if found.tail else ""
        if found.rooted or folder == self._folder:
            return found.raw + found.tail
        path = resolved(found.path, folder)
        if path is None:
            raise MergeError(f"`{found.raw}` in `{note.path}` leads out of the project and cannot be taken along")
        slash = "/" if found.path.endswith("/") else ""
        return written(path, self._folder, found, self._site) + slash + found.tail

    def _tags(self, note: Note, place: Place) -> list[Edit]:
        """Return the edits of targets in HTML."""
        edits = []
        for block in [span for span in note.spans if span.kind == "html" and place.holds(span.place)]:
            for match in _HREF.finditer(block.place.of(note.text)):
                group = next(index for index in (2, 3, 4) if match[index] is not None)
                found = target(match[group])
                if found.kind in (NOTHING, PATH) and (new := self.target(note, found)) != match[group]:
                    at = block.place.start
                    edits.append(Edit(Place(at + match.start(group), at + match.end(group)), new))
        return edits


def _stem(note: Note) -> str:
    return note.path.rpartition("/")[2].rpartition(".")[0]


def path_between(here: Note, there: Note) -> str:
    """Return the link target that leads from one note to another."""
    if here.path == there.path:
        return encoded(there.path.rpartition("/")[2])
    return written(there.path, dirname(here.path), Target(PATH), "")
