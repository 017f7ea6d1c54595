"""Text of a note that no fix may change, and text that any fix may change.

The one is not prose: front matter, code, formulas, HTML, targets, labels, comments and templates. What stands there is
for a machine, or means something else than it shows. The other stays running text whatever its words are.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter

from techstock.analysis.suppressions import is_comment_only
from techstock.model.corpus import compute_once
from techstock.model.facts import Block
from techstock.model.note import Note
from techstock.model.problem import Edit
from techstock.model.span import Span

_CODE_KINDS = frozenset({"fence", "code"})
_OTHER_KINDS = frozenset({"front-matter", "html"})
_URL_REST = (
    r"[^\s<>\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]+"  # as GitHub, but for Japanese marks
)
_TAG_REST = r"[^\s!-,.:-@\[-^`{-~\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]+"
_FOR_PROGRAMS = "|".join((
    r"%%(?:(?!%%).)*%%",  # a comment of Obsidian
    r"\{\{(?:(?!\{\{).)*?\}\}",
    r"\{%-?\s*(?P<tag>raw|verbatim|comment|highlight|code|math|mermaid)\b.*?\{%-?\s*end(?P=tag)\s*-?%\}",
    r"\{%(?:(?!\{%).)*?%\}",
    r"<%(?:(?!<%).)*?%>",
    r"\$\{[^{}\r\n]*\}",
    r"\{[:#.][^{}\r\n]*\}",  # attributes in Kramdown and Pandoc
    r"(?<=\))\{[^{}\r\n]*\}",
    r"\\begin\{(?P<name>[^{}\r\n]+)\}.*?\\end\{(?P=name)\}",
    r"(?<!\\)\\\((?:(?!\\\()[^\r\n])*?\\\)",  # a formula
    r"(?<!\\)\\\[(?:(?!\\\[|\n[ \t>]*\r?\n).)*?\\\]",
    r"\[\[[^\[\]\r\n]*(?:\[[^\[\]\r\n]*\][^\[\]\r\n]*)*\]\](?!\()",  # a wiki link, though not to the parser
))  # fmt: skip
_PROGRAM_MARKS = ("%%", "{", "<%", r"\(", r"\[", "[[")  # one of them opens each of these
_NAMES = "|".join((
    r"(?<=\]\()[^()\s]+(?=\))",  # a target, though not to the parser
    rf"(?<!\]\()(?:https?|ftp)://(?:[^\s<>]*\*\*[^\s<>]*|{_URL_REST})",
    r"\[\^[^\]\r\n]+\]",  # the label of a footnote
    rf"(?<![\w#&/])#{_TAG_REST}",  # a tag of Obsidian
))  # fmt: skip
# Such a beginning of a line says that it is text, whatever follows. It is no marker, fence, tag or link definition.
_TEXT = r"(?:\*\*)?(?:[a-zA-Z]|[^\x00-\x7f\s])"
_TEXT_KINDS = frozenset(("paragraph", "table"))
_RISKY = frozenset("\r\n|\\<")  # may end a line, a table cell or a tag
_BLOCK_ID = r"(?m)(?:^|(?<=[ \t]))\^\S+[ \t]*\r?$"


def touches_protected_text(note: Note, edit: Edit) -> bool:
    """Return whether an edit changes a part of text that is not prose.

    One that replaces all of it, or a target of a link, is about it. Whitespace between lines does not count.
    """
    old = edit.place.extract_from(note.text)
    if not (old + edit.text).strip(" \t\r\n"):
        at_line_start = not note.text[note.lines.find_start(edit.place.start) : edit.place.start].strip(" \t>")
        if "\n" in old + edit.text or at_line_start:
            return False
    return compute_once(note, _ProtectedText).cuts(edit.place)


def is_protected(note: Note, at: int) -> bool:
    """Return whether the character at an offset is in text that is not prose."""
    return compute_once(note, _ProtectedText).cuts(Span(at, at + 1), whole=True)


class _ProtectedText:
    """The protected spans of a note, in order, and the targets that a fix may write anew."""

    def __init__(self, note: Note) -> None:
        plain = _blank_out_code(note)
        held = _merge_spans(_iter_program_parts(plain))
        self._spans = _merge_spans((*held, *_find_spans(note, plain)))
        self._targets = {place for place in _list_targets(note) if not _is_inside(held, place)}

    def cuts(self, place: Span, *, whole: bool = False) -> bool:
        """Return whether a place has a part of a protected span; not if it has all of it, unless `whole`."""
        index = bisect_right(self._spans, place.start, key=lambda span: span.end)
        if index == len(self._spans):
            return False
        span = self._spans[index]
        overlaps = span.start < place.end if place.start < place.end else span.start < place.start
        if not overlaps or Span(place.start, place.end) in self._targets:
            return False
        return whole or not place.contains(Span(span.start, span.end))


def _iter_program_parts(plain: str) -> Iterator[Span]:
    if any(mark in plain for mark in _PROGRAM_MARKS):
        yield from (Span(*match.span()) for match in re.finditer(f"(?s){_FOR_PROGRAMS}", plain))


def _merge_spans(places: Iterable[Span]) -> list[Span]:
    """Return spans in order, those that overlap as one."""
    merged: list[Span] = []
    for place in sorted({*places}):
        if merged and place.start < merged[-1].end:
            before = merged.pop()
            merged.append(Span(before.start, max(before.end, place.end)))
        else:
            merged.append(Span(place.start, place.end))
    return merged


def _is_inside(spans: Sequence[Span], place: Span) -> bool:
    """Return whether one of these spans, in order, holds a place and more."""
    index = bisect_right(spans, place.start, key=lambda span: span.start) - 1
    return index >= 0 and place.end <= spans[index].end and spans[index] != place


def _list_code(note: Note) -> list[Span]:
    blocks = [block.place for block in note.blocks if block.kind in _CODE_KINDS]
    return blocks + [span.place for span in note.spans if span.kind == "code"]


def _find_spans(note: Note, plain: str) -> Iterator[Span]:
    """Yield the protected spans, but for those in the text without code that are for programs as a whole."""
    yield from _list_code(note)
    yield from _list_targets(note)
    directives = sorted(directive.place for directive in note.directives)  # only techstock reads them
    yield from (
        block.place for block in note.blocks if block.kind in _OTHER_KINDS and not _has_directive(block, directives)
    )
    known = set(directives)
    yield from (span.place for span in note.spans if span.kind != "code" and span.place not in known)
    yield from _find_formulas(note, note.blocks)
    yield from (Span(*match.span()) for match in re.finditer(f"(?s){_NAMES}", plain))
    yield from (Span(*match.span()) for match in re.finditer(_BLOCK_ID, plain))


def _list_targets(note: Note) -> list[Span]:
    places = [*(link.at for link in note.links), *(image.at for image in note.images)]
    return [Span(place.start, place.end) for place in places]


def _has_directive(block: Block, directives: Sequence[Span]) -> bool:
    """Return whether one of the directives, in order, is in a block."""
    index = bisect_left(directives, block.place.start, key=lambda place: place.start)
    return index < len(directives) and block.place.contains(directives[index])


def _blank_out_code(note: Note) -> str:
    """Return the text of a note with blanks for its code."""
    parts, at = [], 0
    for place in sorted(_list_code(note)):
        if place.start >= at:
            parts += [note.text[at : place.start], re.sub(r"[^\r\n]", " ", place.extract_from(note.text))]
            at = place.end
    return "".join([*parts, note.text[at:]])


_DOLLAR_SIGNS = re.compile(r"\\.|(\$+)", re.S)
_TAG = re.compile(r"<[^<>]*>")


def find_formula(note: Note, entry: Span) -> str:
    """Return the first formula in the span of an entry, on one line; empty without one."""
    blocks = [block for block in note.blocks if entry.contains(block.place)]
    if any(block.kind == "fence" and block.info.split()[:1] == ["math"] for block in blocks):
        return "math"
    first = min(_find_formulas(note, blocks), default=None)
    return " ".join(first.extract_from(note.text).split()) if first else ""


def _find_formulas(note: Note, blocks: Iterable[Block]) -> Iterator[Span]:
    """Yield the formulas in the texts of blocks.

    No white space may follow the `$` that opens a formula, and neither white space stand before the one that closes it
    nor a digit behind it: `$5` and `$5, not $6` are prices. Text between two `$$` always is a formula.
    """
    doubles: list[int] = []
    for block in blocks if "$" in note.text else ():
        if block.kind == "html" and is_comment_only(note, block):
            continue
        for place in _texts(block):
            if note.text.find("$", max(place.start - 1, 0), place.end + 1) < 0:
                continue
            text = _masked(note, place)
            dollars = [(match.start(1), match[1]) for match in _DOLLAR_SIGNS.finditer(text) if match[1]]
            yield from _find_code(note, place)
            yield from (Span(place.start + start, place.start + end) for start, end in _find_inline(text, dollars))
            doubles += [place.start + at for at, signs in dollars if len(signs) > 1]
    yield from (Span(start, end + 2) for start, end in zip(doubles[::2], doubles[1::2], strict=False))


def _texts(block: Block) -> Sequence[Span]:
    """Return the parts of a block that hold text, each of which may hold a formula."""
    if block.kind == "table":
        return block.texts
    return (block.place,) if block.kind in ("paragraph", "heading", "html") else ()


def _masked(note: Note, place: Span) -> str:
    """Return the text at a place with letters for code, tags and link targets."""
    parts, at = [], place.start
    for span in _spans(note, place, "code", "html", "target", "image"):
        if span.start >= at:
            parts += [note.text[at : span.start], "x" * (span.end - span.start)]
            at = span.end
    text = "".join([*parts, note.text[at : place.end]])
    return _TAG.sub(lambda match: "x" * len(match[0]), text)


def _spans(note: Note, place: Span, *kinds: str) -> Iterator[Span]:
    for number in range(bisect_left(note.span_starts, place.start), len(note.spans)):
        span = note.spans[number]
        if span.place.start >= place.end:
            return
        if not kinds or span.kind in kinds:
            yield span.place


def _find_code(note: Note, place: Span) -> Iterator[Span]:
    """Yield the code spans that stand between dollar signs, with these."""
    for span in _spans(note, place, "code"):
        if note.text[span.start - 1 : span.start] == "$" == note.text[span.end : span.end + 1]:
            yield Span(span.start - 1, span.end + 1)


def _find_inline(text: str, dollars: Sequence[tuple[int, str]]) -> Iterator[tuple[int, int]]:
    """Yield the ranges of the formulas between single dollar signs."""
    opening = -1
    for at, signs in dollars:
        if len(signs) > 1:
            continue
        before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
        if opening >= 0 and before.strip() and not after.isdigit():
            yield opening, at + 1
            opening = -1
        elif after.strip():
            opening = at


class StableText:
    """The lines and cells of a note that stay text whatever is changed behind their first letter."""

    def __init__(self, note: Note) -> None:
        self._source = note.text
        self._blocks = sorted((block for block in note.blocks if block.kind in _TEXT_KINDS), key=_get_start)
        self._lines: dict[int, list[tuple[int, int, int]]] = {}

    def holds(self, edit: Edit) -> bool:
        """Return whether an edit cannot change a heading, because it stands within such a line and keeps a letter."""
        if not (_RISKY.isdisjoint(edit.text) and _RISKY.isdisjoint(edit.place.extract_from(self._source))):
            return False
        lines = self._get_lines(bisect_right(self._blocks, edit.place.start, key=_get_start) - 1)
        index = bisect_right(lines, edit.place.start, key=itemgetter(0)) - 1
        if index < 0 or edit.place.end > lines[index][2]:
            return False
        return edit.place.start >= lines[index][1] or edit.text[:1].isalpha()

    def _get_lines(self, index: int) -> list[tuple[int, int, int]]:
        """Return the lines of a block that stay text: start, end of the first letter, end."""
        if index < 0:
            return []
        if index not in self._lines:
            self._lines[index] = list(self._iter_lines(self._blocks[index]))
        return self._lines[index]

    def _iter_lines(self, block: Block) -> Iterator[tuple[int, int, int]]:
        beginning, source = re.compile(_TEXT), self._source
        # In a paragraph a tag may run over several lines, and its first line tells a link definition.
        is_table = block.kind == "table"
        if not is_table and "<" in block.place.extract_from(source):
            return
        for number, text in enumerate(block.texts):
            match = beginning.match(source, text.start, text.end)
            if match and not (is_table and "<" in text.extract_from(source)):
                yield text.start, match.end(), text.end
            elif not is_table and number == 0:
                return


def _get_start(block: Block) -> int:
    return block.place.start
