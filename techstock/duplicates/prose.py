"""Definitions in prose: a heading that is a term with the paragraphs below it, and paragraphs of substance.

They are entries in the same form as list items, behind those of the note: `get_compared_entry` returns either by index.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache

from techstock.duplicates.entry_kinds import (
    ANSWER,
    DEFINITION,
    FRAME,
    JOURNAL,
    QUESTION,
    QUOTE,
    SOURCE,
    STEP,
    Outline,
    get_outline,
    is_citation,
)
from techstock.duplicates.normalize import compute_weight, normalize_text
from techstock.duplicates.term_keys import is_label, normalize_term
from techstock.model import Block, Entry, Heading, Note, Span
from techstock.text.lazy_patterns import compile_lazily

HEADED, PARAGRAPH = "headed", "paragraph"

_LEAST_TERMS = 3  # headings of one level; fewer do not tell what headings are in a note
_TERM = 32  # weight of a title; what says more is a sentence, or the subject of an essay
_LEAST_PARAGRAPH = 40  # characters; what is shorter says too little by itself
_MOST = 0.6  # of the headings of a level
_MOST_IN_NOTE_OF_ONE = 3  # paragraphs of a note that is about one term
_NOT_A_TERM = compile_lazily(r"[。．！？!?:：;；…]|[.、,]\s*$|^\W*[0-9]|\bvs\b|^\s*(?:how|why|what|when)\b", re.I)
_MARKUP = compile_lazily(r"[*_]{2,}|(?<!\w)[*_]|[*_](?!\w)")
_LINK = compile_lazily(r"\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])|\[\[(?:[^\]|]*\|)?([^\]]*)\]\]")
_LICENCE = compile_lazily(
    r"copyright|©|\(c\) *(?:19|20)[0-9]{2}|all rights reserved|creative commons|\bCC[ -]?(?:BY|0)"
    r"|licen[cs]ed? (?:under|to)|permission is hereby|without warranty|apache license|mit license|著作権|無断転載"
    r"|無断複製|転載を禁"
    r"|ライセンスの(?:下|もと)|RFC ?-?(?:2119|8174)|版权|转载|저작권",
    re.I,
)
# One of these is in each text, casefolded, that matches: the search for so many forms is slow.
_LICENCE_WORDS = (
    "copyright", "©", "(c)", "all rights", "commons", "cc0", "cc 0", "cc-0", "ccby", "cc by", "cc-by", "licen", "2119",
    "8174", "permission is", "warranty", "著作権", "無断", "転載", "ライセンスの", "版权", "转载", "저작권",
)  # fmt: skip
_ASCII_LICENCE_WORDS = tuple(word for word in _LICENCE_WORDS if word.isascii())
_QUESTION = compile_lazily(r"[?？][\s)）」』\"*_]*$")
_QUOTED = compile_lazily(r"\s*(?:[*_]*[\"“«]|「|『|>)")
_QUOTE_END = compile_lazily(r"(?:[\"”»]|」|』)[*_\s.]*(?:[-–—―(（].{0,80})?$")
_SENTENCE_END = compile_lazily(r"[。．！？]|[.!?]\s")
_FIELD = compile_lazily(r"\W*\w[\w ]{0,20}\W{0,3}[:：]\W*\S{0,60}$|\W*\w[\w ]{0,20}[:：]")
_ASKED = compile_lazily(
    r"what (?:is|are) (?:an? |the )?(.+?) ?\??|(.+?)[ \u3000]*とは(?:何か|なにか|何|なに)?[ \u3000]*[?？]?", re.I
)
_LEGAL = compile_lazily(r"disclaimer|licen[cs]e|copyright|legal|privacy|免責|著作権|ライセンス|版权|声明", re.I)
# What tells the reader to do something is a step, and recurs with each procedure.
_INSTRUCTION = compile_lazily(
    r"\W*(?:you are an? |act as "
    r"|(?:important )?notes?\W|before you|follow |click |go to |open |run |type |enter "
    r"|select |press |copy |paste |make sure|ensure |navigate |install |download "
    r"|if not (?:already|open)|answer |complete )"
    r"|.{0,60}\byou (?:are required|are asked|have already|will (?:need|learn|be))\b"
    r"|.{0,20}\bin this (?:lab|exercise|tutorial|lesson|section|chapter|module|course|article|note|post|video)\b"
    r"|あなたは.{1,30}(?:です|として)|(?:この|本|今回の)(?:ラボ|演習|ハンズオン|章|節|記事|講義|ページ|ノート|資料)(?:では|は)"
    r"|以下の.{0,40}(?:手順|してください|答えよ|選べ|選択)",
    re.I | re.S,
)
_REQUEST = compile_lazily(r"(?:ください|下さい|ましょう|せよ|なさい)[。.!！\s]*$")


def get_compared_entry(note: Note, index: int) -> Entry:
    """Return the entry with this index: one of a list, or one in prose, whose indexes follow."""
    entries = note.entries
    return entries[index] if index < len(entries) else get_prose_entries(note)[index - len(entries)]


def list_compared_entries(note: Note) -> list[Entry]:
    """Return all entries of a note by their indexes."""
    return [*note.entries, *get_prose_entries(note)]


def get_prose_entries(note: Note) -> Sequence[Entry]:
    """Return the entries in prose of a note, in order, computed once and kept between runs.

    The term of one is its heading; a paragraph has none. `place` and `head` are the same: heading and paragraphs.
    """
    found: tuple[Entry, ...] | None = note.memo.get("prose")
    if found is None:
        found = note.memo["prose"] = note.get_or_compute("prose", find_prose_entries)
    return found


def find_prose_entries(note: Note) -> tuple[Entry, ...]:
    """Find the entries in prose of a note."""
    return tuple(_find_prose_entries(note)) if note.blocks else ()


def get_position(note: Note, index: int) -> int:
    """Return the position of an entry among all of a note, those of lists and those in prose, from 0."""
    prose = get_prose_entries(note)
    if not prose:
        return index
    if index < len(note.entries):
        return index + bisect_left(prose, note.entries[index].place.start, key=_get_start)
    at = index - len(note.entries)
    return at + bisect_left(note.entries, prose[at].place.start, key=_get_start)


def _get_start(entry: Entry) -> int:
    return entry.place.start


def _find_prose_entries(note: Note) -> Iterator[Entry]:
    outline = get_outline(note)
    headings = {heading.block: heading for heading in note.outer_headings}
    terms = _find_term_headings(note, outline)
    term: Heading | None = None
    below: list[Block] = []
    for index, block in enumerate(note.blocks):
        if block.kind == "html" and _is_comment(note, block):
            continue
        if block.kind == "paragraph" and block.entry < 0 and not block.quotes:
            if term:
                below += [block] if _says_something(note, block) else []
            elif block.place.end - block.place.start >= _LEAST_PARAGRAPH:
                yield _make_paragraph_entry(block, index)
            continue
        if term and below:
            yield _make_headed_entry(outline, term, below)
        term, below = (headings[index] if index in terms else None), []
    if term and below:
        yield _make_headed_entry(outline, term, below)


def _is_comment(note: Note, block: Block) -> bool:
    return block.kind == "html" and note.text.startswith("<!--", block.place.start)


def _make_headed_entry(outline: Outline, term: Heading, below: Sequence[Block]) -> Entry:
    place = Span(term.place.start, below[-1].place.end)
    return Entry(
        place,
        Span(term.place.start, term.text.start),
        place,
        1,
        -1,
        outline.around(term.place.start).block,
        HEADED,
        term=term.text,
        definition=Span(below[0].place.start, place.end),
        name=strip_title_markup(term.title),
    )


def _make_paragraph_entry(block: Block, index: int) -> Entry:
    return Entry(block.place, Span(block.place.start, block.place.start), block.place, 1, -1, index, PARAGRAPH)


def strip_title_markup(title: str) -> str:
    """Return the term of a title as a reader sees it, but for code: `What is a **drain**?` asks for `drain`."""
    text = _LINK.sub(r"\1\2", title) if "[" in title else title
    text = _MARKUP.sub("", text).strip() if "*" in text or "_" in text else text
    asked = _ASKED.fullmatch(text)
    return (asked[1] or asked[2]) if asked else text.rstrip(":： ")


def _find_term_headings(note: Note, outline: Outline) -> set[int]:
    """Return the headings of a note that are terms, by their blocks: most of one level look like terms.

    So does the only one of a short note.
    """
    levels: dict[int, list[Heading]] = {}
    for heading in note.outer_headings:
        levels.setdefault(heading.level, []).append(heading)
    found: set[int] = set()
    for some in levels.values():
        terms = [heading for heading in some if _is_term(note, outline, heading)]
        different = len({heading.title for heading in terms})
        are_terms = different >= _LEAST_TERMS and len(terms) >= _MOST * len(some)
        if are_terms or (len(note.outer_headings) == 1 and _is_about_one_term(note)):
            found.update(heading.block for heading in terms)
    return found


def _is_about_one_term(note: Note) -> bool:
    return sum(block.kind == "paragraph" for block in note.blocks) <= _MOST_IN_NOTE_OF_ONE


def _is_term(note: Note, outline: Outline, heading: Heading) -> bool:
    """Return whether a heading is a noun phrase by its form, names no part of a text, and paragraphs follow it."""
    if heading.numeral is not None or not _begins_paragraph(note, heading.block + 1) or not _names_term(heading.title):
        return False
    around = outline.above(heading.place.start)
    return not (around.is_journal or around.is_sources or around.is_exercise)


@lru_cache(maxsize=4096)  # titles recur
def _names_term(title: str) -> bool:
    name = strip_title_markup(title)
    if _NOT_A_TERM.search(name) or _LEGAL.search(name) or is_label(normalize_term(name)):
        return False
    return 0 < compute_weight(normalize_text(name)) <= _TERM


def _begins_paragraph(note: Note, index: int) -> bool:
    while index < len(note.blocks) and _is_comment(note, note.blocks[index]):
        index += 1
    return index < len(note.blocks) and note.blocks[index].kind == "paragraph" and note.blocks[index].entry < 0


def _says_something(note: Note, block: Block) -> bool:
    """Return whether a paragraph below a term may define it: it is no list of links, and does more than lead in."""
    if note.text[block.place.end - 1] in ":：" and not _SENTENCE_END.search(block.place.extract_from(note.text)):
        return False
    return not _is_mostly_markup(note, block.place)


def classify_prose(note: Note, entry: Entry) -> str:
    """Return the kind of an entry in prose by its own form."""
    if entry.opens == HEADED:
        return DEFINITION
    around = get_outline(note).above(entry.place.start)
    if around.is_journal or around.is_exercise:
        return JOURNAL if around.is_journal else ANSWER
    text = entry.place.extract_from(note.text)
    if around.is_sources or is_citation(text) or _is_mostly_markup(note, entry.place):
        return SOURCE
    return _classify_form(text)


def _classify_form(text: str) -> str:
    """Return the kind of a paragraph that its text alone tells."""
    if ("?" in text or "？" in text) and _QUESTION.search(text):
        return QUESTION
    if _QUOTED.match(text) and _QUOTE_END.search(text):
        return QUOTE
    if _INSTRUCTION.match(text) or (not text.isascii() and _REQUEST.search(text)):
        return STEP
    is_frame = text.rstrip().endswith((":", "：")) or _names_licence(text) or _is_list_of_fields(text)
    return FRAME if is_frame else DEFINITION


def _names_licence(text: str) -> bool:
    """Return whether a text tells who holds the rights to something, or what others may do with it."""
    folded = text.casefold()
    words = _ASCII_LICENCE_WORDS if folded.isascii() else _LICENCE_WORDS
    return any(map(folded.__contains__, words)) and _LICENCE.search(text) is not None


def _is_list_of_fields(text: str) -> bool:
    """Return whether most lines of a paragraph give a value to a name, as in a header."""
    lines = text.split("\n")
    return len(lines) > 1 and 2 * sum(_FIELD.match(line) is not None for line in lines) > len(lines)


def _is_mostly_markup(note: Note, place: Span) -> bool:
    """Return whether links, images, code and addresses are half of a paragraph."""
    first, last = bisect_left(note.link_starts, place.start), bisect_left(note.link_starts, place.end)
    links = [link.place for link in note.links[first:last]]
    first, last = bisect_left(note.span_starts, place.start), bisect_left(note.span_starts, place.end)
    if not links and first == last:
        return False
    if not links and "`" not in (text := place.extract_from(note.text)) and "://" not in text and "<" not in text:
        return False
    holes = [span.place for span in note.spans[first:last] if span.kind != "html"]
    covered = at = 0
    for hole in sorted([*links, *holes]) if links else holes:
        start, end = (at if at > hole.start else hole.start), (hole.end if hole.end < place.end else place.end)
        if end > start:
            covered += end - start
        at = max(at, hole.end)
    return 2 * covered > place.end - place.start
