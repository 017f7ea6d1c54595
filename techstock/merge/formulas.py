"""Find formulas, as GitHub renders them: `$…$`, `$$…$$`, a code span between dollar signs, and `math` fences.

The parser reads them as text, so a merge would take `[f * g](n)` in a formula for a link. Source:
https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/writing-mathematical-expressions
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from techstock.analysis.suppressions import is_comment_only
from techstock.duplicates.prose import get_compared_entry
from techstock.model import Block, Note, Span

_DOLLARS = re.compile(r"\\.|(\$+)", re.S)
_TAG = re.compile(r"<[^<>]*>")


def find_formula(note: Note, index: int) -> str:
    """Return the first formula of the entry of this index or of what is nested in it, on one line; empty without one.

    No white space may follow the `$` that opens a formula, and neither white space stand before the one that closes it
    nor a digit behind it: `$5` and `$5, not $6` are prices. Text between two `$$` always is a formula.
    """
    entry = get_compared_entry(note, index).place
    doubles: list[int] = []
    for block in note.blocks:
        if not entry.contains(block.place) or (block.kind == "html" and is_comment_only(note, block)):
            continue
        if block.kind == "fence" and block.info.split()[:1] == ["math"]:
            return "math"
        for place in _texts(block):
            text = _masked(note, place)
            dollars = [(match.start(1), match[1]) for match in _DOLLARS.finditer(text) if match[1]]
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
