"""Tree of an entry and the entries nested in it, as compared by a merge."""

import re
from collections.abc import Iterator

import msgspec

from techstock.analysis.entries import select_facts_starting_in
from techstock.duplicates.entries import extract_visible_text, split_term
from techstock.duplicates.term_keys import has_abbreviation, make_term_keys
from techstock.links.file_index import get_file_index
from techstock.links.resolver import resolve_link
from techstock.merge.sentence_containment import EMPTY_WORDS, tokenize_sentence
from techstock.merge.sentence_split import Sentence, find_marks, split_sentences
from techstock.model import Block, Corpus, Image, Link, Note, Span

_IGNORED_KINDS = frozenset({"rule", "list"})


class EntryTree(msgspec.Struct, frozen=True):
    """An entry with its sentences, blocks and nested entries.

    `key`, `short`, `other` and `expands` are those of its term, as in `ComparedEntry`. `body` is the span of its
    definition (of its whole first paragraph if it has no term), `sentences` are the sentences in it. `blocks` are its
    other blocks, `items` its nested entries.
    """

    corpus: Corpus
    note: Note
    entry: int
    key: str
    short: str
    other: str
    expands: bool
    body: Span
    sentences: tuple[Sentence, ...]
    blocks: tuple[Block, ...]
    items: tuple["EntryTree", ...]

    @property
    def place(self) -> Span:
        return self.note.entries[self.entry].place

    @property
    def has_term(self) -> bool:
        return bool(self.key)


def build_entry_tree(corpus: Corpus, note: Note, index: int) -> EntryTree:
    """Return the tree of the entry with this index; `note` has the path of one in the corpus."""
    entry = note.entries[index]
    start = entry.head.start + find_definition_offset(note, index)
    body = Span(max(start, entry.head.start), max(entry.head.end, start))
    name, _ = split_term(entry.name, extract_visible_text(note, entry.head))
    key, short, other = make_term_keys(name) if name else ("", "", "")
    return EntryTree(
        corpus,
        note,
        index,
        key,
        short,
        other,
        bool(short) and has_abbreviation(name),
        body,
        tuple(split_sentences(corpus, note, body)),
        tuple(_find_own_blocks(note, index)),
        tuple(build_entry_tree(corpus, note, child) for child in note.children.get(index, ())),
    )


def find_definition_offset(note: Note, index: int) -> int:
    """Return the offset of the definition in the first paragraph of an entry: the length of its term and colon."""
    entry = note.entries[index]
    if entry.definition is not None:
        return entry.definition.start - entry.head.start
    name, length = split_term(entry.name, entry.head.extract_from(note.text))
    return length if name and not entry.name else 0


def walk_sentences(item: EntryTree) -> Iterator[Sentence]:
    """Yield all sentences of an entry and of everything nested in it."""
    yield from item.sentences
    for block in item.blocks:
        yield from split_sentences(item.corpus, item.note, block.place) if block.kind == "paragraph" else ()
    for inner in item.items:
        yield from walk_sentences(inner)


def walk_entries(item: EntryTree) -> Iterator[EntryTree]:
    """Yield an entry and all entries nested in it."""
    yield item
    for inner in item.items:
        yield from walk_entries(inner)


def walk_block_keys(item: EntryTree) -> Iterator[str]:
    """Yield the keys of all blocks of an entry and of everything nested in it."""
    for block in item.blocks:
        yield make_block_key(item, block)
    for inner in item.items:
        yield from walk_block_keys(inner)


def make_block_key(item: EntryTree, block: Block) -> str:
    """Return a key that is equal for equal blocks: their kind and their text without indentation."""
    lines = block.place.extract_from(item.note.text).split("\n")
    return "\n".join([block.kind, *(line.strip() for line in lines)])


def _find_own_blocks(note: Note, index: int) -> Iterator[Block]:
    entry = note.entries[index]
    for at in note.blocks_inside.get(index, ()):
        block = note.blocks[at]
        if block.kind not in _IGNORED_KINDS and not (entry.head.start <= block.place.start < max(entry.head.end, 1)):
            yield block


_COMMENT = re.compile(r"<!--(?!\s*techstock:)(.*?)-->", re.S)
_TITLE = re.compile(r"""(?:[ \t\n]|\b(?:title|alt|aria-label)\s*=\s*)(["'])(.+?)\1(?=[)\s/>])""", re.I | re.S)
_CODE_KINDS = frozenset({"fence", "code"})


def collect_content(item: EntryTree) -> dict[str, str]:
    """Return everything that an entry and what is nested in it says, each with the form in which messages name it."""
    found: dict[str, str] = {}
    for one in walk_entries(item):
        for place in (one.note.entries[one.entry].head, *(block.place for block in one.blocks)):
            found.update(iter_content(one.corpus, one.note, place))
        for block in one.blocks:
            if block.kind in _CODE_KINDS:
                found.update((f"code {line}", line) for line in _list_code_lines(one.note, block))
    return found


def iter_content(corpus: Corpus, note: Note, place: Span) -> Iterator[tuple[str, str]]:
    """Yield everything that a text says, each with the form in which messages name it; `note` may have another text."""
    index = get_file_index(corpus)
    text = extract_visible_text(note, place)
    source = place.extract_from(note.text)
    images = select_facts_starting_in(note.images, place)
    comments = [match[1] for match in _COMMENT.finditer(source)]
    titles = [match[2] for span in _iter_markup(note, place) for match in _TITLE.finditer(span)]
    for words in (text, *comments, *titles, *(image.alt for image in images)):
        yield from ((f"word {word}", word) for word in tokenize_sentence(words) if word not in EMPTY_WORDS)
    yield from ((f"mark {mark}", mark) for mark in find_marks(note, place))
    facts: tuple[Image | Link, ...] = (*select_facts_starting_in(note.links, place), *images)
    for link in facts:
        there = resolve_link(index, note, link)
        yield f"link {there.kind} {there.path} {there.fragment}", f"{there.path}#{there.fragment}".rstrip("#")


def _iter_markup(note: Note, place: Span) -> Iterator[str]:
    """Yield the source of links, images and tags."""
    for span in select_facts_starting_in(note.spans, place):
        if span.kind != "code":
            yield span.place.extract_from(note.text)


def _list_code_lines(note: Note, block: Block) -> list[str]:
    return [line.strip() for line in re.split(r"\r\n?|\n", block.place.extract_from(note.text)) if line.strip()]
