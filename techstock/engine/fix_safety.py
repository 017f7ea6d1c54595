"""Decide whether a fix is offered, and whether it is safe: a rule proposes it, the changed notes have the last word."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar
from urllib.parse import unquote

from msgspec.structs import replace

from techstock.analysis.protected_text import StableText, touches_protected_text
from techstock.model import Edit, Fix, Note, Problem, Span, compute_once

_TRIES = 64  # notes parsed again for one rule on one note; hostile notes must not make it endless
_TAG = r"(?s)<!--(?:(?!<!--).)*?-->|<[^<>]*>"

_Item = TypeVar("_Item")
Shown = tuple[list[tuple[int, str]], tuple[str, ...], set[str]]
"""Level and text of each heading as a reader sees it, their anchors, and all anchors of the note."""


Recheck = Callable[[Note], Iterable[Problem]]


def settle_safety(
    problems: Sequence[Problem], find: Callable[[str], Note | None], recheck: Recheck | None = None
) -> tuple[Problem, ...]:
    """Return the problems with the fixes that are offered, each marked unsafe that changes a heading or an anchor.

    Links in any note may lead to a heading, and which of two equal headings they lead to depends on how many stand
    before it. A fix is not offered if a reader would no longer see a word that it does not take away, if it changes
    code, a formula or the like, or if the rule, which `recheck` runs on one note, would still report the problem.
    `find` returns the note at a path, or `None`; it is given the path of each edit.
    """
    by_path: dict[str, list[int]] = {}
    for index, problem in enumerate(problems):
        for path in problem.fixed_paths:
            by_path.setdefault(path, []).append(index)
    useless, unsafe = set[int](), set[int]()
    for path, indexes in by_path.items():
        if note := find(path):
            fixes = {index: problems[index].list_edits_of(path) for index in indexes}
            starts = {index: problems[index].place.start for index in indexes}
            changed = _ChangedNote(note)
            effects = _Effects(changed, starts, recheck)
            useless |= effects.find_useless(fixes)
            useless |= effects.find_misleading({index: problems[index].fix for index in indexes})
            safe = {index: edits for index, edits in fixes.items() if _is_safe(problems[index])}
            unsafe |= _Headings(changed).find_changing(safe)
    return tuple(
        replace(problem, fix=None) if index in useless else _settle_fix(problem, unsafe=index in unsafe)
        for index, problem in enumerate(problems)
    )


def _is_safe(problem: Problem) -> bool:
    return problem.fix is not None and problem.fix.safe


def _settle_fix(problem: Problem, *, unsafe: bool) -> Problem:
    fix = problem.fix
    if fix is None or not (fix.meant or (unsafe and fix.safe)):
        return problem
    is_safe = fix.safe and not unsafe
    return replace(problem, fix=replace(fix, safe=is_safe, meant=fix.meant if is_safe else ()))


class _ChangedNote:
    """A note, parsed again after edits of it."""

    def __init__(self, note: Note) -> None:
        self.note = note
        self._first: tuple[str, Note] | None = None  # both questions are mostly asked of all fixes of a rule alone

    def parse_after(self, edits: Iterable[Edit]) -> Note | None:
        """Return the note after these edits; `None` if they overlap."""
        from techstock.parse import reparse  # late: most notes have no fix
        from techstock.text.edits import apply_edits

        try:
            text = apply_edits(self.note.text, edits)
        except ValueError:
            return None
        if self._first and self._first[0] == text:
            return self._first[1]
        after = reparse(self.note, text)
        self._first = self._first or (text, after)
        return after


class _Effects:
    """Finds the fixes that do not have the effect that they were made for."""

    def __init__(self, changed: _ChangedNote, starts: Mapping[int, int], recheck: Recheck | None) -> None:
        self._changed, self._note, self._starts, self._recheck = changed, changed.note, starts, recheck
        self._tries = _TRIES

    def find_useless(self, fixes: Mapping[int, Sequence[Edit]]) -> set[int]:
        """Return the keys of the fixes that hide words or leave their problem, and of those not tried in time.

        Nor may they change what is no prose. Edits within running text have no effect on anything else, and are not
        tried.
        """
        touching = {
            key for key, edits in fixes.items() if any(touches_protected_text(self._note, edit) for edit in edits)
        }
        texts = compute_once(self._note, StableText)
        left = {key: edits for key, edits in fixes.items() if key not in touching and not all(map(texts.holds, edits))}

        def passes(keys: Sequence[int]) -> bool:
            self._tries -= 1
            edits = [edit for key in keys for edit in left[key]]
            after = self._changed.parse_after(edits) if self._tries >= 0 else None
            return after is not None and self._keeps_words(after, edits) and not self._is_reported(after, keys, edits)

        return touching | set(find_failing(list(left), passes))

    def find_misleading(self, fixes: Mapping[int, Fix | None]) -> set[int]:
        """Return the keys of the unsafe fixes that are not rendered as their rule means them.

        A safe one is right for all that its rule knows, and rendered when it is applied.
        """
        meant = {key: (fix.edits, fix.meant) for key, fix in fixes.items() if fix and fix.meant and not fix.safe}

        def passes(keys: Sequence[int]) -> bool:
            self._tries -= 1
            if self._tries < 0:
                return False
            sides = zip(*(meant[key] for key in keys), strict=True)
            fixed, wanted = ([edit for edits in side for edit in edits] for side in sides)
            return renders_as_meant(self._note.text, fixed, wanted)

        return set(find_failing(list(meant), passes))

    def _keeps_words(self, after: Note, edits: Iterable[Edit]) -> bool:
        lost = compute_once(self._note, _ShownContent).subtract(_ShownContent(after))
        for place in {edit.place for edit in edits} if lost else ():
            lost -= _count_letters(place.extract_from(self._note.text))
        return not (lost and lost - _count_image_letters(after))

    def _is_reported(self, after: Note, keys: Sequence[int], edits: Sequence[Edit]) -> bool:
        """Return whether the rule reports a problem where one of these fixes was to solve it."""
        if self._recheck is None:
            return False
        from techstock.text.edits import OffsetShift

        shift = OffsetShift(self._note.text, edits)
        there = {problem.place.start for problem in self._recheck(after)}
        return any(shift.move_offset(self._starts[key]) in there for key in keys)


def renders_as_meant(text: str, fixed: Iterable[Edit], meant: Iterable[Edit]) -> bool:
    """Return whether a text is rendered alike after edits and after those that write with HTML what they are to do."""
    from techstock.parse.render import render_blocks
    from techstock.text.edits import apply_edits

    try:
        texts = [apply_edits(text, edits) for edits in (fixed, meant)]
    except ValueError:
        return False
    pages = ("".join(block.html for block in render_blocks(text)).replace("strong>", "b>") for text in texts)
    return next(pages) == next(pages)


class _ShownContent:
    """Counts the letters, links and images that a note shows.

    They come from the facts, because every note with a fix is checked. Before a fix is written, the renderer judges it.
    """

    def __init__(self, note: Note) -> None:
        self._pieces = Counter(_iter_shown_pieces(note))
        self._objects = Counter({"<a": len(note.links), "<img": len(note.images)})

    def subtract(self, other: "_ShownContent") -> Counter[str]:
        """Return what this note shows more of than the other. Letters of pieces that both show are not counted."""
        more, less = self._pieces - other._pieces, other._pieces - self._pieces
        letters = _count_letters("".join(more.elements())) - _count_letters("".join(less.elements()))
        return letters + (self._objects - other._objects)


def _count_image_letters(note: Note) -> Counter[str]:
    """Count the letters in the source of images."""
    return _count_letters(unquote("".join(image.place.extract_from(note.text) for image in note.images)))


def _iter_shown_pieces(note: Note) -> Iterator[str]:
    for place in note.running_text:
        yield place.extract_from(note.text)
    for span in note.spans:
        if span.kind == "code":
            yield span.place.extract_from(note.text)
    for block in note.blocks:
        if block.kind in ("fence", "code", "html"):
            text = block.place.extract_from(note.text)
            yield text.partition("\n")[2] if block.kind == "fence" else re.sub(_TAG, "", text)


def _count_letters(text: str) -> Counter[str]:
    return Counter(filter(str.isalnum, text))


def keeps_headings(note: Note, edits: Sequence[Edit]) -> bool:
    """Return whether a note has the same headings and anchors after these edits."""
    return not _Headings(_ChangedNote(note)).find_changing({0: edits})


class _Headings:
    """Finds the edits that change the headings of a note."""

    def __init__(self, changed: _ChangedNote) -> None:
        self._changed, self._note = changed, changed.note
        self._shown: Shown | None = None
        self._tries = _TRIES

    def find_changing(self, fixes: Mapping[int, Sequence[Edit]]) -> set[int]:
        """Return the keys of the fixes that change a heading or an anchor, and of those not parsed in time."""
        texts = compute_once(self._note, StableText)
        left = {key: edits for key, edits in fixes.items() if not all(map(texts.holds, edits))}
        after = self._after(left)
        if after is None:
            return self._search(left)
        if self._is_same(after):
            return set()
        # Most of what changes a heading stands on its line.
        suspects = {key for key, edits in left.items() if self._is_on_heading(edits)}
        suspects |= self._on_new_headings(left, after)
        return suspects | self._search({key: edits for key, edits in left.items() if key not in suspects})

    def _search(self, fixes: dict[int, Sequence[Edit]]) -> set[int]:
        """Return the keys of those that change a heading."""

        def passes(keys: Sequence[int]) -> bool:
            after = self._after({key: fixes[key] for key in keys})
            return after is not None and self._is_same(after)

        return set(find_failing(list(fixes), passes))

    def _after(self, fixes: dict[int, Sequence[Edit]]) -> Note | None:
        """Return the note after these fixes; `None` if they overlap, or if enough was parsed."""
        if not fixes:
            return self._note
        self._tries -= 1
        if self._tries < 0:
            return None
        return self._changed.parse_after(edit for edits in fixes.values() for edit in edits)

    def _is_same(self, after: Note) -> bool:
        if after is self._note:
            return True
        if self._shown is None:
            self._shown = _shown(self._note)
        return _shown(after) == self._shown

    def _is_on_heading(self, edits: Sequence[Edit]) -> bool:
        return any(_heading_on(self._note, edit.place) for edit in edits)

    def _on_new_headings(self, fixes: dict[int, Sequence[Edit]], after: Note) -> set[int]:
        """Return the keys of the fixes with an edit on a line that is a heading after them."""
        found, grown = set(), 0
        distinct: dict[tuple[Span, str], list[int]] = {}
        for key, edits in fixes.items():
            for edit in edits:
                distinct.setdefault((edit.place, edit.text), []).append(key)
        for (place, text), keys in sorted(distinct.items()):
            start = place.start + grown
            if _heading_on(after, Span(start, start + len(text))):
                found.update(keys)
            grown += len(text) - (place.end - place.start)
        return found


def _shown(note: Note) -> Shown:
    from techstock.links.anchors import get_anchors, iter_heading_texts

    anchors = get_anchors(note)
    levels = (heading.level for heading in note.headings)
    return list(zip(levels, iter_heading_texts(note), strict=True)), anchors.headings, anchors.all


def _heading_on(note: Note, place: Span) -> bool:
    """Return whether a heading stands on a line of a place."""
    first, last = note.lines.find_line(place.start), note.lines.find_line(place.end)
    index = bisect_right(note.headings, last, key=lambda heading: note.lines.find_line(heading.place.start)) - 1
    return index >= 0 and note.lines.find_line(note.headings[index].place.end) >= first


def find_failing(items: Sequence[_Item], passes: Callable[[Sequence[_Item]], bool]) -> list[_Item]:
    """Return the items that `passes` refuses, in their order: all are tried together, then ever smaller parts."""
    if not items or passes(items):
        return []
    if len(items) == 1:
        return list(items)
    half = len(items) // 2
    return find_failing(items[:half], passes) + find_failing(items[half:], passes)
