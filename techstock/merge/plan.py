"""Plan of a merge: the new text of each note."""

from collections.abc import Iterable, Sequence
from itertools import combinations, pairwise
from typing import NamedTuple

import msgspec

from techstock.analysis.entries import select_facts_starting_in
from techstock.analysis.protected_text import find_formula
from techstock.duplicates.entries import ComparedEntry
from techstock.duplicates.normalize import compute_weight, normalize_text
from techstock.duplicates.pair_suppressions import get_display_name
from techstock.duplicates.prose import get_compared_entry
from techstock.duplicates.term_keys import differ_in_head, strip_term_markup
from techstock.merge import MergeError
from techstock.merge.candidates import MergeCandidate
from techstock.merge.combine import CombinedCopy
from techstock.merge.copy_changes import (
    KEPT,
    SHARED,
    CopyChange,
    KeptCopyLinker,
    is_prose,
    plan_copy_changes,
    plan_prose_changes,
)
from techstock.merge.entry_tree import build_entry_tree, walk_sentences
from techstock.merge.relocation import Relocator
from techstock.merge.sentence_containment import is_similar
from techstock.model import Corpus, Note, Span
from techstock.parse import reparse
from techstock.text.edits import apply_edits

_MIN_SIMILAR_WEIGHT = 5  # in the weight of `words.weight`; shorter sentences are near by chance

_MAX_FORMULA_LENGTH = 40  # characters of a formula in a message


class MergePlan(msgspec.Struct, frozen=True):
    """A planned merge: the changes of all copies, and the old and new texts of the changed notes.

    `texts` is in the order in which the notes are to be written: the one that gains comes first, so that a process that
    is killed in between leaves a sentence twice rather than nowhere.
    `near` are pairs of similar sentences in the kept copy: the first was there before, the second is added. `doubled`
    tells whether the copies contain different code.
    """

    cluster: MergeCandidate
    changes: tuple[CopyChange, ...]
    texts: dict[str, tuple[str, str]]
    near: tuple[tuple[str, str], ...]
    doubled: bool = False


class _MergedNote(NamedTuple):
    note: Note
    near: tuple[tuple[str, str], ...]
    doubled: bool


def plan_merge(corpus: Corpus, cluster: MergeCandidate) -> MergePlan:
    """Plan the merge of all copies into the one to keep. Raise `MergeError` if that is impossible."""
    _check_copies(corpus, cluster)
    if is_prose(cluster):
        changes = plan_prose_changes(corpus, cluster)
        return MergePlan(cluster, tuple(changes), collect_changed_texts(corpus, changes), ())
    kept = cluster.copies[cluster.kept]
    goal = KeptCopyLinker(corpus, kept)
    found: list[CopyChange] = []
    for index in range(len(cluster.copies)):
        found += plan_copy_changes(corpus, cluster, index, goal) if index != cluster.kept else ()
    joined = sorted({change.copy for change in found if change.kind != SHARED})
    note, near, doubled = _merge_into_kept(corpus, kept, [cluster.copies[index] for index in joined])
    home = corpus.notes[kept.note]
    own = note.entries[kept.entry].place.extract_from(note.text)
    found.append(CopyChange(cluster.kept, KEPT, home.add_path_to(home.entries[kept.entry].place), own))
    found.sort(key=lambda change: (change.copy, change.place))
    texts = collect_changed_texts(corpus, found)
    first = {home.path: texts[home.path]} if home.path in texts else {}
    return MergePlan(cluster, tuple(found), first | texts, near, doubled)


def _check_copies(corpus: Corpus, cluster: MergeCandidate) -> None:
    """Raise `MergeError` if copies of this cluster must not be merged."""
    for copy in cluster.copies:
        note = corpus.notes[copy.note]
        if formula := find_formula(note, get_compared_entry(note, copy.entry).place):
            line, _ = note.lines.find_position(get_compared_entry(note, copy.entry).place.start)
            shown = strip_term_markup(formula)[:_MAX_FORMULA_LENGTH]
            raise MergeError(
                f"the copy at `{note.path}:{line}` holds a formula, `{shown}`, which a merge may break; "
                "merge these by hand"
            )
        _refuse_footnotes(note, get_compared_entry(note, copy.entry).place)
    for a, b in combinations(cluster.copies, 2):
        if differ_in_head(a, b):
            one, other = (strip_term_markup(get_display_name(corpus, unit)).strip() for unit in (a, b))
            raise MergeError(
                f"`{one}` and `{other}` have only what stands in parentheses in common, so they may be two things; "
                "merge these by hand"
            )


def _refuse_footnotes(note: Note, place: Span) -> None:
    """Raise `MergeError` for a reference in a copy: a merge would leave its footnote behind, or without a reference."""
    for one in select_facts_starting_in(note.footnotes, place):
        if one.kind != "text":
            line, _ = note.lines.find_position(place.start)
            raise MergeError(f"the copy at `{note.path}:{line}` has the footnote `[^{one.label}]`; merge these by hand")


def _merge_into_kept(corpus: Corpus, kept: ComparedEntry, copies: Sequence[ComparedEntry]) -> _MergedNote:
    """Return the note of the kept copy with everything the others say added, and what the user should review."""
    home = note = corpus.notes[kept.note]
    near: list[tuple[str, str]] = []
    doubled = False
    for copy in copies:
        own = build_entry_tree(corpus, note, kept.entry)
        before = [one.text for one in walk_sentences(own)]
        union = CombinedCopy(
            own, build_entry_tree(corpus, corpus.notes[copy.note], copy.entry), Relocator(corpus, home)
        )
        note = reparse(home, apply_edits(note.text, union.edits)) if union.edits else note
        doubled = doubled or union.doubled
        near += [(one, new) for new in union.added if (one := _find_similar_sentence(before, new))]
    return _MergedNote(note, tuple(near), doubled)


def _find_similar_sentence(before: Iterable[str], new: str) -> str:
    if compute_weight(normalize_text(new)) < _MIN_SIMILAR_WEIGHT:
        return ""
    return next((one for one in before if is_similar(one, new)), "")


def collect_changed_texts(corpus: Corpus, found: Iterable[CopyChange]) -> dict[str, tuple[str, str]]:
    """Return the old and the new text of each note that the changes alter. Raise `MergeError` if they overlap."""
    by_note: dict[str, list[CopyChange]] = {}
    for change in found:
        by_note.setdefault(change.place.path, []).append(change)
    texts = {
        path: (corpus.by_path[path].text, _apply_changes(corpus.by_path[path].text, own))
        for path, own in by_note.items()
    }
    return {path: pair for path, pair in texts.items() if pair[0] != pair[1]}


def _apply_changes(text: str, own: Sequence[CopyChange]) -> str:
    """Return the text with the changes applied. Raise `MergeError` if they overlap.

    `apply_edits` cannot be used: the kept copy already has the line endings of its note, and would get them twice.
    """
    changes = sorted(own, key=lambda change: change.place, reverse=True)
    if any(before.place.end > after.place.start for after, before in pairwise(changes)):
        raise MergeError(f"`{own[0].place.path}` holds copies within each other: merge these by hand")
    for change in changes:
        text = text[: change.place.start] + change.text + text[change.place.end :]
    return text
