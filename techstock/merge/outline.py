"""An entry with all that is nested in it, as a merge reads it."""

from collections.abc import Iterator

import msgspec

from techstock.merge.sentences import Sentence, sentences
from techstock.model import Block, Note, Place
from techstock.similarity.terms import keys
from techstock.similarity.units import parted, words

_SILENT = frozenset({"rule", "list"})


class Item(msgspec.Struct, frozen=True):
    """An entry.

    `key` and `short` are those of its term, as `similarity.units` compares them. `body` is where its definition stands
    (of an entry without a term all of its first paragraph), `sentences` are those of it. `blocks` are what else it
    holds, but for the entries nested in it, `items`.
    """

    note: Note
    entry: int
    key: str
    short: str
    body: Place
    sentences: tuple[Sentence, ...]
    blocks: tuple[Block, ...]
    items: tuple["Item", ...]

    @property
    def place(self) -> Place:
        return self.note.entries[self.entry].place

    @property
    def has_term(self) -> bool:
        return bool(self.key)


def outline(note: Note, index: int) -> Item:
    """The entry of this index."""
    entry = note.entries[index]
    start = entry.head.start + lead(note, index)
    body = Place(max(start, entry.head.start), max(entry.head.end, start))
    name, _ = parted(entry.name, words(note, entry.head))
    key, short, _ = keys(name) if name else ("", "", "")
    return Item(
        note,
        index,
        key,
        short,
        body,
        tuple(sentences(note, body)),
        tuple(_blocks(note, index)),
        tuple(outline(note, child) for child in note.children.get(index, ())),
    )


def lead(note: Note, index: int) -> int:
    """How many characters of an entry's first paragraph stand before its definition: term and colon."""
    entry = note.entries[index]
    if entry.definition is not None:
        return entry.definition.start - entry.head.start
    name, length = parted(entry.name, entry.head.of(note.text))
    return length if name and not entry.name else 0


def everything(item: Item) -> Iterator[Sentence]:
    """All sentences of an entry and of what is nested in it."""
    yield from item.sentences
    for block in item.blocks:
        yield from sentences(item.note, block.place) if block.kind == "paragraph" else ()
    for inner in item.items:
        yield from everything(inner)


def block_keys(item: Item) -> Iterator[str]:
    """What equal blocks have in common, for all blocks of an entry and of what is nested in it."""
    for block in item.blocks:
        yield block_key(item, block)
    for inner in item.items:
        yield from block_keys(inner)


def block_key(item: Item, block: Block) -> str:
    """What equal blocks have in common: their kind and text without indentation."""
    lines = block.place.of(item.note.text).split("\n")
    return "\n".join([block.kind, *(line.strip() for line in lines)])


def _blocks(note: Note, index: int) -> Iterator[Block]:
    entry = note.entries[index]
    for at in note.blocks_inside.get(index, ()):
        block = note.blocks[at]
        if block.kind not in _SILENT and not (entry.head.start <= block.place.start < max(entry.head.end, 1)):
            yield block
