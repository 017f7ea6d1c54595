"""What an entry says, as a set: its words, numbers, names, links, images, code and signs. None of it may be lost."""

import re
from collections.abc import Iterator

from techstock.analysis.entries import select_facts_starting_in
from techstock.duplicates.entries import extract_visible_text
from techstock.links.file_index import get_file_index
from techstock.links.resolver import resolve_link
from techstock.merge.entry_tree import EntryTree, walk_entries
from techstock.merge.marks import find_marks
from techstock.merge.sentence_containment import EMPTY_WORDS, tokenize_sentence
from techstock.model import Block, Image, Link, Note, Span

_COMMENT = re.compile(r"<!--(?!\s*techstock:)(.*?)-->", re.S)
_CODE_KINDS = frozenset({"fence", "code"})


def collect_content(item: EntryTree) -> dict[str, str]:
    """Return everything that an entry and what is nested in it says, each with the form in which messages name it."""
    found: dict[str, str] = {}
    for one in walk_entries(item):
        for place in (one.note.entries[one.entry].head, *(block.place for block in one.blocks)):
            found.update(_iter_content(one, place))
        for block in one.blocks:
            if block.kind in _CODE_KINDS:
                found.update((f"code {line}", line) for line in _list_code_lines(one.note, block))
    return found


def _iter_content(item: EntryTree, place: Span) -> Iterator[tuple[str, str]]:
    note, index = item.note, get_file_index(item.corpus)
    text = extract_visible_text(note, place)
    source = place.extract_from(note.text)
    images = select_facts_starting_in(note.images, place)
    comments = [match[1] for match in _COMMENT.finditer(source)]
    for words in (text, *comments, *(image.alt for image in images)):
        yield from ((f"word {word}", word) for word in tokenize_sentence(words) if word not in EMPTY_WORDS)
    yield from ((f"mark {mark}", mark) for mark in find_marks(note, place))
    facts: tuple[Image | Link, ...] = (*select_facts_starting_in(note.links, place), *images)
    for link in facts:
        there = resolve_link(index, note, link)
        yield f"link {there.kind} {there.path} {there.fragment}", f"{there.path}#{there.fragment}".rstrip("#")


def _list_code_lines(note: Note, block: Block) -> list[str]:
    return [line.strip() for line in re.split(r"\r\n?|\n", block.place.extract_from(note.text)) if line.strip()]
