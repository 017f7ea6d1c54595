"""The end of an entry's term: its first real colon.

`- 待避: 新しい要求を受けない状態` defines 待避. Colons inside code, links, images, HTML, URLs, ARNs, times, ratios,
quotes, brackets and `::` separate nothing.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from techstock.text.lazy_patterns import compile_lazily

MAX_TERM_LENGTH = 60  # code points; what is longer before a colon is a sentence
_SEEN = 1000  # code points of a line that are looked at: what is behind them ends no term

# A term and what is behind it, without anything that needs a closer look; a digit at its end does: it may be a time's.
_PLAIN_CHARACTER = r"[^\s:：*_~\"“”/='。()（）\[\]［］「」『』【】〔〕《》〈〉｛｝{}]"
_PLAIN = re.compile(rf"({_PLAIN_CHARACTER}+(?: {_PLAIN_CHARACTER}+)*)(?:：|:(?=\s|$))\s*")
_COLON = compile_lazily("[:：]")
_TASK = re.compile(r"\[[ xX]\][ \t]+")
_EMPHASIS = re.compile(r"[*_]{1,3}")
_CLOSER = re.compile(r"(?:[*_]{1,3}|~~)(?=\s|$)")
_MAY_BE_ADDRESS = re.compile(r"://|mailto:|tel:|arn:")
_ADDRESSES = r"""
      [A-Za-z][A-Za-z0-9+.-]*://[^\s\u3000、。：（）「」<>]*
    | \b(?:mailto|tel):[^\s\u3000]+
    | \barn:[\w*:/.${}-]+
"""
_OTHERS = r"""
      (?<![\w-])[a-z][a-z0-9-]*:[A-Z][A-Za-z]  # `s3:GetObject`, `re:Invent`
    | (?<![\w:]):[a-z0-9_+-]+:(?![\w:])  # `:warning:`
    | "[^"\n]*"(?:[ ]?:[ ]?"[^"\n]*")?  # a quotation, or `"key": "value"`
    | “[^”\n]*”
    | ::+
"""
_HIDING = compile_lazily(f"{_ADDRESSES} | {_OTHERS}", re.X)
_HIDING_WITHOUT_ADDRESSES = compile_lazily(_OTHERS, re.X)
_MAY_HIDE = re.compile(r':\S|["“]')  # what hides a colon needs at least
_DATE = compile_lazily(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\s+\d{1,2}$")
_OPENING, _CLOSING = "（(［[「『【〔《〈｛{", "）)］]」』】〕》〉｝}"
_SIDE = dict.fromkeys(_OPENING, 1) | dict.fromkeys(_CLOSING, -1)
_BRACKETS = compile_lazily("[" + re.escape(_OPENING + _CLOSING) + "]")


class TermSplit(NamedTuple):
    """Positions in the text: start and end of the term (emphasis around it cut), its colon, start of the definition."""

    start: int
    end: int
    colon: int
    definition: int


def find_term(text: str, hidden: Sequence[tuple[int, int]] = ()) -> TermSplit | None:
    """Find the term at the start of `text`, the first line of an entry; None where there is none.

    Colons in `hidden` ranges (code, links) do not count.
    """
    if ":" not in text and "：" not in text:
        return None
    text = text[:_SEEN]
    if not hidden and (plain := _PLAIN.match(text)):
        colon = plain.end(1)
        if colon <= MAX_TERM_LENGTH and not text[colon - 1].isdigit():
            return TermSplit(0, colon, colon, plain.end())
    task = _TASK.match(text) if text.startswith("[") else None
    start = task.end() if task else 0
    holes = list(hidden)
    if _MAY_HIDE.search(text):
        hiding = _HIDING if _MAY_BE_ADDRESS.search(text) else _HIDING_WITHOUT_ADDRESSES
        holes = sorted([*holes, *(match.span() for match in hiding.finditer(text))])
    for match in _COLON.finditer(text, start):
        colon = match.start()
        before = text[start:colon].strip()
        if len(before) > MAX_TERM_LENGTH:
            break
        if (holes and any(a <= colon < b for a, b in holes)) or not _separates(text, before, colon):
            continue
        if _inside_brackets(text, start, colon, holes):
            continue
        return _cut(text, start, colon)
    return None


def _separates(text: str, before: str, colon: int) -> bool:
    """Return whether the characters around a colon let it end a term; `before` is the text in front of it."""
    after, is_number = text[colon + 1 : colon + 2], before[-1:].isdigit()
    if is_number and after.isdigit():
        return False  # a time or a ratio
    if text[colon] == "：" or not after or after.isspace():
        return not (is_number and _DATE.search(before))
    if _EMPHASIS.match(text, colon + 1) and _EMPHASIS.match(before):
        return True
    glued = any(c in "/=\"'" for c in before) or before.isdigit()
    return not glued and not after.isdigit() and after not in "/\\"


def _inside_brackets(text: str, start: int, colon: int, holes: list[tuple[int, int]]) -> bool:
    depth = 0
    for match in _BRACKETS.finditer(text, start, colon):
        if not any(a <= match.start() < b for a, b in holes):
            depth = max(depth + _SIDE[match[0]], 0)
    return depth > 0


def _cut(text: str, start: int, colon: int) -> TermSplit | None:
    raw = text[start:colon]
    first, last = start + len(raw) - len(raw.lstrip()), start + len(raw.rstrip())
    if first >= last or last - first > MAX_TERM_LENGTH or "。" in raw:
        return None
    definition = colon + 1
    if text[first] in "*_" and (mark := _EMPHASIS.match(text, first, last)):
        if text.endswith(mark[0], mark.end(), last):  # `**Term**: d`
            first, last = mark.end(), last - len(mark[0])
        elif text.startswith(mark[0], definition):  # `**Term:** d`
            first, definition = mark.end(), definition + len(mark[0])
        elif text.find(mark[0], definition) >= 0:  # `**Term: d**`
            first = mark.end()
    if definition == colon + 1 and (closer := _CLOSER.match(text, definition)) and closer[0] in raw:
        definition = closer.end()  # `see **Term:** d`
    if first >= last:
        return None
    return TermSplit(first, last, colon, len(text) - len(text[definition:].lstrip()))
