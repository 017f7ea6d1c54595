"""Conversion of the parser's events to facts, in one pass that tracks the open containers."""

import re
from contextlib import suppress
from itertools import chain
from typing import Any

import msgspec
from msgspec.structs import force_setattr

from techstock.model import Block, Entry, Footnote, Heading, ParseLimits, ReadFailure, Span
from techstock.parse.inline_facts import InlineFactBuilder
from techstock.parse.markdown_events import MarkdownEvents, PlacedEvent
from techstock.parse.section_number import parse_section_number
from techstock.parse.source_text import ContainerStack, NormalizedSource, trim
from techstock.parse.term_colon import find_term
from techstock.text.lazy_patterns import compile_lazily

_BLANKS = frozenset(" \t")
_INDENT = re.compile(r"[ \t]*")
_MARKER = re.compile(r"[ \t\n>]*([-+*]|\d{1,9}[.)])")  # ranges behind a tab begin too early
_ATX_MARK = re.compile(r"#{1,6}(?=[ \t]|$)", re.M)
_FENCE = re.compile(r"(?:`+|~+)(.*)")
_CLOSING_FENCE = compile_lazily(r"[ \t>]*(?:`{3,}|~{3,})[ \t]*$")


class _FullError(Exception):
    """Raised when a note has more entries than `limits.entries`."""


class _OpenEntry(msgspec.Struct):
    """An entry whose end has not been reached; the fields are those of `Entry`."""

    index: int  # among the entries of the note
    marker: Span
    depth: int
    parent: int
    list: int
    ordered: bool
    end: int
    opens: str = ""
    head: Span | None = None
    term: Span | None = None
    colon: Span | None = None
    definition: Span | None = None
    name: str = ""

    def to_entry(self) -> Entry:
        head = self.head or Span(self.marker.end, self.marker.end)
        return Entry(
            Span(self.marker.start, self.end),
            self.marker,
            head,
            self.depth,
            self.parent,
            self.list,
            self.opens,
            self.ordered,
            self.term,
            self.colon,
            self.definition,
            self.name,
        )


class FactBuilder:
    """A collector of blocks, headings and entries; inline facts go to `inline`."""

    def __init__(self, source: NormalizedSource, found: MarkdownEvents, limits: ParseLimits) -> None:
        self.inline = InlineFactBuilder(source, found)
        self.headings: list[Heading] = []
        self.blocks: list[Block] = []
        self.entries: list[Entry] = []
        self.faults: list[ReadFailure] = []
        self._text = source.text
        self._to_span = source.to_span
        self._events = found.events
        self._to_position = found.to_position
        self._front_matter = found.front_matter
        self._limits = limits
        self._open: list[_OpenEntry] = []
        self._done: dict[int, Entry] = {}
        self._lists: list[tuple[int, int]] = []  # the open lists: index among the blocks, end so far
        self._containers = ContainerStack(source.text)
        self._level = 0  # of lists, items and quotes
        self._entry = -1

    def run(self) -> None:
        """Read all events."""
        if self._front_matter:
            self._add_block("front-matter", 0, self._front_matter, [])
        with suppress(_FullError):
            self._read_blocks()
        while self._lists:  # what is around the first entry that is one too many ends there
            if self._open and self._open[-1].list == self._lists[-1][0]:
                self._end_item()
            self._end_list()
        self.entries = [self._done[index] for index in sorted(self._done)]
        self.inline.finish_footnotes()

    def _read_blocks(self) -> None:
        """Read the blocks, each from its first event on; for some, the event behind it is read with them."""
        following: PlacedEvent | None = None
        while placed := following or next(self._events, None):
            following = None
            event, where = placed
            if "End" in event:
                self._close(event["End"])
            elif self._level >= self._limits.nesting:
                following = self._cut(placed)
            elif event == "Rule":
                self._add_block("rule", self._start(where), self._last_line_end(where), [])
            else:
                tag = event.get("Start") if isinstance(event, dict) else None  # a line may begin with a hard break
                name = tag if type(tag) is str else next(iter(tag or ()), "")
                if handler := _HANDLERS.get(name):
                    handler(self, where, tag)
                else:
                    following = self._read_tight_paragraph(placed)

    def _cut(self, placed: PlacedEvent) -> PlacedEvent | None:
        """Skip all that is left of a container, which is nested too deep; return the event that closes it."""
        if not self.faults:
            at = self._start(placed[1])
            message = f"nested over {self._limits.nesting} levels deep, not checked from here on"
            help_ = "lists and quotes this deep are cut off by most renderers: flatten them"
            self.faults.append(ReadFailure(self._to_span(at, self._line_end(at)), "depth", message, help_))
        depth = 0
        for following in chain((placed,), self._events):
            if "Start" in following[0]:
                depth += 1
            elif "End" in following[0]:
                if not depth:
                    return following
                depth -= 1
        return None

    # where things begin and end

    def _start(self, where: dict[str, int]) -> int:
        """Return the first position of a block that is not blank: ranges may begin at the indentation."""
        at = self._to_position(where["start"])
        return _skip(self._text, at) if self._text[at : at + 1] in _BLANKS else at

    def _last_line_end(self, where: dict[str, int]) -> int:
        """Return the end of a block's last line; ranges may end behind the end of that line."""
        end = self._to_position(where["end"])
        return end - 1 if self._text.startswith("\n", end - 1) else self._line_end(end)

    def _line_end(self, at: int) -> int:
        end = self._text.find("\n", at)
        return end if end >= 0 else len(self._text)

    def _split_lines(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return the ranges of the text of each line; white space around all of it is cut."""
        text = self._text
        start, end = trim(text, start, end)
        stop = text.find("\n", start, end)
        if stop < 0:
            return [(start, end)] if start < end else []
        lines = []
        while start < end:
            stop = text.find("\n", start, end)
            if stop < 0:
                lines.append((start, end))
                break
            if start < stop:
                lines.append((start, stop))
            start = self._containers.skip_prefix(stop + 1)
        return lines

    # containers

    def _open_quote(self, _where: dict[str, int], _tag: Any) -> None:
        self._note_opening("quote")
        self._level += 1
        self._containers.open_quote()

    def _open_list(self, where: dict[str, int], _tag: Any) -> None:
        self._level += 1
        at = self._find_marker(where)[0]
        place = self._to_span(at, at)
        self._note_opening("list")
        self._lists.append((len(self.blocks), place.start))
        self.blocks.append(Block(place, "list", (), self._entry, self._containers.quotes))

    def _open_item(self, where: dict[str, int], _tag: Any) -> None:
        self._level += 1
        start, end = self._find_marker(where)
        index = len(self._done) + len(self._open)
        if index >= self._limits.entries:
            self._add_entries_fault(start)
            raise _FullError
        marker = self._to_span(start, end)
        ordered = self._text[end - 1] in ".)"
        depth, parent, block = len(self._open) + 1, self._entry, self._lists[-1][0]
        self._containers.open_entry(start)
        self._open.append(_OpenEntry(index, marker, depth, parent, block, ordered, marker.end))
        self._entry = index

    def _open_footnote(self, where: dict[str, int], tag: Any) -> None:
        self._note_opening("footnote")
        self._level += 1
        start, end = self._start(where), self._last_line_end(where)
        end = trim(self._text, start, end)[1]
        label = tag["FootnoteDefinition"]
        self.inline.footnotes.append(Footnote(self._to_span(start, end), label, "definition", len(self.blocks)))

    def _find_marker(self, where: dict[str, int]) -> tuple[int, int]:
        """Return the range of the marker of an item."""
        at = self._to_position(where["start"])
        if self._text[at] in "-*+":
            return at, at + 1
        match = _MARKER.match(self._text, at)
        assert match
        return match.span(1)

    def _add_entries_fault(self, at: int) -> None:
        message = f"more than the {self._limits.entries:,} entries of `limits.entries`: not checked from here on"
        place = self._to_span(at, self._line_end(at))
        self.faults.append(ReadFailure(place, "entries", message, "split the note, or raise `limits.entries`"))

    def _close(self, tag: Any) -> None:
        self._level -= 1
        if tag == "Item":
            self._containers.close()
            self._end_item()
        elif "List" in tag:
            self._end_list()
        elif tag == "FootnoteDefinition":
            pass
        else:
            self._containers.close()

    def _end_list(self) -> None:
        index, end = self._lists.pop()
        block = self.blocks[index]
        force_setattr(block, "place", Span(block.place.start, end))  # nobody has seen it yet

    def _end_item(self) -> None:
        item = self._open.pop()
        self._done[item.index] = item.to_entry()
        self._lists[-1] = (self._lists[-1][0], item.end)
        self._entry = item.parent
        if self._open:
            self._open[-1].end = max(self._open[-1].end, item.end)

    def _note_opening(self, kind: str) -> None:
        if self._open and not self._open[-1].opens:
            self._open[-1].opens = kind

    # leaves

    def _add_block(
        self, kind: str, start: int, end: int, lines: list[tuple[int, int]], info: str = "", *, closed: bool = True
    ) -> Span:
        """Add a leaf with these ranges of running text; return its place."""
        place = self._to_span(start, max(start, end))
        if len(lines) == 1 and lines[0] == (start, end):
            texts: tuple[Span, ...] = (place,)
        else:
            texts = tuple([self._to_span(first, last) for first, last in lines])
        self.blocks.append(Block(place, kind, texts, self._entry, self._containers.quotes, info, closed))
        if self._open:
            item = self._open[-1]
            item.opens = item.opens or kind
            item.end = max(item.end, place.end)
        return place

    def _read_paragraph(self, where: dict[str, int], _tag: Any) -> None:
        self.inline.read(self._events, len(self.blocks), self._entry)
        self._add_paragraph(self._start(where), self._last_line_end(where))

    def _read_tight_paragraph(self, placed: PlacedEvent) -> PlacedEvent | None:
        """Read a paragraph of an entry in a tight list, of which only the inline events tell."""
        following = self.inline.read(chain((placed,), self._events), len(self.blocks), self._entry)
        start = self._to_position(placed[1]["start"])
        if self._text.startswith("\\", start - 1):  # events of escaped characters begin behind the backslash
            start -= 1
        self._add_paragraph(start, self._line_end(self._to_position(self.inline.end)))
        return following

    def _add_paragraph(self, start: int, end: int) -> None:
        lines = self._split_lines(start, end)
        self._add_block("paragraph", start, end, lines)
        if not lines:
            return
        self.inline.finish(lines)
        if self._open and self._open[-1].head is None and self._open[-1].opens == "paragraph":
            self._read_head(self._open[-1], lines)

    def _read_heading(self, where: dict[str, int], tag: Any) -> None:
        self.inline.read(self._events, len(self.blocks), self._entry)
        start, end = self._start(where), self._last_line_end(where)
        mark = _ATX_MARK.match(self._text, start)
        if mark:
            line = _trim_closing_marks(self._text, *trim(self._text, mark.end(), end))
            lines = [line] if line[0] < line[1] else []
        else:
            lines = self._split_lines(start, self._text.rfind("\n", start, end))
        block = self._add_block("heading", start, end, lines)
        if lines:
            self.inline.finish(lines)
        text = self._to_span(lines[0][0], lines[-1][1]) if lines else Span(block.end, block.end)
        title = "\n".join([self._text[first:last] for first, last in lines])
        place = Span(block.start, max(text.end, block.start))
        number = parse_section_number(title, text.start)
        level = int(tag["Heading"]["level"][1])
        self.headings.append(Heading(place, text, level, title, number, self._entry, len(self.blocks) - 1))

    def _read_code(self, where: dict[str, int], tag: Any) -> None:
        start, end = self._start(where), self._last_line_end(where)
        content_end = 0
        for event, place in self._events:
            if "End" in event:
                break
            content_end = place["end"]
        if tag["CodeBlock"] == "Indented":
            self._add_block("code", start, end, [])
            return
        fence = _FENCE.match(self._text, start)
        last = self._text.rfind("\n", start, end) + 1
        closed = last > 0 and content_end < where["end"] and _CLOSING_FENCE.match(self._text, last, end) is not None
        info = fence[1].strip() if fence else ""
        self._add_block("fence", start, end, [], info, closed=closed)

    def _read_html(self, where: dict[str, int], _tag: Any) -> None:
        start, end = self._start(where), self._last_line_end(where)
        for event, _ in self._events:
            if "End" in event:
                break
        content = self._text[start:end]
        self.inline.read_html(start, end, len(self.blocks), self._entry)
        self._add_block("html", start, end, [], closed=not content.startswith("<!--") or "-->" in content)

    def _read_table(self, where: dict[str, int], _tag: Any) -> None:
        index, inner = len(self.blocks), 0
        cells: list[tuple[int, int]] = []
        for event, place in self._events:
            if "Start" in event:
                tag = event["Start"]
                if tag == "TableCell":
                    self._read_cell(place, index, cells)
                elif tag == "Paragraph" and not inner:
                    self._add_cells_fault(place)
                inner += type(tag) is dict and "Table" in tag
            elif "End" in event and event["End"] == "Table":
                if not inner:
                    break
                inner -= 1
        self._add_block("table", self._start(where), self._last_line_end(where), cells)

    def _read_cell(self, where: dict[str, int], block: int, cells: list[tuple[int, int]]) -> None:
        start, end = trim(self._text, self._to_position(where["start"]), self._to_position(where["end"]))
        self.inline.read(self._events, block, self._entry)
        if start < end:
            cells.append((start, end))
            self.inline.finish([(start, end)], in_table=True)

    def _add_cells_fault(self, where: dict[str, int]) -> None:
        """Add a fault for a table of which the parser reads no more, since short rows would make too many cells."""
        if not any(fault.kind == "cells" for fault in self.faults):
            at = self._start(where)
            message = "the rows of this table lack too many cells, not checked from here on"
            place = self._to_span(at, self._line_end(at))
            self.faults.append(ReadFailure(place, "cells", message, "fill the rows, or split the table"))

    def _read_head(self, item: _OpenEntry, lines: list[tuple[int, int]]) -> None:
        """Set the head of an entry to its first paragraph, and find the term in its first line."""
        start, end = lines[0]
        item.head = self._to_span(start, lines[-1][1])
        taken = self.inline.taken
        cut = find_term(self._text[start:end], [(a - start, b - start) for a, b in taken if a < end] if taken else ())
        if cut is None:
            return
        item.term = self._to_span(start + cut.start, start + cut.end)
        item.colon = self._to_span(start + cut.colon, start + cut.colon + 1)
        behind = _skip_space(self._text, [(start + cut.definition, end), *lines[1:]])
        item.definition = self._to_span(behind, lines[-1][1]) if behind >= 0 else Span(item.head.end, item.head.end)
        item.name = self._text[start + cut.start : start + cut.end]


_HANDLERS = {
    "Paragraph": FactBuilder._read_paragraph,
    "Heading": FactBuilder._read_heading,
    "CodeBlock": FactBuilder._read_code,
    "HtmlBlock": FactBuilder._read_html,
    "Table": FactBuilder._read_table,
    "BlockQuote": FactBuilder._open_quote,
    "List": FactBuilder._open_list,
    "Item": FactBuilder._open_item,
    "FootnoteDefinition": FactBuilder._open_footnote,
}


def _skip(text: str, at: int) -> int:
    match = _INDENT.match(text, at)
    assert match
    return match.end()


def _skip_space(text: str, lines: list[tuple[int, int]]) -> int:
    """Return the first position in these ranges that is not white space, -1 if there is none."""
    for start, end in lines:
        piece = text[start:end]
        if not piece.isspace() and piece:
            return end - len(piece.lstrip())
    return -1


def _trim_closing_marks(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the range of the text of a `#` heading without the `#` that may close it."""
    content = text[start:end]
    if content.endswith("#"):
        before = content.rstrip("#")
        if not before or before[-1] in _BLANKS:
            return trim(text, start, start + len(before))
    return start, end
