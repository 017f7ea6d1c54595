"""Whether edits leave what a note shows as it is, but for themselves."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from techstock.fix.edits import edited, localised
from techstock.model import Edit, Lines, Place
from techstock.parse.rendering import Rendered, plain, rendered

_Pair = tuple[str, str]  # what an edit takes away, and what it brings, as words
_STEP = 256  # characters compared at once


class Original:
    """A note as it is shown before it is changed."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = Lines(text)
        self._blocks = rendered(text)

    def keeps(self, edits: Iterable[Edit]) -> bool:
        """Whether the note still shows the same after these edits, apart from what they bring and take away.

        A block at the top that holds no edit, and borders on none that does, has the same HTML, byte for byte. The
        others have the same words, in the same inline markup, but for those of the edits.
        """
        edits = tuple(edits)
        changes = localised(self._text, edits)
        new = edited(self._text, edits)
        blocks = rendered(new)
        pairs = list(self._kept(changes, Lines(new), blocks))
        if any(after < 0 or self._blocks[before].html != blocks[after].html for before, after in pairs):
            return False
        ends = [(-1, -1), *pairs, (len(self._blocks), len(blocks))]
        return all(
            _explained(
                _words(self._blocks[before + 1 : next_before]),
                _words(blocks[after + 1 : next_after]),
                self._between(changes, before, next_before),
            )
            for (before, after), (next_before, next_after) in pairwise(ends)
        )

    def _kept(
        self, changes: Sequence[tuple[Place, str]], lines: Lines, blocks: Sequence[Rendered]
    ) -> Iterator[tuple[int, int]]:
        """The blocks that must stay as they are: their indexes before and after, -1 where there is none any more."""
        free = self._free(changes)
        after = {block.first: index for index, block in enumerate(blocks)}
        grown = at = 0
        for index, block in enumerate(self._blocks):
            start = self._lines.starts[block.first]
            while at < len(changes) and changes[at][0].end <= start:
                place, text = changes[at]
                grown += len(text) - (place.end - place.start)
                at += 1
            if index not in free:
                yield index, after.get(lines.index(start + grown), -1)

    def _free(self, changes: Iterable[tuple[Place, str]]) -> set[int]:
        """The blocks that hold an edit, and their neighbours; for an edit between blocks, those beside it."""
        found: set[int] = set()
        for place, _ in changes:
            first = bisect_right(self._blocks, self._lines.index(place.start), key=lambda block: block.last)
            last = bisect_right(self._blocks, self._lines.index(place.end), key=lambda block: block.first)
            found.update(range(first - 1, last + 1))
        return found

    def _between(self, changes: Sequence[tuple[Place, str]], before: int, after: int) -> list[_Pair]:
        """What edits change between two blocks, in words."""
        ends = [
            self._lines.starts[block.last] if block.last < len(self._lines) else len(self._text) + 1
            for block in self._blocks[max(before, 0) : before + 1]
        ]
        start = ends[0] if ends else 0
        end = self._lines.starts[self._blocks[after].first] if after < len(self._blocks) else len(self._text) + 1
        first = bisect_left(changes, start, key=lambda change: change[0].start)
        last = bisect_left(changes, end, key=lambda change: change[0].start)
        found = (_trimmed(plain(place.of(self._text)), plain(text)) for place, text in changes[first:last])
        return [pair for pair in found if any(pair)]


def _words(blocks: Iterable[Rendered]) -> str:
    return "".join(block.words for block in blocks)


def _trimmed(old: str, new: str) -> _Pair:
    """Both without what they begin and end with in common."""
    while old and new and old[0] == new[0]:
        old, new = old[1:], new[1:]
    while old and new and old[-1] == new[-1]:
        old, new = old[:-1], new[:-1]
    return old, new


def _explained(before: str, after: str, pairs: Iterable[_Pair]) -> bool:
    """Whether replacing the first of some of the pairs by the second, in their order, makes `after` of `before`.

    A pair may have no effect: not all of a source is shown.
    """
    left = iter(pairs)
    a = b = 0
    while True:
        same = _agreement(before, a, after, b)
        a, b = a + same, b + same
        if a == len(before) and b == len(after):
            return True
        pair = next((pair for pair in left if _fits(before, a, after, b, pair, same)), None)
        if pair is None:
            return False
        a, b = a + len(pair[0]), b + len(pair[1])


def _agreement(before: str, a: int, after: str, b: int) -> int:
    """How many characters from there on are equal."""
    start = a
    while a + _STEP <= len(before) and before[a : a + _STEP] == after[b : b + _STEP]:
        a, b = a + _STEP, b + _STEP
    while a < len(before) and b < len(after) and before[a] == after[b]:
        a, b = a + 1, b + 1
    return a - start


def _fits(before: str, a: int, after: str, b: int, pair: _Pair, same: int) -> bool:
    """Whether a pair accounts for the first difference, which is at `a` and `b`, behind `same` equal characters."""
    old, new = pair
    if old and new:
        return before.startswith(old, a) and after.startswith(new, b)
    # What is put into a run of the same characters is seen at the end of the run only.
    text, at, part = (before, a, old) if old else (after, b, new)
    return any(text.startswith(part, at - back) for back in range(min(len(part) - 1, same) + 1))
