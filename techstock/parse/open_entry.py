"""Entries that are still open while a note is parsed."""

import msgspec

from techstock.model import Entry, Span


class OpenEntry(msgspec.Struct):
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
