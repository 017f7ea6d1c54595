"""Formatting of entries and blocks as lines nested in another entry."""

from collections import Counter

from techstock.analysis.entries import compute_column, compute_content_column
from techstock.merge import MergeError
from techstock.merge.entry_tree import EntryTree
from techstock.merge.relocation import Relocator
from techstock.model import Block, Note, Span

_TAB_WIDTH = 4


class NestedListWriter:
    """Formats lines to nest in an entry, before its nested entry with the number `spot`.

    In a numbered list they go after the last entry and continue its numbers. `indent` is the text before the marker.
    """

    def __init__(self, item: EntryTree, spot: int) -> None:
        self._item = item
        note, entry = item.note, item.note.entries[item.entry]
        if note.blocks[entry.list].quotes:
            raise MergeError(f"the copy to keep, in `{note.path}`, stands in a block quote: merge it by hand")
        beside = [note.entries[inner.entry] for inner in item.items]
        if spot < len(beside) and beside[spot].ordered:
            spot = len(beside)
        self.spot = spot
        if beside:
            like = beside[min(spot, len(beside) - 1)]
            before = note.text[note.lines.find_start(like.marker.start) : like.marker.start]
            self.indent = before if not before.strip() else " " * compute_column(note, like.marker.start)
            self._marker, self._ordered = like.marker.extract_from(note.text), like.ordered
        else:
            self.indent = " " * self._choose_indent_column(note)
            self._marker, self._ordered = ("-" if entry.ordered else entry.marker.extract_from(note.text)), False

    def _choose_indent_column(self, note: Note) -> int:
        """Return the column at which this note would usually begin an entry nested in this one."""
        least = compute_content_column(note, self._item.entry)
        own = compute_column(note, note.entries[self._item.entry].marker.start)
        depths = Counter(
            compute_column(note, child.marker.start) - compute_column(note, note.entries[child.parent].marker.start)
            for child in note.entries
            if child.parent >= 0 and not note.entries[child.parent].ordered
        )
        usual = own + max(depths, key=lambda depth: (depths[depth], -depth), default=0)
        return usual if least <= usual < least + _TAB_WIDTH else least

    def format_marker(self, number: int) -> str:
        """Return the marker of the next entry; `number` counts the entries that were added before it."""
        if not self._ordered:
            return self._marker
        return f"{int(self._marker[:-1]) + number + 1}{self._marker[-1]}"

    def format_entry(self, item: EntryTree, moving: Relocator, number: int) -> str:
        """Return an entry with everything nested in it as nested lines, without a final line ending."""
        entry = item.note.entries[item.entry]
        if item.note.blocks[entry.list].quotes and len(_line_range(item.note, entry.place)) > 1:
            raise MergeError(f"a copy in `{item.note.path}` stands in a block quote: merge it by hand")
        marker = self.format_marker(number)
        source = moving.move_text(item.note, entry.place)[len(entry.marker.extract_from(item.note.text)) :]
        first, *rest = source.split("\n")
        content = len(self.indent.expandtabs(_TAB_WIDTH)) + len(marker) + 1
        lines = _reindent_lines(rest, compute_content_column(item.note, item.entry), " " * content)
        return "\n".join([f"{self.indent}{marker} {first.strip(' ')}".rstrip(" "), *lines])

    def format_sentence(self, text: str, number: int) -> str:
        """Return a text as a nested entry."""
        return f"{self.indent}{self.format_marker(number)} {text}"


def format_nested_block(item: EntryTree, note: Note, block: Block, moving: Relocator) -> str:
    """Return a block of another entry as lines below the first paragraph of `item`, without a final line ending.

    Raise `MergeError` for block quotes.
    """
    if block.quotes or item.note.blocks[item.note.entries[item.entry].list].quotes:
        raise MergeError(f"a copy in `{note.path}` holds a block quote: merge it by hand")
    start = compute_column(note, block.place.start)
    first, *rest = moving.move_text(note, block.place).split("\n")
    indent = " " * compute_content_column(item.note, item.entry)
    return "\n".join([indent + first, *_reindent_lines(rest, start, indent)])


def _line_range(note: Note, place: Span) -> range:
    return range(note.lines.find_line(place.start), note.lines.find_line(place.end) + 1)


def _reindent_lines(lines: list[str], old: int, indent: str) -> list[str]:
    """Return lines of an entry whose content began at column `old`, indented by `indent` instead."""
    found = []
    for line in lines:
        bare = line.lstrip(" \t")
        if not bare:
            found.append("")
            continue
        space = line[: len(line) - len(bare)]
        if space[:old].count(" ") < min(old, len(space)):  # tabs
            space = space.expandtabs(_TAB_WIDTH)
        found.append(indent + space[old:] + bare)
    return found
