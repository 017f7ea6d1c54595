"""The end of a link label, found in time that grows with the text and not with its square.

markdown-it-py looks for the bracket that closes a label from each opening one to the end of the paragraph. Where labels
are nested, most of that has been seen before: `find_label_end` finds what its function finds, and passes over the
labels inside that are known already.
"""

from typing import Any

from markdown_it.rules_inline import StateInline

_UNCLOSED, _WITH_LINK = -1, -2


def find_label_end(state: StateInline, start: int, disableNested: bool = False) -> int:  # noqa: N803
    """Return the position of the `]` that closes the label opened at `start`; -1 if there is none.

    With `disableNested` (a name of markdown-it), also -1 if a link is inside.
    """
    known: dict[Any, int] = state.cache  # its own keys are positions
    key = (start, state.posMax)
    if disableNested and key in known:
        return max(known[key], -1)
    before = state.pos
    found = _LabelScan(state, disable_nested=disableNested).find_end(start)
    state.pos = before
    if disableNested:
        known[key] = found
    return max(found, -1)


class _LabelScan:
    """A walk over the tokens behind an opening bracket. What it learns of the brackets inside is kept in the state."""

    def __init__(self, state: StateInline, *, disable_nested: bool) -> None:
        self._state = state
        self._known: dict[Any, int] = state.cache
        self._disable_nested = disable_nested
        self._open: list[int] = []  # brackets inside, of which nothing was known
        self._with_link = 0  # so many of these hold a link

    def find_end(self, start: int) -> int:
        """Return the end of the label, or why there is none; the position of the state is changed."""
        state = self._state
        state.pos = start + 1
        while state.pos < state.posMax:
            at = state.pos
            marker = state.src[at]
            if marker == "]":
                if not self._open:
                    return at
                self._close_bracket(at)
            if at in self._known:
                state.pos = self._known[at]
            else:
                state.md.inline.skipToken(state)
            if marker == "[" and (found := self._open_bracket(at)):
                return found
        self._record_open(_UNCLOSED, 0)
        return _UNCLOSED

    def _open_bracket(self, at: int) -> int:
        """Take note of a `[`, which the state has passed; return why the label has no end, or 0."""
        state = self._state
        inner = self._known.get((at, state.posMax), 0) if state.pos == at + 1 else _WITH_LINK
        if inner == _UNCLOSED or (inner == _WITH_LINK and self._disable_nested):
            self._record_open(inner, 0)
            return inner
        if inner > 0:
            state.pos = inner + 1
            return 0
        if state.pos == at + 1:
            self._open.append(at)
        if inner == _WITH_LINK:
            self._record_open(_WITH_LINK, self._with_link)
            self._with_link = len(self._open)
        return 0

    def _close_bracket(self, at: int) -> None:
        self._known.setdefault((self._open.pop(), self._state.posMax), at)
        self._with_link = min(self._with_link, len(self._open))

    def _record_open(self, found: int, first: int) -> None:
        for start in self._open[first:]:
            self._known.setdefault((start, self._state.posMax), found)
