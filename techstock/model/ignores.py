"""What the comments of a note say to ignore: `<!-- techstock: ignore RULE[, RULE] [with="OTHER"] [reason] -->`.

Pure functions of the note. Whether a name is that of a rule, nobody knows down here.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from heapq import heappop, heappush
from typing import TYPE_CHECKING

import msgspec

from techstock.model.place import Place

if TYPE_CHECKING:
    from techstock.model.facts import Block, Directive
    from techstock.model.note import Note

VERBS = ("ignore", "ignore-file", "ignore-start", "ignore-end")
# Patterns are compiled at their first use: most notes have no such comment.
_VERB = r"\s*techstock:\s*(\S*)"
_NAME = r"\s*(?!with=)([^\s,]+)"
_COMMA = r"\s*,"
_WITH = r'\s+with=(?:"([^"]*)"|(\S*))'
_COMMENT = r"(?s)<!--.*?-->"


class Ignore(msgspec.Struct, frozen=True):
    """One rule that one comment ignores.

    A problem of `rule` that begins within `covers` is not reported. With `other`, only the pair that it makes with
    what is so called: `PATH#NAME`, the path as a link in this note would give it. `comment` is all of the comment,
    `name` the rule's name in it; `ends` are the same of the `ignore-end` that closes an `ignore-start`, where that
    gives names, and the comment twice where it does not.
    """

    rule: str
    comment: Place
    name: Place
    covers: Place
    other: str = ""
    ends: tuple[Place, ...] = ()

    def holds(self, place: Place) -> bool:
        """Whether a place of the same note begins where this comment holds."""
        return self.covers.start <= place.start <= self.covers.end


class Slip(msgspec.Struct, frozen=True):
    """What is wrong with a comment to techstock; it ignores nothing. `verb` is one that is unknown."""

    place: Place
    message: str
    help: str = ""
    verb: str = ""


class Ignores(msgspec.Struct, frozen=True):
    """What the comments of one note did in a run, for the rules about comments.

    `unused` are those that silenced nothing although their rule ran on the note. `known` are the names of all rules,
    `paired` of those that compare two things, `fixed` of those that no comment can ignore.
    """

    note: "Note"
    unused: tuple[Ignore, ...] = ()
    known: frozenset[str] = frozenset()
    paired: frozenset[str] = frozenset()
    fixed: frozenset[str] = frozenset()


class _Words(msgspec.Struct, frozen=True):
    """A comment taken apart; `names` are the places of rule names."""

    comment: Place
    verb: str
    names: tuple[Place, ...]
    other: str
    block: int


def read(note: "Note") -> tuple[tuple[Ignore, ...], tuple[Slip, ...]]:
    """The ignores of a note, in the order of their comments, and the comments that are wrong."""
    ignores: list[Ignore] = []
    slips: list[Slip] = []
    opened = _Opened(note.text)
    following = _following(note)
    for directive in note.directives:
        words = _words(note, directive)
        if isinstance(words, Slip):
            slips.append(words)
        elif words.verb == "ignore-start":
            opened.add(words)
        elif words.verb == "ignore-end":
            slips += opened.close(words, ignores)
        else:
            every = words.verb == "ignore-file"
            covers = Place(0, len(note.text)) if every else _covered(note, words, following[words.block])
            ignores += [Ignore(_at(note, name), words.comment, name, covers, words.other) for name in words.names]
    return tuple(sorted(ignores, key=_where)), tuple(sorted([*slips, *opened.left()], key=lambda slip: slip.place))


def _where(ignore: Ignore) -> Place:
    return ignore.name


def _at(note: "Note", place: Place) -> str:
    return place.of(note.text)


def _words(note: "Note", directive: "Directive") -> _Words | Slip:
    text, start, end = note.text, directive.place.start + 4, directive.place.end - 3
    match = re.compile(_VERB).match(text, start, end)
    verb = match[1] if match else ""
    if not match or verb not in VERBS:
        known = ", ".join(f"`{one}`" for one in VERBS)
        return Slip(directive.place, f"`{verb}` is nothing that techstock can do", f"write one of {known}", verb)
    names, at, more = _names(text, match.end(), end)
    if more or (not names and verb != "ignore-end"):
        return Slip(
            directive.place, f"the name of a rule is missing {'after the comma' if more else f'after `{verb}`'}"
        )
    pair = re.compile(_WITH).match(text, at, end)
    if pair and not pair[1]:
        what = 'write it as `with="note.md#term"`'
        return Slip(directive.place, f"`with={pair[2] or ''}` names nothing in straight double quotes", what)
    if pair and verb == "ignore-end":
        return Slip(directive.place, "`with` belongs to the `ignore-start`")
    return _Words(directive.place, verb, tuple(names), pair[1] if pair else "", directive.block)


def _names(text: str, at: int, end: int) -> tuple[list[Place], int, bool]:
    """The places of names with commas between, where the last ends, and whether a comma has nothing behind it."""
    name, comma = re.compile(_NAME), re.compile(_COMMA)
    names: list[Place] = []
    more = False
    while match := name.match(text, at, end):
        names.append(Place(*match.span(1)))
        at, more = match.end(), False
        following = comma.match(text, at, end)
        if not following:
            break
        at, more = following.end(), True
    return names, at, more


class _Opened:
    """The names of each `ignore-start` that no `ignore-end` has closed."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts: list[_Words] = []
        self._by_name: dict[str, list[tuple[_Words, Place]]] = {}
        self._names: set[Place] = set()

    def add(self, start: _Words) -> None:
        self._starts.append(start)
        for name in start.names:
            self._by_name.setdefault(name.of(self._text), []).append((start, name))
        self._names.update(start.names)

    def close(self, end: _Words, ignores: list[Ignore]) -> Iterator[Slip]:
        """Add to `ignores` what an `ignore-end` closes: the last start of each name, all of the last without names."""
        if not end.names:
            start = self._last()
            if start is None:
                yield Slip(end.comment, "no `ignore-start` stands above this `ignore-end`")
            else:
                ignores += [self._close(start, name, end.comment, end) for name in start.names if name in self._names]
        for name in end.names:
            same = self._by_name.get(name.of(self._text), [])
            while same and same[-1][1] not in self._names:
                same.pop()
            if same:
                ignores.append(self._close(*same.pop(), name, end))
            else:
                what = f"no `ignore-start` of `{name.of(self._text)}` stands above this `ignore-end`"
                yield Slip(end.comment, what)

    def left(self) -> Iterator[Slip]:
        """One slip for each start that something is left of."""
        for start in self._starts:
            if not self._names.isdisjoint(start.names):
                what = "this `ignore-start` has no `ignore-end`, and ignores nothing"
                yield Slip(start.comment, what, "write `<!-- techstock: ignore-end -->` where it is to end")

    def _last(self) -> _Words | None:
        while self._starts and self._names.isdisjoint(self._starts[-1].names):
            self._starts.pop()
        return self._starts[-1] if self._starts else None

    def _close(self, start: _Words, name: Place, at: Place, end: _Words) -> Ignore:
        self._names.discard(name)
        covers = Place(start.comment.start, end.comment.end)
        return Ignore(name.of(self._text), start.comment, name, covers, start.other, (end.comment, at))


def _following(note: "Note") -> list["Block | None"]:
    """For each block, by index, the next one that holds more than comments and is no list."""
    found: list[Block | None] = []
    last: Block | None = None
    for block in reversed(note.blocks):
        found.append(last)
        if block.kind != "list" and not is_comment(note, block):
            last = block
    found.reverse()
    return found


def _covered(note: "Note", words: _Words, after: "Block | None") -> Place:
    """From a comment that stands alone to the end of the block that follows; else the block it stands in.

    A list, a quote and an entry are what holds blocks; an entry without any is one.
    """
    own = note.blocks[words.block]
    if not is_comment(note, own):
        return Place(note.lines.starts[note.lines.index(own.place.start)], own.place.end)
    end = after.place.end if after else len(note.text)
    first = bisect_left(note.entries, own.place.end, key=lambda entry: entry.place.start)
    for entry in note.entries[first : first + 1]:
        if not entry.opens and not (after and entry.place.start > after.place.start):
            end = entry.place.end
    return Place(words.comment.start, end)


def is_comment(note: "Note", block: "Block") -> bool:
    """Whether a block holds comments and nothing else."""
    return block.kind == "html" and not re.sub(_COMMENT, "", block.place.of(note.text)).strip()


class Cover:
    """Where some ignores of one note hold: at each offset the one that begins last."""

    def __init__(self, ignores: Iterable[Ignore]) -> None:
        self._starts: list[int] = []
        self._holds: list[Ignore | None] = []
        self._open: list[tuple[int, int, Ignore]] = []  # a heap, the last to begin first
        for order, ignore in enumerate(sorted(ignores, key=lambda ignore: (ignore.covers, ignore.name))):
            self._close(ignore.covers.start)
            heappush(self._open, (-ignore.covers.start, -order, ignore))
            self._mark(ignore.covers.start)
        self._close(None)

    def at(self, offset: int) -> Ignore | None:
        """The ignore that holds for what begins at this offset of the note."""
        index = bisect_right(self._starts, offset) - 1
        return self._holds[index] if index >= 0 else None

    def _close(self, until: int | None) -> None:
        """Note down which ignore holds after each end before `until`."""
        while self._open and (until is None or self._open[0][2].covers.end < until):
            end = self._open[0][2].covers.end
            while self._open and self._open[0][2].covers.end <= end:
                heappop(self._open)
            self._mark(end + 1)

    def _mark(self, start: int) -> None:
        self._starts.append(start)
        self._holds.append(self._open[0][2] if self._open else None)
