"""Check that edits change nothing of a rendered note but the edited text."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise, repeat

from techstock.model import Edit, LineIndex, Span
from techstock.parse.render import (
    INDENTED_CODE_END,
    INDENTED_CODE_START,
    MARKUP_MARK,
    RenderedBlock,
    render_blocks,
    to_rendered_words,
)
from techstock.text.edits import adapt_line_endings, apply_edits

_WordChange = tuple[str, str]  # what an edit takes away, and what it brings, as words
_COMPARE_STEP = 256  # characters compared at once
_MAX_CODE_CONVERSIONS = 100  # pieces of code that may become text; each costs a copy of what is compared


class RenderCheck:
    """The rendered note before a change, to compare with the note after it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = LineIndex(text)
        self._blocks = render_blocks(text)

    def has_same_rendering(self, edits: Iterable[Edit]) -> bool:
        """Return whether the note renders the same after these edits, apart from the text they insert and delete.

        A top-level block that contains no edit, and is next to none that does, must have the same HTML, byte for byte.
        The other blocks must have the same words, in the same inline markup, apart from the edited ones. So must blocks
        with links to an edited link definition, which is between the blocks.
        """
        edits = tuple(edits)
        changes = adapt_line_endings(self._text, edits)
        new = apply_edits(self._text, edits)
        blocks = render_blocks(new)
        pairs = list(self._match_unchanged_blocks(changes, LineIndex(new), blocks))
        defined = [self._make_word_change(change) for change in changes if not self._find_blocks_at(change[0])]
        if not all(
            after >= 0 and _is_same_block(self._blocks[before], blocks[after], defined) for before, after in pairs
        ):
            return False
        ends = [(-1, -1), *pairs, (len(self._blocks), len(blocks))]
        return all(
            _is_explained(
                _concatenate_words(self._blocks[before + 1 : next_before]),
                _concatenate_words(blocks[after + 1 : next_after]),
                self._collect_word_changes(changes, before, next_before),
            )
            for (before, after), (next_before, next_after) in pairwise(ends)
        )

    def _match_unchanged_blocks(
        self, changes: Sequence[tuple[Span, str]], lines: LineIndex, blocks: Sequence[RenderedBlock]
    ) -> Iterator[tuple[int, int]]:
        """Yield the indexes, before and after the edits, of the blocks that must stay the same.

        The second index is -1 if the block is gone.
        """
        free = self._find_affected_blocks(changes)
        after = {block.first: index for index, block in enumerate(blocks)}
        grown = at = 0
        for index, block in enumerate(self._blocks):
            start = self._lines.starts[block.first]
            while at < len(changes) and changes[at][0].end <= start:
                place, text = changes[at]
                grown += len(text) - (place.end - place.start)
                at += 1
            if index not in free:
                yield index, after.get(lines.find_line(start + grown), -1)

    def _find_affected_blocks(self, changes: Iterable[tuple[Span, str]]) -> set[int]:
        """Return the blocks that contain an edit, and their neighbours; for an edit between blocks, those beside it."""
        held = [self._find_blocks_at(place) for place, _ in changes]
        return {index for blocks in held for index in range(blocks.start - 1, blocks.stop + 1)}

    def _find_blocks_at(self, place: Span) -> range:
        """Return the blocks on the lines of a span; an empty range if it is between two blocks."""
        first = bisect_right(self._blocks, self._lines.find_line(place.start), key=lambda block: block.last)
        return range(first, bisect_right(self._blocks, self._lines.find_line(place.end), key=lambda block: block.first))

    def _collect_word_changes(self, changes: Sequence[tuple[Span, str]], before: int, after: int) -> list[_WordChange]:
        """Return the changes of words that the edits between two blocks make."""
        start = self._line_offset(self._blocks[before].last if before >= 0 else 0)
        end = self._line_offset(self._blocks[after].first if after < len(self._blocks) else len(self._lines))
        first, last = (bisect_left(changes, at, key=lambda change: change[0].start) for at in (start, end))
        return [self._make_word_change(change) for change in changes[first:last]]

    def _line_offset(self, line: int) -> int:
        """Return the offset at which a line begins: 0 for the first, beyond the end of the text after the last."""
        if line == 0:
            return 0
        return self._lines.starts[line] if line < len(self._lines) else len(self._text) + 1

    def _make_word_change(self, change: tuple[Span, str]) -> _WordChange:
        place, text = change
        return _strip_common_ends(to_rendered_words(place.extract_from(self._text)), _render_words(text))


def _render_words(text: str) -> str:
    """Return the words of what an edit writes: all of a link or an image is markup, and anything else is text."""
    if text.endswith(")") and text.startswith(("[", "![")) and "](" in text:
        blocks = render_blocks(text)
        return blocks[0].words if len(blocks) == 1 else to_rendered_words(text)
    return to_rendered_words(text)


def _is_same_block(before: RenderedBlock, after: RenderedBlock, defined: Sequence[_WordChange]) -> bool:
    """Return whether a block is unchanged, apart from link targets that are `defined` elsewhere."""
    if before.html == after.html:
        return True
    uses = chain.from_iterable(repeat(defined, before.words.count(MARKUP_MARK)))
    return bool(defined) and _is_explained(before.words, after.words, uses)


def _concatenate_words(blocks: Iterable[RenderedBlock]) -> str:
    return "".join(block.words for block in blocks)


def _strip_common_ends(old: str, new: str) -> _WordChange:
    """Return both texts without their common start and end."""
    while old and new and old[0] == new[0]:
        old, new = old[1:], new[1:]
    while old and new and old[-1] == new[-1]:
        old, new = old[:-1], new[:-1]
    return old, new


def _is_explained(before: str, after: str, pairs: Iterable[_WordChange]) -> bool:
    """Return whether replacing the first text of some pairs by the second, in order, turns `before` into `after`.

    A pair may have no effect, since not all of a source is rendered. Indented code may become text, if entries below a
    line that was no entry are indented too far; text must not become indented code.
    """
    left, codes = iter(pairs), 0
    a = b = 0
    while True:
        same = _count_equal_characters(before, a, after, b)
        a, b = a + same, b + same
        if a == len(before) and b == len(after):
            return True
        if before.startswith(INDENTED_CODE_START, a) and codes < _MAX_CODE_CONVERSIONS:
            code, _, rest = before[a + 1 :].partition(INDENTED_CODE_END)
            before, codes = before[:a] + "".join(code.split()) + rest, codes + 1
            continue
        pair = next(
            (pair for pair in left if any(pair) and _explains_difference(before, a, after, b, pair, same)), None
        )
        if pair is None:
            return False
        a, b = a + len(pair[0]), b + len(pair[1])


def _count_equal_characters(before: str, a: int, after: str, b: int) -> int:
    """Return the number of equal characters from these two positions on."""
    start = a
    while a + _COMPARE_STEP <= len(before) and before[a : a + _COMPARE_STEP] == after[b : b + _COMPARE_STEP]:
        a, b = a + _COMPARE_STEP, b + _COMPARE_STEP
    while a < len(before) and b < len(after) and before[a] == after[b]:
        a, b = a + 1, b + 1
    return a - start


def _explains_difference(before: str, a: int, after: str, b: int, pair: _WordChange, same: int) -> bool:
    """Return whether a pair explains the first difference, at `a` and `b`, after `same` equal characters."""
    old, new = pair
    if old and new:
        return before.startswith(old, a) and after.startswith(new, b)
    # What is put into a run of the same characters is seen at the end of the run only.
    text, at, part = (before, a, old) if old else (after, b, new)
    return any(text.startswith(part, at - back) for back in range(min(len(part) - 1, same) + 1))
