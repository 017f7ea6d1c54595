"""Texts of definitions, without markup."""

from collections.abc import Iterator
from functools import cached_property

from techstock.model import Block, Note, Place
from techstock.model.entries import starting_in, undefined
from techstock.similarity.units import words

_SHOWN = {
    "paragraph": "(image)",
    "heading": "",
    "html": "(image)",
    "table": "(table)",
    "fence": "(code)",
    "code": "(code)",
}
_FOLLOWS = "(what follows it)"


class Definitions:
    """Definition texts of one note."""

    def __init__(self, note: Note) -> None:
        self._note = note

    def of(self, index: int) -> str:
        """Return the definition of a term entry, by index: the text after the colon, then a line for each nested item.

        Images, tables and code are shown as a placeholder in parentheses, and so is a definition that only follows the
        entry. Empty if there is no definition.
        """
        lines = [line for line in self._lines(index) if line]
        if not lines and index not in self._undefined:
            return _FOLLOWS  # an image, a table or code behind the entry serves as one
        return "\n".join(lines)

    @cached_property
    def _undefined(self) -> frozenset[int]:
        return frozenset(index for index, _ in undefined(self._note))

    def _lines(self, index: int) -> Iterator[str]:
        note, entry = self._note, self._note.entries[index]
        if entry.definition is not None:
            yield _plain(note, (entry.definition,))
        for block in starting_in(note.blocks, entry.place):
            if block.place.start > entry.head.start and block.kind in _SHOWN:
                yield _said(note, block)


def _said(note: Note, block: Block) -> str:
    if block.kind in ("paragraph", "heading"):
        return _plain(note, block.texts) or _SHOWN[block.kind]
    if block.kind == "html" and not any(block.place.holds(image.place) for image in note.images):
        return ""
    return _SHOWN[block.kind]


def _plain(note: Note, places: tuple[Place, ...]) -> str:
    """Return running text as one line, without bold marks."""
    texts = ("".join(words(note, piece) for piece in _without_openings(note, place)) for place in places)
    return " ".join(" ".join(texts).replace("**", "").split())


def _without_openings(note: Note, place: Place) -> Iterator[Place]:
    """Yield the parts of `place` outside the opening `[` of links; the ends of links are not visible text anyway."""
    at = place.start
    for link in starting_in(note.links, place):
        yield Place(at, max(link.place.start, at))
        at = max(at, min(link.text.start, place.end))
    yield Place(at, place.end)
