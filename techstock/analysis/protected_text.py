"""Text of a note that is not prose: front matter, code, formulas, HTML, targets, labels, comments and templates.

What stands there is for a machine, or means something else than it shows, so that no fix of words may change it.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from techstock.analysis.suppressions import is_comment_only
from techstock.model.corpus import compute_once
from techstock.model.facts import Block
from techstock.model.note import Note
from techstock.model.problem import Edit
from techstock.model.span import Span

_CODE_KINDS = frozenset({"fence", "code"})
_OTHER_KINDS = frozenset({"front-matter", "html"})
_DOUBLE_DOLLARS = r"(?s)\$\$(?:(?!\$\$).)+\$\$"
_DOLLARS = r"(?<![\\$\w])\$(?=[^\s$])(?:[^$\n\\]|\\.|\n(?!\s*\n))*?(?<=[^\s\\])\$(?![\d$])"
_SPECIAL = "|".join((
    r"%%(?:(?!%%).)*%%",  # a comment of Obsidian
    r"\{\{(?:(?!\{\{).)*?\}\}",
    r"\{%(?:(?!\{%).)*?%\}",
    r"\[\^[^\]\r\n]+\]",  # the label of a footnote
))  # fmt: skip
_BLOCK_ID = r"(?m)(?:^|(?<=[ \t]))\^\S+[ \t]*\r?$"


def touches_protected_text(note: Note, edit: Edit) -> bool:
    """Return whether an edit changes a part of text that is not prose.

    One that replaces all of it, or a target of a link, is about it. Whitespace between lines does not count.
    """
    spans = compute_once(note, _ProtectedText)
    old = edit.place.extract_from(note.text)
    if not (old + edit.text).strip(" \t\r\n"):
        at_line_start = not note.text[note.lines.find_start(edit.place.start) : edit.place.start].strip(" \t>")
        if "\n" in old + edit.text or at_line_start:
            return False
    return spans.cuts(edit.place)


def is_protected(note: Note, at: int) -> bool:
    """Return whether the character at an offset is in text that is not prose."""
    return compute_once(note, _ProtectedText).cuts(Span(at, at + 1), whole=True)


class _ProtectedText:
    """The protected spans of a note, in order, and the targets in them."""

    def __init__(self, note: Note) -> None:
        self._spans: list[Span] = []
        for place in sorted({*_find_spans(note)}):
            if self._spans and place.start < self._spans[-1].end:
                before = self._spans.pop()
                self._spans.append(Span(before.start, max(before.end, place.end)))
            else:
                self._spans.append(Span(place.start, place.end))
        self._targets = set(_list_targets(note))

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


def _find_spans(note: Note) -> Iterator[Span]:
    text = note.text
    hidden = [block.place for block in note.blocks if block.kind in _CODE_KINDS]
    hidden += [span.place for span in note.spans if span.kind == "code"]
    yield from hidden
    yield from _list_targets(note)
    directives = {directive.place for directive in note.directives}  # only techstock reads them
    yield from (
        block.place for block in note.blocks if block.kind in _OTHER_KINDS and not _is_directive(block, directives)
    )
    yield from (span.place for span in note.spans if span.kind != "code" and span.place not in directives)
    yield from (Span(place.start - 1, place.end + 1) for place in hidden if _is_between_dollars(text, place))
    plain = _blank_out(text, hidden)
    yield from (Span(*match.span()) for match in re.finditer(_DOUBLE_DOLLARS, plain))
    yield from (Span(*match.span()) for match in re.finditer(_DOLLARS, plain))
    yield from (Span(*match.span()) for match in re.finditer(f"(?s){_SPECIAL}", plain))
    yield from (Span(*match.span()) for match in re.finditer(_BLOCK_ID, plain))


def _list_targets(note: Note) -> list[Span]:
    places = [*(link.at for link in note.links), *(image.at for image in note.images)]
    return [Span(place.start, place.end) for place in places]


def _is_directive(block: Block, directives: set[Span]) -> bool:
    return any(block.place.contains(place) for place in directives)


def _is_between_dollars(text: str, place: Span) -> bool:
    return text[place.start - 1 : place.start] == "$" == text[place.end : place.end + 1]


def _blank_out(text: str, places: list[Span]) -> str:
    parts, at = [], 0
    for place in sorted(places):
        if place.start >= at:
            parts += [text[at : place.start], re.sub(r"[^\r\n]", " ", place.extract_from(text))]
            at = place.end
    return "".join([*parts, text[at:]])


_DOLLAR_SIGNS = re.compile(r"\\.|(\$+)", re.S)
_TAG = re.compile(r"<[^<>]*>")


def find_formula(note: Note, entry: Span) -> str:
    """Return the first formula in the span of an entry, on one line; empty without one.

    No white space may follow the `$` that opens a formula, and neither white space stand before the one that closes it
    nor a digit behind it: `$5` and `$5, not $6` are prices. Text between two `$$` always is a formula.
    """
    doubles: list[int] = []
    for block in note.blocks:
        if not entry.contains(block.place) or (block.kind == "html" and is_comment_only(note, block)):
            continue
        if block.kind == "fence" and block.info.split()[:1] == ["math"]:
            return "math"
        for place in _texts(block):
            text = _masked(note, place)
            dollars = [(match.start(1), match[1]) for match in _DOLLAR_SIGNS.finditer(text) if match[1]]
            if found := _find_code(note, place) or _find_inline(text, dollars):
                return " ".join(note.text[place.start + found[0] : place.start + found[1]].split())
            doubles += [place.start + at for at, signs in dollars if len(signs) > 1]
    return " ".join(note.text[doubles[0] : doubles[1] + 2].split()) if len(doubles) > 1 else ""


def _texts(block: Block) -> Sequence[Span]:
    """Return the parts of a block that hold text, each of which may hold a formula."""
    if block.kind == "table":
        return block.texts
    return (block.place,) if block.kind in ("paragraph", "heading", "html") else ()


def _masked(note: Note, place: Span) -> str:
    """Return the text at a place with letters for code, tags and link targets."""
    parts, at = [], place.start
    for span in _spans(note, place):
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


def _find_code(note: Note, place: Span) -> tuple[int, int] | None:
    """Return where a code span stands between dollar signs."""
    for span in _spans(note, place, "code"):
        if note.text[span.start - 1 : span.start] == "$" == note.text[span.end : span.end + 1]:
            return span.start - 1 - place.start, span.end + 1 - place.start
    return None


def _find_inline(text: str, dollars: Sequence[tuple[int, str]]) -> tuple[int, int] | None:
    """Return where the first formula between single dollar signs stands."""
    opening = -1
    for at, signs in dollars:
        if len(signs) > 1:
            continue
        before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
        if opening >= 0 and before.strip() and not after.isdigit():
            return opening, at + 1
        if after.strip():
            opening = at
    return None
