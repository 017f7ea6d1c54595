"""Selection of fixes that can be applied together."""

from bisect import bisect_right, insort
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise

import msgspec
from msgspec.structs import replace

from techstock.engine.fix_safety import find_failing
from techstock.links.inbound_links import LinkUpdates, plan_link_updates
from techstock.model import Corpus, Diagnostic, Edit, Fix, Note, Span
from techstock.parse import reparse
from techstock.text.edits import apply_edits


def select_compatible_fixes(fixes: Iterable[Fix]) -> list[Fix]:
    """Return fixes of which no two edit the same or adjacent characters, safe ones first, then by position.

    A fix is taken with all its edits or not at all. Of two that conflict, the safe one is preferred, then the first in
    the text; the same edit in two fixes is no conflict. Adjacent fixes are kept apart because each was made for the
    text beside it: after the first is applied, the second is checked again. The order of `fixes` does not matter.
    """
    taken: dict[str, list[tuple[Span, str]]] = {}
    chosen = []
    for fix in sorted(fixes, key=_fix_sort_key):
        edits = _sort_distinct_edits(fix)
        if (
            edits
            and not _has_overlapping_edits(edits)
            and all(_is_free(edit, taken.get(edit[0].path, [])) for edit in edits)
        ):
            chosen.append(fix)
            for edit in edits:
                others = taken.setdefault(edit[0].path, [])
                if edit not in others[bisect_right(others, edit) - 1 : bisect_right(others, edit)]:
                    insort(others, edit)
    return chosen


def _fix_sort_key(fix: Fix) -> tuple[bool, list[tuple[str, Span, str]], str]:
    return not fix.safe, sorted((edit.place.path, edit.place, edit.text) for edit in fix.edits), fix.message


def _sort_distinct_edits(fix: Fix) -> list[tuple[Span, str]]:
    return sorted({(edit.place, edit.text) for edit in fix.edits}, key=lambda edit: (edit[0].path, edit))


def _has_overlapping_edits(edits: list[tuple[Span, str]]) -> bool:
    """Return whether edits of one fix, in order, overlap, which is a bug of the rule. Adjacent edits are allowed."""
    return any(a.path == b.path and (b.start < a.end or a == b) for (a, _), (b, _) in pairwise(edits))


def _is_free(edit: tuple[Span, str], others: list[tuple[Span, str]]) -> bool:
    """Return whether an edit equals one of `others` (of the same note, in order), or touches none of them."""
    place = edit[0]
    index = bisect_right(others, place.end, key=lambda other: other[0].start) - 1
    while index >= 0 and others[index][0].end >= place.start:
        if others[index] != edit:
            return False
        index -= 1
    return True


_MAX_TRIALS = 64  # each parses the changed notes again; hostile notes must not make it endless


class LinkedFix(msgspec.Struct, frozen=True):
    """A fix that is not applied because of these links: they lead to what it changes.

    `outside` are the paths of those notes with such a link that must not be changed; without any, no edit of the links
    would make them lead where they led.
    """

    diagnostic: Diagnostic
    links: tuple[Span, ...]
    outside: tuple[str, ...] = ()


class FollowedFixes(msgspec.Struct, frozen=True):
    """Fixes with the edits of links that belong to them, and those that cannot be applied."""

    chosen: tuple[Diagnostic, ...]
    refused: tuple[LinkedFix, ...]


def follow_links(corpus: Corpus, chosen: Sequence[Diagnostic], scope: Collection[str] | None) -> FollowedFixes:
    """Add to fixes the edits of all links that lead to what they change; refuse those that would break a link.

    Only notes in `scope` are edited (`None`: all). Of two fixes, one that makes a link and one that changes what it
    leads to, the second is refused: once the link is there, it can follow.
    """
    trial = _LinkTrial(corpus, scope)
    if trial.accept(chosen):
        return FollowedFixes(trial.list_fixes(), ())
    causes = trial.updates.early | {path for path, _ in (*trial.updates.broken, *trial.updates.edits)}
    suspects = [one for one in chosen if one.problem.fixed_paths & causes]
    ids = {id(one) for one in suspects}
    innocent = [one for one in chosen if id(one) not in ids]
    if not trial.accept(innocent):
        suspects, innocent = list(chosen), []
    bad = find_failing(suspects, trial.accept)
    return FollowedFixes(trial.list_fixes(), tuple(_explain(corpus, one, scope) for one in bad))


def collect_edits(fixes: Iterable[Diagnostic]) -> dict[str, list[Edit]]:
    """Return the edits of fixes by the paths of their notes."""
    edits: dict[str, list[Edit]] = {}
    for one in fixes:
        for edit in one.problem.fix.edits if one.problem.fix else ():
            edits.setdefault(edit.place.path, []).append(edit)
    return edits


def plan_updates(corpus: Corpus, edits: Mapping[str, Sequence[Edit]]) -> LinkUpdates:
    """Return what these edits make of the links of all notes. Raise `ValueError` if they overlap."""
    return plan_link_updates(corpus, _apply(corpus, edits), edits)


def _apply(corpus: Corpus, edits: Mapping[str, Sequence[Edit]]) -> dict[str, Note]:
    notes = corpus.by_path
    return {path: reparse(notes[path], apply_edits(notes[path].text, own)) for path, own in edits.items()}


class _LinkTrial:
    """Tries fixes on top of those that were accepted before."""

    def __init__(self, corpus: Corpus, scope: Collection[str] | None) -> None:
        self._corpus, self._scope = corpus, scope
        self._good: list[Diagnostic] = []
        self._edits: tuple[tuple[str, Edit], ...] = ()
        self._tries = _MAX_TRIALS
        self.updates = LinkUpdates()  # of the last trial

    def accept(self, candidates: Sequence[Diagnostic]) -> bool:
        """Accept these fixes, and return true, if all links lead where they led, by edits of notes in the scope."""
        every = [*self._good, *candidates]
        self._tries -= 1
        if self._tries < 0:
            return False
        edits = collect_edits(every)
        self.updates = plan_updates(self._corpus, edits)
        if (
            self.updates.broken
            or self.updates.early
            or not all(_is_in(edit.place.path, self._scope) for _, edit in self.updates.edits)
        ):
            return False
        if self.updates.edits and not self._is_enough(edits, [edit for _, edit in self.updates.edits]):
            return False
        self._good, self._edits = every, self.updates.edits
        return True

    def _is_enough(self, edits: Mapping[str, Sequence[Edit]], more: Sequence[Edit]) -> bool:
        """Return whether with `more` edits of links nothing is left to change."""
        both = {path: list(own) for path, own in edits.items()}
        for edit in more:
            both.setdefault(edit.place.path, []).append(edit)
        try:
            left = plan_updates(self._corpus, both)
        except ValueError:  # two of them overlap
            return False
        return left == LinkUpdates()

    def list_fixes(self) -> tuple[Diagnostic, ...]:
        """Return the accepted fixes; the first one of each note holds the edits of the links to it."""
        due: dict[str, list[Edit]] = {}
        for path, edit in self._edits:
            due.setdefault(path, []).append(edit)
        found = []
        for one in self._good:
            more = [edit for path in sorted(one.problem.fixed_paths) for edit in due.pop(path, ())]
            found.append(_add_edits(one, more) if more else one)
        return tuple(found)


def _add_edits(one: Diagnostic, more: Sequence[Edit]) -> Diagnostic:
    fix = one.problem.fix
    assert fix is not None  # noqa: S101 (it was chosen for its fix)
    edits = tuple(dict.fromkeys((*fix.edits, *more)))
    return replace(one, problem=replace(one.problem, fix=Fix(fix.message, edits, fix.safe)))


def _explain(corpus: Corpus, one: Diagnostic, scope: Collection[str] | None) -> LinkedFix:
    updates = plan_updates(corpus, collect_edits([one]))
    outside = sorted({edit.place.path for _, edit in updates.edits if not _is_in(edit.place.path, scope)})
    links = [link for _, link in updates.broken] or [edit.place for _, edit in updates.edits]
    return LinkedFix(one, tuple(links), tuple(outside) if not updates.broken else ())


def _is_in(path: str, scope: Collection[str] | None) -> bool:
    return scope is None or path in scope


def find_links_to_unsafe_fixes(corpus: Corpus, found: Iterable[Diagnostic]) -> dict[str, tuple[Span, ...]]:
    """Return the links that lead to what the unsafe fixes of a note change, by its path; notes without are left out."""
    by_path: dict[str, list[Diagnostic]] = {}
    for one in found:
        if one.problem.fix and not one.problem.fix.safe:
            for path in one.problem.fixed_paths & corpus.by_path.keys():
                by_path.setdefault(path, []).append(one)
    links: dict[str, tuple[Span, ...]] = {}
    for path, own in by_path.items():
        edits = _select_disjoint([edit for one in own for edit in one.problem.list_edits_of(path)])
        updates = plan_updates(corpus, {path: edits})
        places = [*(edit.place for _, edit in updates.edits), *(place for _, place in updates.broken)]
        if places:
            links[path] = tuple(sorted(dict.fromkeys(places), key=lambda place: (place.path, place)))
    return links


def _select_disjoint(edits: Iterable[Edit]) -> list[Edit]:
    chosen: list[Edit] = []
    for edit in sorted(set(edits), key=lambda edit: (edit.place, edit.text)):
        if not chosen or chosen[-1].place.end < edit.place.start:
            chosen.append(edit)
    return chosen
