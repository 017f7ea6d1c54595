"""Questions about one entry of a note: whether it holds only images or links, and whether its term is defined.

The functions take a note and the index of an entry.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import TypeVar

from techstock.model.corpus import compute_once
from techstock.model.facts import Block, Entry, Footnote, Image, InlineMarkup, Link, UnmatchedDelimiter
from techstock.model.note import Note
from techstock.model.span import Span
from techstock.model.web import is_remote

# Patterns are compiled at their first use: most runs need none of them.
_INVISIBLE_MARKUP = r"(?s)(?>\s|<!--.*?-->|</?[A-Za-z]+ ?/?>)*+"  # renders as no text
_TAG = r"(?s)<!--.*?(?:-->|\Z)|<[^<>]*>|!\[[^\[\]\n]*\]\([^()\s]*\)"  # also an image that HTML swallowed
URL_REST = r"[^\s<>\u3000、。]+"  # what follows `://`: Japanese goes on behind a URL without a space
_URL = rf"https?://{URL_REST}"
_ARROWS = frozenset("→⇒")
_LINK_SEPARATORS = " \t\r\n\u3000,、・/|→⇒"  # what may stand between links, and before them
# The first characters of a link, a tag, an image or a URL, and what may stand before them.
_LINK_BEGINNINGS = frozenset(f"[<!h{_LINK_SEPARATORS}")
_MAX_LEAD = 60  # characters before an arrow; what is longer says something
_Fact = TypeVar("_Fact", bound=Block | Footnote | Entry | Image | Link | InlineMarkup | UnmatchedDelimiter)
_MARKERS = "-*+・－＊＋•"
_MAX_BESIDE = 8  # entries that may be a definition; more are a list of their own
_CODE_OR_TABLE = frozenset({"fence", "code", "table"})


def is_image_only(note: Note, index: int) -> bool:
    """Return whether an entry holds images, linked or not, and no text; its nested entries included."""
    return _is_image_only_span(note, note.entries[index].place)


def is_link_only(note: Note, index: int) -> bool:
    """Return whether an entry holds links, wiki links or bare URLs, and no other text; its nested entries included."""
    place, head = note.entries[index].place, note.entries[index].head
    if head.start < head.end and note.text[head.start] not in _LINK_BEGINNINGS:
        return False  # a word, as in most entries
    links = [link.place for link in _find_links(note, place)]
    if not links and note.text.find("http", place.start, place.end) < 0:
        return False
    if _begins_with_text(note, note.entries[index].head, links):
        return False
    rest = _strip_markup(note, place, links)
    alone = re.sub(_URL, "", rest)
    return (bool(links) or alone != rest) and not alone.strip(_LINK_SEPARATORS)


def _begins_with_text(note: Note, head: Span, links: Sequence[Span]) -> bool:
    """Return whether the first character of an entry is in no link, URL, image or tag, and parts no links."""
    if head.start == head.end or (links and links[0].start <= head.start):
        return False
    return note.text[head.start] not in f"<!{_LINK_SEPARATORS}" and not note.text.startswith("http", head.start)


def is_pointer(note: Note, index: int) -> bool:
    """Return whether an entry only links to a definition: `- term: → [note](note.md#heading)`, nothing nested."""
    entry = note.entries[index]
    if entry.place.end > entry.head.end:
        return False
    links = [link for link in _find_links(note, entry.head) if not is_remote(link.target)]
    if not links:
        return False
    lead = note.text[entry.head.start : links[0].place.start].rstrip(" \t\u3000")
    if lead[-1:] not in _ARROWS:
        return False
    rest = _strip_markup(note, Span(links[0].place.start, entry.head.end), [link.place for link in links])
    if rest.strip(_LINK_SEPARATORS):
        return False
    if entry.definition is not None:
        return entry.definition.start == entry.head.start + len(lead) - 1
    return len(lead) <= _MAX_LEAD and not any(c in lead for c in "。:：")


def find_entries_without_definition(note: Note) -> tuple[tuple[int, tuple[int, ...]], ...]:
    """Return the index of each term entry without a definition, and the indexes of entries beside it that may be one.

    A definition is text after the colon or anything inside the entry. An image, a table or code that follows at the
    same or a lower indent counts as one, as does a deeper heading that follows. Entries without a colon that follow in
    the same unordered list are a definition in the wrong place; where there are none, the definition is missing.
    """
    return compute_once(note, _list_entries_without_definition)


def _list_entries_without_definition(note: Note) -> tuple[tuple[int, tuple[int, ...]], ...]:
    return tuple(_iter_entries_without_definition(note))


def _iter_entries_without_definition(note: Note) -> Iterator[tuple[int, tuple[int, ...]]]:
    for index, entry in enumerate(note.entries):
        if entry.term is None or _is_defined(note, index, entry):
            continue
        siblings = note.siblings[entry.list]
        at = bisect_right(siblings, index)
        if at == len(siblings):
            if not _has_definition_below(note, entry):
                yield index, ()
        elif not _is_image_table_or_code(note, siblings[at]):
            beside = () if entry.ordered else tuple(_iter_text_entries(note, siblings, at, is_bold(note, entry)))
            if len(beside) <= _MAX_BESIDE:
                yield index, beside


def is_in_code(note: Note, at: int) -> bool:
    """Return whether an offset is in a code span, or in a block of code."""
    index = bisect_right(note.span_starts, at) - 1
    if index >= 0 and note.spans[index].kind == "code" and at < note.spans[index].place.end:
        return True
    number = bisect_right(note.blocks, at, key=_get_start) - 1  # no other block begins in one of code
    block = note.blocks[number] if number >= 0 else None
    return block is not None and block.kind in ("fence", "code") and at < block.place.end


def is_shown_in_code(note: Note, place: Span) -> bool:
    """Return whether a block of code of the note shows the same source: it is an example of the syntax."""
    source = place.extract_from(note.text)
    blocks = (block.place for block in note.blocks if block.kind in ("fence", "code"))
    return bool(source) and any(note.text.find(source, block.start, block.end) >= 0 for block in blocks)


def select_facts_starting_in(facts: Sequence[_Fact], place: Span) -> Sequence[_Fact]:
    """Return the facts that begin in `place`; `facts` must be in the order of their spans."""
    first = last = bisect_left(facts, place.start, key=_get_start) if facts else 0
    while last < len(facts) and facts[last].place.start < place.end:
        last += 1
    return facts[first:last]


def _is_defined(note: Note, index: int, entry: Entry) -> bool:
    if entry.definition is not None and not _is_invisible(note, entry.definition):
        return True
    blocks = [note.blocks[block] for block in note.blocks_inside.get(index, ())]
    return any(block.place.start > entry.head.start and not _is_invisible(note, block.place) for block in blocks)


def _is_invisible(note: Note, place: Span) -> bool:
    text = place.extract_from(note.text)
    return not text or (text[0] == "<" and re.fullmatch(_INVISIBLE_MARKUP, text) is not None)


def has_lazy_line(note: Note, entry: Entry) -> bool:
    """Return whether a line of an entry's text is not indented: Markdown adds it, but its writer ended the list.

    A line that begins with a marker is meant to be an entry of the list, though it is none.
    """
    if "\n" not in (text := entry.head.extract_from(note.text)):
        return False
    indent = entry.marker.start - note.lines.find_start(entry.marker.start)
    lines = [line for line in text.split("\n")[1:] if line.strip() and line.lstrip()[0] not in _MARKERS]
    return any(len(line) - len(line.lstrip()) <= indent for line in lines)


def is_bold(note: Note, entry: Entry) -> bool:
    """Return whether all of an entry's text is bold, but for a colon behind it."""
    text = entry.head.extract_from(note.text).rstrip(":： \t\u3000")
    return len(text) > 4 and text[:2] in ("**", "__") and text[-2:] == text[:2]


def _iter_text_entries(note: Note, siblings: tuple[int, ...], at: int, bold: bool) -> Iterator[int]:
    """The entries from `siblings[at]` on that are text, up to a term, an image, code or nothing at all.

    Beside a `bold` term, what is all bold has the form of a term.
    """
    while at < len(siblings):
        entry = note.entries[siblings[at]]
        if (
            entry.term
            or entry.opens not in ("paragraph", "list", "quote")
            or _is_image_table_or_code(note, siblings[at])
        ):
            return
        if bold and is_bold(note, entry):
            return
        yield siblings[at]
        at += 1


def _is_image_table_or_code(note: Note, index: int) -> bool:
    """Return whether an entry begins with an image, a table or code."""
    entry = note.entries[index]
    if entry.opens in _CODE_OR_TABLE:
        return True
    inside = note.blocks_inside.get(index, ())
    return bool(inside) and _is_image_only_span(note, note.blocks[inside[0]].place)


def _has_definition_below(note: Note, entry: Entry) -> bool:
    """Return whether the block after an entry, the last of its list, counts as its definition."""
    around = entry.parent
    outer = {-1, around}
    while around >= 0:
        around = note.entries[around].parent
        outer.add(around)
    first = bisect_left(note.blocks, entry.place.end, key=_get_start)
    for index in range(first, len(note.blocks)):
        block = note.blocks[index]
        if block.kind == "html" and _is_invisible(note, block.place):
            continue
        if block.kind == "list":
            return block.entry == entry.parent and not _is_list_continued(note, entry, index)
        if block.kind == "heading":
            return _is_deeper_heading(note, block)
        return block.entry in outer and block.kind != "rule"
    return False


def _is_deeper_heading(note: Note, block: Block) -> bool:
    """Return whether a heading is below the one before it, so that what it opens may be a definition."""
    at = bisect_left([heading.place.start for heading in note.headings], block.place.start)
    if not 0 < at < len(note.headings) or note.headings[at].entry >= 0:
        return False
    return note.headings[at].level > note.headings[at - 1].level


def _is_list_continued(note: Note, entry: Entry, block: int) -> bool:
    """Return whether the list that follows continues with terms of the same kind, under another marker."""
    first = note.entries[note.siblings[block][0]]
    return first.term is not None and first.ordered == entry.ordered


def _is_image_only_span(note: Note, place: Span) -> bool:
    images = [image.place for image in _select_within(note.images, place)]
    if not images:
        return False
    around = [link.place for link in _select_within(note.links, place) if _is_image_only_span(note, link.text)]
    return not _strip_markup(note, place, images + around).strip()


def _strip_markup(note: Note, place: Span, holes: list[Span]) -> str:
    """Return the text at `place` without `holes`, tags, comments and the markers of entries."""
    holes = sorted([*holes, *(entry.marker for entry in _select_within(note.entries, place))])
    kept, at = [], place.start
    for hole in holes:
        kept.append(note.text[at : hole.start])
        at = max(at, hole.end)
    kept.append(note.text[at : place.end])
    rest = "".join(kept)
    return re.sub(_TAG, "", rest) if "<" in rest or "![" in rest else rest


def _find_links(note: Note, place: Span) -> Sequence[Link]:
    """Return the links of Markdown that lie in `place`; fast where there are none, which is the usual case."""
    first = bisect_left(note.link_starts, place.start)
    if first == len(note.link_starts) or note.link_starts[first] >= place.end:
        return ()
    return [link for link in _select_within(note.links, place) if link.kind not in ("bare", "html")]


def _select_within(facts: Sequence[_Fact], place: Span) -> Iterator[_Fact]:
    """Yield the facts that lie in `place`; `facts` must be in the order of their spans."""
    return (fact for fact in select_facts_starting_in(facts, place) if fact.place.end <= place.end)


def _get_start(fact: Block | Entry | Footnote | Image | Link | InlineMarkup | UnmatchedDelimiter) -> int:
    return fact.place.start


def compute_column(note: Note, offset: int) -> int:
    """Return the column of `offset` in its line, as Markdown counts: from 0, with a tab stop every four."""
    return len(note.text[note.lines.find_start(offset) : offset].expandtabs(4))


def compute_content_column(note: Note, entry: int) -> int:
    """Return the column at which the content of an entry begins; 0 for no entry (-1)."""
    if entry < 0:
        return 0
    marker, head = note.entries[entry].marker, note.entries[entry].head
    end = compute_column(note, marker.end)
    gap = compute_column(note, head.start) - end
    return end + gap if 1 <= gap <= 4 else end + 1
