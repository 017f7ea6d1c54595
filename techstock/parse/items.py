"""Entries that are still open while a note is parsed."""

from techstock.model import Entry, Place


class Item:
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

    def __init__(self, index: int, marker: Place, depth: int, parent: int, block: int, ordered: bool) -> None:
        self.index, self.marker, self.depth, self.parent = index, marker, depth, parent
        self.list, self.ordered = block, ordered
        self.end, self.opens, self.name = marker.end, "", ""
        self.head: Place | None = None
        self.term: Place | None = None
        self.colon: Place | None = None
        self.definition: Place | None = None

    def entry(self) -> Entry:
        head = self.head or Place(self.marker.end, self.marker.end)
        return Entry(
            Place(self.marker.start, self.end),
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
