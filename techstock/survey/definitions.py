"""Texts of definitions, without markup."""

from collections.abc import Iterator
from functools import cached_property

from techstock.model import Block, Note, Span
from techstock.model.entries import find_entries_without_definition, select_facts_starting_in
from techstock.similarity.units import extract_visible_text

_PLACEHOLDERS = {
    "paragraph": "(image)",
    "heading": "",
    "html": "(image)",
    "table": "(table)",
    "fence": "(code)",
    "code": "(code)",
}
_FOLLOWING_PLACEHOLDER = "(what follows it)"


class DefinitionTexts:
    """Definition texts of one note."""

    def __init__(self, note: Note) -> None:
        self._note = note

    def get_text(self, index: int) -> str:
        """Return the definition of a term entry, by index: the text after the colon, then a line for each nested item.

        Images, tables and code are shown as a placeholder in parentheses, and so is a definition that only follows the
        entry. Empty if there is no definition.
        """
        lines = [line for line in self._iter_lines(index) if line]
        if not lines and index not in self._undefined:
            return _FOLLOWING_PLACEHOLDER  # an image, a table or code behind the entry serves as one
        return "\n".join(lines)

    @cached_property
    def _undefined(self) -> frozenset[int]:
        return frozenset(index for index, _ in find_entries_without_definition(self._note))

    def _iter_lines(self, index: int) -> Iterator[str]:
        note, entry = self._note, self._note.entries[index]
        if entry.definition is not None:
            yield _extract_line(note, (entry.definition,))
        for block in select_facts_starting_in(note.blocks, entry.place):
            if block.place.start > entry.head.start and block.kind in _PLACEHOLDERS:
                yield _describe_block(note, block)


def _describe_block(note: Note, block: Block) -> str:
    if block.kind in ("paragraph", "heading"):
        return _extract_line(note, block.texts) or _PLACEHOLDERS[block.kind]
    if block.kind == "html" and not any(block.place.contains(image.place) for image in note.images):
        return ""
    return _PLACEHOLDERS[block.kind]


def _extract_line(note: Note, places: tuple[Span, ...]) -> str:
    """Return running text as one line, without bold marks."""
    texts = (
        "".join(extract_visible_text(note, piece) for piece in _skip_link_openings(note, place)) for place in places
    )
    return " ".join(" ".join(texts).replace("**", "").split())


def _skip_link_openings(note: Note, place: Span) -> Iterator[Span]:
    """Yield the parts of `place` outside the opening `[` of links; the ends of links are not visible text anyway."""
    at = place.start
    for link in select_facts_starting_in(note.links, place):
        yield Span(at, max(link.place.start, at))
        at = max(at, min(link.text.start, place.end))
    yield Span(at, place.end)
