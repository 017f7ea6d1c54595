"""Conversion of block tokens to facts, in one pass over the tokens that tracks the open containers."""

import re
from collections.abc import Iterable
from contextlib import suppress

import msgspec
from markdown_it.token import Token
from msgspec.structs import force_setattr

from techstock.model import Block, Entry, Heading, ReadFailure, Span
from techstock.parse import source_map
from techstock.parse.inline_facts import InlineFactBuilder
from techstock.parse.inline_recorder import ParseEnv
from techstock.parse.section_number import parse_section_number
from techstock.parse.source_map import NormalizedSource, SourceMap
from techstock.parse.term_colon import find_term

_BLANKS = frozenset(" \t")
_INDENT = re.compile(r"[ \t]*")
_LEAVES = {
    "heading_open": "heading",
    "paragraph_open": "paragraph",
    "fence": "fence",
    "code_block": "code",
    "html_block": "html",
    "table_open": "table",
    "hr": "rule",
    "front_matter": "front-matter",
}
_SILENT = frozenset({"fence", "code_block", "html_block", "hr", "front_matter"})  # one token, no inline content


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

    def __init__(self, source: NormalizedSource, env: ParseEnv) -> None:
        self.source = source
        self.env = env
        self.inline = InlineFactBuilder(source, env)
        self.headings: list[Heading] = []
        self.blocks: list[Block] = []
        self.entries: list[Entry] = []
        self._open: list[_OpenEntry] = []
        self._done: dict[int, Entry] = {}
        self._lists: list[list[int]] = []  # the open lists: index among the blocks, end so far
        self._quotes = 0
        self._after: dict[int, int] = {}  # behind the last list marker or quote mark, by line
        self._leaf: tuple[str, int, Token] | None = None
        self._texts: list[Span] = []
        self._row: list[SourceMap] = []
        self._over: Span | None = None  # the first entry that is one too many

    def run(self, tokens: Iterable[Token]) -> None:
        with suppress(_FullError):
            for token in tokens:
                if handler := _HANDLERS.get(token.type):
                    handler(self, token)
        self.entries = [self._done[index] for index in sorted(self._done)]

    def _stop(self, line: int) -> None:
        """Close all open containers: from the entry on this line on, nothing is a fact."""
        self._over = self._at(line)
        while self._lists:
            if self._open and self._open[-1].list == self._lists[-1][0]:
                self._on_list_item_close(None)
            self._on_bullet_list_close(None)

    def list_failures(self) -> list[ReadFailure]:
        """Return a fault for content that is nested too deep, and one for entries beyond the limit; both may occur."""
        found = []
        limits = self.env.limits
        if self.env.cut:
            message = f"nested over {limits.nesting} levels deep, not checked from here on"
            help_ = "lists and quotes this deep are cut off by most renderers: flatten them"
            found.append(ReadFailure(self._at(min(self.env.cut)), "depth", message, help_))
        if self._over:
            message = f"more than the {limits.entries:,} entries of `limits.entries`: not checked from here on"
            found.append(ReadFailure(self._over, "entries", message, "split the note, or raise `limits.entries`"))
        return found

    def _at(self, line: int) -> Span:
        return self.source.to_span(self._start(line), self.source.get_line_end(line))

    # where things begin

    def _start(self, line: int) -> int:
        """Return the start of the next container or leaf on `line`, after the marks of its containers."""
        text = self.source.text
        at = self._after.get(line, -1)
        if at < 0:
            at = self.source.starts[line]
            for _ in range(self._quotes):
                mark = _skip(text, at)
                at = mark + 1 if text.startswith(">", mark) else at
        return _skip(text, at)

    # containers

    def _on_blockquote_open(self, token: Token) -> None:
        line = _lines(token)[0]
        if self._open and not self._open[-1].opens:
            self._open[-1].opens = "quote"
        self._after[line] = self._start(line) + 1
        self._quotes += 1

    def _on_blockquote_close(self, _: Token) -> None:
        self._quotes -= 1

    def _on_bullet_list_open(self, token: Token) -> None:
        at = self.source.to_offset(self._start(_lines(token)[0]))
        self._opened("list")
        self._lists.append([len(self.blocks), at])
        self.blocks.append(Block(Span(at, at), "list", (), self._entry(), self._quotes))

    _on_ordered_list_open = _on_bullet_list_open

    def _on_bullet_list_close(self, _: Token | None) -> None:
        index, end = self._lists.pop()
        block = self.blocks[index]
        force_setattr(block, "place", Span(block.place.start, end))

    _on_ordered_list_close = _on_bullet_list_close

    def _on_list_item_open(self, token: Token) -> None:
        line = _lines(token)[0]
        index = len(self._done) + len(self._open)
        if index >= self.env.limits.entries:
            self._stop(line)
            raise _FullError
        at = self._start(line)
        end = at + len(token.info) + 1
        self._after[line] = end
        marker = self.source.to_span(at, end)
        depth, parent, block = len(self._open) + 1, self._entry(), self._lists[-1][0]
        self._open.append(_OpenEntry(index, marker, depth, parent, block, bool(token.info), marker.end))

    def _on_list_item_close(self, _: Token | None) -> None:
        item = self._open.pop()
        self._done[item.index] = item.to_entry()
        self._lists[-1][1] = item.end
        if self._open:
            self._open[-1].end = max(self._open[-1].end, item.end)

    # leaves

    def _begin(self, token: Token) -> None:
        first, last = _lines(token)
        kind = _LEAVES[token.type]
        self._opened(kind)
        start = self._start(first)
        end = self.source.get_line_end(last - 1)
        place = self.source.to_span(min(start, end), end)
        self._texts = []
        self._leaf = (kind, start, token)
        closed = _is_closed(kind, token)
        self.blocks.append(Block(place, kind, (), self._entry(), self._quotes, token.info.strip(), closed))
        if self._open:
            self._open[-1].end = max(self._open[-1].end, place.end)
        if kind == "html":
            self.inline.read_html(start, end, len(self.blocks) - 1, self._entry())

    def _single(self, token: Token) -> None:
        """Add a leaf that is one token, without inline content."""
        self._begin(token)
        self._end()

    def _end(self, _: Token | None = None) -> None:
        """Finish the leaf: its running text is known."""
        if self._texts:
            force_setattr(self.blocks[-1], "texts", tuple(self._texts))  # nobody has seen it yet
        self._leaf = None

    _on_paragraph_close = _on_heading_close = _on_table_close = _end

    def _on_tr_open(self, token: Token) -> None:
        line = _lines(token)[0]
        assert self._leaf is not None
        start = self._leaf[1] if line == _lines(self._leaf[2])[0] else self._start(line)
        self._row = source_map.map_table_row(self.source, start, self.source.get_line_end(line))
        self._row.reverse()

    def _on_inline(self, token: Token) -> None:
        assert self._leaf is not None
        kind, start, opener = self._leaf
        first, last = _lines(token)
        content = token.content
        if kind == "table":
            cell = self._row.pop() if self._row else None
            cut = source_map.map_table_cell(cell, content) if cell and content else None
            if cut is None:  # an empty cell, or one that the row does not have
                return
            found = cut
        elif kind == "heading" and opener.markup.startswith("#"):
            found = source_map.map_heading(self.source, content, start, len(opener.markup))
        else:
            found = source_map.map_lines(self.source, content, first, last)
        self._texts.extend(self._lines_of(found))
        self.inline.read_block(found, len(self.blocks) - 1, self._entry())
        if kind == "heading":
            self._heading(opener, found)
        elif kind == "paragraph" and self._open and self._open[-1].head is None and self._is_first():
            self._head(found)

    def _lines_of(self, found: SourceMap) -> list[Span]:
        content = found.content
        if content and content[0] not in _BLANKS and "\n" not in content:  # as most is
            return [self.source.to_span(found.map_start(0), found.map_end(len(content)))]
        places, at = [], 0
        for line in found.content.split("\n"):
            lead = len(line) - len(line.lstrip(" \t"))
            if lead < len(line):
                places.append(self.source.to_span(found.map_start(at + lead), found.map_end(at + len(line))))
            at += len(line) + 1
        return places

    def _heading(self, opener: Token, found: SourceMap) -> None:
        length = len(found.content)
        text = self.source.to_span(found.map_start(0), found.map_end(length)) if length else None
        block = self.blocks[-1].place
        text = text or Span(block.end, block.end)
        place = Span(block.start, max(text.end, block.start))
        number = parse_section_number(found.content, text.start)
        level = int(opener.tag[1])
        self.headings.append(Heading(place, text, level, found.content, number, self._entry(), len(self.blocks) - 1))

    def _head(self, found: SourceMap) -> None:
        """Set the head of the open entry to its first paragraph, and find the term in its first line."""
        item = self._open[-1]
        content = found.content
        item.head = self.source.to_span(found.map_start(0), found.map_end(len(content)))
        line = content.split("\n", 1)[0]
        cut = find_term(line, self.inline.get_hidden_ranges(len(line)))
        if cut is None:
            return
        item.term = self.source.to_span(found.map_start(cut.start), found.map_end(cut.end))
        item.colon = self.source.to_span(found.map_start(cut.colon), found.map_end(cut.colon + 1))
        behind = cut.definition
        while behind < len(content) and content[behind].isspace():
            behind += 1
        item.definition = (
            self.source.to_span(found.map_start(behind), found.map_end(len(content)))
            if behind < len(content)
            else Span(item.head.end, item.head.end)
        )
        item.name = content[cut.start : cut.end]

    # what is open

    def _entry(self) -> int:
        return self._open[-1].index if self._open else -1

    def _is_first(self) -> bool:
        return self._open[-1].opens == "paragraph" and self.blocks[-1].quotes == self._quotes

    def _opened(self, kind: str) -> None:
        if self._open and not self._open[-1].opens:
            self._open[-1].opens = kind


_HANDLERS = {name: FactBuilder._single if name in _SILENT else FactBuilder._begin for name in _LEAVES}
_HANDLERS |= {
    name.removeprefix("_on_"): method for name, method in vars(FactBuilder).items() if name.startswith("_on_")
}


def _lines(token: Token) -> tuple[int, int]:
    assert token.map is not None
    return token.map[0], token.map[1]


def _skip(text: str, at: int) -> int:
    if text[at : at + 1] not in _BLANKS:
        return at
    match = _INDENT.match(text, at)
    assert match is not None
    return match.end()


def _is_closed(kind: str, token: Token) -> bool:
    """Return whether a fence has its closing line, or a block that opens a comment its `-->`."""
    if kind == "html":
        return not token.content.lstrip().startswith("<!--") or "-->" in token.content
    if kind != "fence":
        return True
    content = token.content
    count = content.count("\n") + (content != "" and not content.endswith("\n"))
    first, last = _lines(token)
    return last - first == count + 2
