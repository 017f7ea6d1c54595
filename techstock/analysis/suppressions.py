"""Suppressions in the comments of a note: `<!-- techstock: ignore RULE[, RULE] [with="OTHER"] [reason] -->`.

Pure functions of the note. Whether a name is the name of a rule is not known at this level.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from heapq import heappop, heappush
from typing import TYPE_CHECKING

import msgspec

from techstock.model.corpus import compute_once
from techstock.model.problem import InvalidComment, Suppression
from techstock.model.span import Span

if TYPE_CHECKING:
    from techstock.model.facts import Block, Directive
    from techstock.model.note import Note

COMMENT_VERBS = ("ignore", "ignore-file", "ignore-start", "ignore-end")
# Patterns are compiled at their first use: most notes have no such comment.
_VERB = r"\s*techstock:\s*(\S*)"
_NAME = r"\s*(?!with=)([^\s,]+)"
_COMMA = r"\s*,"
_WITH = r'\s+with=(?:"([^"]*)"|(\S*))'
_COMMENT = r"(?s)<!--.*?-->"


class _ParsedComment(msgspec.Struct, frozen=True):
    """A parsed comment; `names` are the spans of rule names."""

    comment: Span
    verb: str
    names: tuple[Span, ...]
    other: str
    block: int


def list_suppressions(note: "Note") -> tuple[Suppression, ...]:
    """Return the suppressions in the comments of a note, in document order."""
    return _get_parsed_comments(note)[0]


def list_invalid_comments(note: "Note") -> tuple[InvalidComment, ...]:
    """Return the invalid techstock comments of a note, in document order."""
    return _get_parsed_comments(note)[1]


def _get_parsed_comments(note: "Note") -> tuple[tuple[Suppression, ...], tuple[InvalidComment, ...]]:
    return compute_once(note, parse_suppressions) if note.directives else ((), ())


def parse_suppressions(note: "Note") -> tuple[tuple[Suppression, ...], tuple[InvalidComment, ...]]:
    """Return the suppressions of a note, in the order of their comments, and its invalid comments."""
    ignores: list[Suppression] = []
    slips: list[InvalidComment] = []
    opened = _OpenStarts(note.text)
    following = _find_following_blocks(note)
    for directive in note.directives:
        words = _parse_comment(note, directive)
        if isinstance(words, InvalidComment):
            slips.append(words)
        elif words.verb == "ignore-start":
            opened.add(words)
        elif words.verb == "ignore-end":
            slips += opened.close(words, ignores)
        else:
            every = words.verb == "ignore-file"
            covers = Span(0, len(note.text)) if every else _find_covered_span(note, words, following[words.block])
            names = [(name.extract_from(note.text), name) for name in words.names]
            ignores += [Suppression(rule, words.comment, name, covers, words.other) for rule, name in names]
    slips += opened.iter_unclosed()
    return tuple(sorted(ignores, key=lambda ignore: ignore.name)), tuple(sorted(slips, key=lambda slip: slip.place))


def _parse_comment(note: "Note", directive: "Directive") -> _ParsedComment | InvalidComment:
    text, start, end = note.text, directive.place.start + 4, directive.place.end - 3
    match = re.compile(_VERB).match(text, start, end)
    verb = match[1] if match else ""
    if not match or verb not in COMMENT_VERBS:
        known = ", ".join(f"`{one}`" for one in COMMENT_VERBS)
        return InvalidComment(
            directive.place, f"`{verb}` is nothing that techstock can do", f"write one of {known}", verb
        )
    names, at, more = _parse_rule_names(text, match.end(), end)
    if more or (not names and verb != "ignore-end"):
        return InvalidComment(
            directive.place, f"the name of a rule is missing {'after the comma' if more else f'after `{verb}`'}"
        )
    pair = re.compile(_WITH).match(text, at, end)
    if pair and not pair[1]:
        what = 'write it as `with="note.md#term"`'
        return InvalidComment(directive.place, f"`with={pair[2] or ''}` names nothing in straight double quotes", what)
    if pair and verb == "ignore-end":
        return InvalidComment(directive.place, "`with` belongs to the `ignore-start`")
    return _ParsedComment(directive.place, verb, tuple(names), pair[1] if pair else "", directive.block)


def _parse_rule_names(text: str, at: int, end: int) -> tuple[list[Span], int, bool]:
    """Return the spans of comma-separated names, the end of the last one, and whether a comma has nothing after it."""
    name, comma = re.compile(_NAME), re.compile(_COMMA)
    names: list[Span] = []
    more = False
    while match := name.match(text, at, end):
        names.append(Span(*match.span(1)))
        at, more = match.end(), False
        following = comma.match(text, at, end)
        if not following:
            break
        at, more = following.end(), True
    return names, at, more


class _OpenStarts:
    """The names of each `ignore-start` that no `ignore-end` has closed."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts: list[_ParsedComment] = []
        self._by_name: dict[str, list[tuple[_ParsedComment, Span]]] = {}
        self._names: set[Span] = set()

    def add(self, start: _ParsedComment) -> None:
        self._starts.append(start)
        for name in start.names:
            self._by_name.setdefault(name.extract_from(self._text), []).append((start, name))
        self._names.update(start.names)

    def close(self, end: _ParsedComment, ignores: list[Suppression]) -> Iterator[InvalidComment]:
        """Add the suppressions closed by an `ignore-end` to `ignores`: the last start of each of its names.

        Without names it closes all of the last start. Yield an invalid comment for each name that has no open start.
        """
        if not end.names:
            start = self._find_last_open()
            if start is None:
                yield InvalidComment(end.comment, "there is no `ignore-start` above this `ignore-end`")
            else:
                ignores += [
                    self._close_name(start, name, end.comment, end) for name in start.names if name in self._names
                ]
        for name in end.names:
            same = self._by_name.get(name.extract_from(self._text), [])
            while same and same[-1][1] not in self._names:
                same.pop()
            if same:
                ignores.append(self._close_name(*same.pop(), name, end))
            else:
                what = f"there is no `ignore-start` of `{name.extract_from(self._text)}` above this `ignore-end`"
                yield InvalidComment(end.comment, what)

    def iter_unclosed(self) -> Iterator[InvalidComment]:
        """Yield one invalid comment for each start with a name that is still open."""
        for start in self._starts:
            if not self._names.isdisjoint(start.names):
                what = "this `ignore-start` has no `ignore-end`, and ignores nothing"
                yield InvalidComment(start.comment, what, "write `<!-- techstock: ignore-end -->` where it is to end")

    def _find_last_open(self) -> _ParsedComment | None:
        while self._starts and self._names.isdisjoint(self._starts[-1].names):
            self._starts.pop()
        return self._starts[-1] if self._starts else None

    def _close_name(self, start: _ParsedComment, name: Span, at: Span, end: _ParsedComment) -> Suppression:
        self._names.discard(name)
        covers = Span(start.comment.start, end.comment.end)
        return Suppression(name.extract_from(self._text), start.comment, name, covers, start.other, (end.comment, at))


def _find_following_blocks(note: "Note") -> list["Block | None"]:
    """Return, for each block by index, the next one that holds more than comments and is no list."""
    found: list[Block | None] = []
    last: Block | None = None
    for block in reversed(note.blocks):
        found.append(last)
        if block.kind != "list" and not is_comment_only(note, block):
            last = block
    found.reverse()
    return found


def _find_covered_span(note: "Note", words: _ParsedComment, after: "Block | None") -> Span:
    """Return the range from a comment that is its own block to the end of the next block; else the block around it.

    Lists, quotes and entries only hold blocks and do not count; an entry without any block counts as one.
    """
    own = note.blocks[words.block]
    if not is_comment_only(note, own):
        return Span(note.lines.find_start(own.place.start), own.place.end)
    end = after.place.end if after else len(note.text)
    first = bisect_left(note.entries, own.place.end, key=lambda entry: entry.place.start)
    for entry in note.entries[first : first + 1]:
        if not entry.opens and not (after and entry.place.start > after.place.start):
            end = entry.place.end
    return Span(words.comment.start, end)


def is_comment_only(note: "Note", block: "Block") -> bool:
    """Return whether a block holds comments and nothing else."""
    return block.kind == "html" and not re.sub(_COMMENT, "", block.place.extract_from(note.text)).strip()


class SuppressionIndex:
    """An index of suppressions of one note by offset; where several apply, the one that begins last wins."""

    def __init__(self, ignores: Iterable[Suppression]) -> None:
        self._starts: list[int] = []
        self._holds: list[Suppression | None] = []
        self._open: list[tuple[int, int, Suppression]] = []  # a heap, the last to begin first
        for order, ignore in enumerate(sorted(ignores, key=lambda ignore: (ignore.covers, ignore.name))):
            self._close_until(ignore.covers.start)
            heappush(self._open, (-ignore.covers.start, -order, ignore))
            self._record_current(ignore.covers.start)
        self._close_until(None)

    def find_suppression(self, offset: int) -> Suppression | None:
        """Return the suppression for a problem that begins at this offset of the note."""
        index = bisect_right(self._starts, offset) - 1
        return self._holds[index] if index >= 0 else None

    def _close_until(self, until: int | None) -> None:
        """Record which suppression applies after each end before `until`."""
        while self._open and (until is None or self._open[0][2].covers.end < until):
            end = self._open[0][2].covers.end
            while self._open and self._open[0][2].covers.end <= end:
                heappop(self._open)
            self._record_current(end + 1)

    def _record_current(self, start: int) -> None:
        self._starts.append(start)
        self._holds.append(self._open[0][2] if self._open else None)
