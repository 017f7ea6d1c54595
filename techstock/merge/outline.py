"""Tree of an entry and the entries nested in it, as compared by a merge."""

from collections.abc import Iterator

import msgspec

from techstock.merge.sentences import Sentence, sentences
from techstock.model import Block, Note, Place
from techstock.similarity.terms import keys
from techstock.similarity.units import parted, words

_SILENT = frozenset({"rule", "list"})


class Item(msgspec.Struct, frozen=True):
    """An entry with its sentences, blocks and nested entries.

    `key` and `short` are the keys of its term, as in `ComparedEntry`. `body` is the span of its definition (of its
    whole first paragraph if it has no term), `sentences` are the sentences in it. `blocks` are its other blocks,
    `items` its nested entries.
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
    """Return the tree of the entry with this index."""
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
    """Return the offset of the definition in the first paragraph of an entry: the length of its term and colon."""
    entry = note.entries[index]
    if entry.definition is not None:
        return entry.definition.start - entry.head.start
    name, length = parted(entry.name, entry.head.of(note.text))
    return length if name and not entry.name else 0


def everything(item: Item) -> Iterator[Sentence]:
    """Yield all sentences of an entry and of everything nested in it."""
    yield from item.sentences
    for block in item.blocks:
        yield from sentences(item.note, block.place) if block.kind == "paragraph" else ()
    for inner in item.items:
        yield from everything(inner)


def block_keys(item: Item) -> Iterator[str]:
    """Yield the keys of all blocks of an entry and of everything nested in it."""
    for block in item.blocks:
        yield block_key(item, block)
    for inner in item.items:
        yield from block_keys(inner)


def block_key(item: Item, block: Block) -> str:
    """Return a key that is equal for equal blocks: their kind and their text without indentation."""
    lines = block.place.of(item.note.text).split("\n")
    return "\n".join([block.kind, *(line.strip() for line in lines)])


def _blocks(note: Note, index: int) -> Iterator[Block]:
    entry = note.entries[index]
    for at in note.blocks_inside.get(index, ()):
        block = note.blocks[at]
        if block.kind not in _SILENT and not (entry.head.start <= block.place.start < max(entry.head.end, 1)):
            yield block
