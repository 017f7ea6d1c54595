"""Entries that are still open while a note is parsed."""

from techstock.model import Entry, Span


class OpenEntry:
    """An entry whose end has not been reached."""

    __slots__ = (
        "colon",
        "definition",
        "depth",
        "end",
        "head",
        "index",
        "list",
        "marker",
        "name",
        "opens",
        "ordered",
        "parent",
        "term",
    )

    def __init__(self, index: int, marker: Span, depth: int, parent: int, block: int, ordered: bool) -> None:
        self.index, self.marker, self.depth, self.parent = index, marker, depth, parent
        self.list, self.ordered = block, ordered
        self.end, self.opens, self.name = marker.end, "", ""
        self.head: Span | None = None
        self.term: Span | None = None
        self.colon: Span | None = None
        self.definition: Span | None = None

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
