"""Checks that a planned merge makes the intended changes and no others, before anything is written."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from techstock.duplicates.clusters import find_clusters
from techstock.duplicates.entries import ComparedEntry
from techstock.duplicates.prose import get_compared_entry, list_compared_entries
from techstock.duplicates.term_keys import strip_term_markup
from techstock.engine.diagnostic_groups import list_all_parts
from techstock.links.anchors import get_anchors
from techstock.links.inbound_links import find_lost_targets
from techstock.links.resolver import Destination
from techstock.merge import MergeError
from techstock.merge.candidates import MERGEABLE_RULES, find_innermost_entry
from techstock.merge.copy_changes import KEPT, REMOVED, REPLACED, SHARED, CopyChange, is_prose
from techstock.merge.entry_tree import (
    EntryTree,
    build_entry_tree,
    collect_content,
    iter_content,
    walk_block_keys,
    walk_entries,
    walk_sentences,
)
from techstock.merge.plan import MergePlan, collect_changed_texts
from techstock.merge.sentence_containment import has_statement, tokenize_sentence
from techstock.merge.sentence_split import split_sentences
from techstock.model import Corpus, Diagnostic, LineIndex, Note, Span
from techstock.parse import reparse
from techstock.parse.render import render_blocks

CorpusCheck = Callable[[Corpus], Sequence[Diagnostic]]
_ALLOWED_NEW_RULES = frozenset({*MERGEABLE_RULES, "file-copy", "unused-ignore"})  # what merging may bring to light
_BY_HAND = "; merge these by hand"


def apply_plan(corpus: Corpus, plan: MergePlan) -> Corpus:
    """Return the corpus after the merge. Raise `MergeError` if it would change more than intended."""
    return apply_plans(corpus, [plan])


def apply_plans(corpus: Corpus, plans: Sequence[MergePlan]) -> Corpus:
    """Return the corpus after several merges, all planned on it. Raise `MergeError` if one would change more.

    Raise it also if two of them change one place.
    """
    changes = [change for plan in plans for change in plan.changes]
    texts = collect_changed_texts(corpus, changes)
    notes = {path: reparse(corpus.by_path[path], new) for path, (_, new) in texts.items()}
    after = corpus.replace_notes(notes)
    for path, note in notes.items():
        _check_note(corpus.by_path[path], note, _select_note_changes(note, changes))
    _check_link_targets(corpus, notes)
    places = _locate_all_changes(changes)
    for number, plan in enumerate(plans):
        try:
            _check_content(corpus, after, plan, places)
            _check_copies_resolved(after, plan, places)
        except MergeError as error:
            error.number = number
            raise
    return after


def _check_link_targets(corpus: Corpus, notes: Mapping[str, Note]) -> None:
    """Raise `MergeError` if a link in any note leads to something in these notes that is gone, such as a block's id."""
    for link in find_lost_targets(corpus, notes):
        line, _ = corpus.find_position(link.place)
        raise MergeError(f"`{link.place.path}:{line}` links to `{link.name}`, which would be gone{_BY_HAND}")


def _select_note_changes(note: Note, changes: Iterable[CopyChange]) -> list[CopyChange]:
    """Return the planned changes of a note, in the order of their spans."""
    return sorted((one for one in changes if one.place.path == note.path), key=lambda one: one.place)


def _locate_all_changes(changes: Sequence[CopyChange]) -> dict[Span, Span]:
    """Return the spans of changes in the changed texts, by their spans before."""
    by_note: dict[str, list[CopyChange]] = {}
    for change in sorted(changes, key=lambda one: one.place):
        by_note.setdefault(change.place.path, []).append(change)
    return {
        one.place: Span(place.start, place.end, path)
        for path, own in by_note.items()
        for one, place in zip(own, _locate_changes(own), strict=True)
    }


def find_new_problems(before: Sequence[Diagnostic], after: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Return the problems that are reported only after a merge. Raise `MergeError` for those a merge must not cause.

    A problem that moved from a copy into the kept entry is not new: no rule may report more problems than before.
    """
    was, now = list_all_parts(before), list_all_parts(after)
    known = Counter(map(_diagnostic_key, was))
    found = []
    for one in now:
        known[_diagnostic_key(one)] -= 1
        if known[_diagnostic_key(one)] < 0:
            found.append(one)
    more = Counter(one.rule for one in now)
    more.subtract(one.rule for one in was)
    for one in found:
        if one.rule not in _ALLOWED_NEW_RULES and more[one.rule] > 0:
            place = one.problem.place
            raise MergeError(f"in `{place.path}`, {one.rule} would report: {one.problem.message}{_BY_HAND}")
    return found


def _diagnostic_key(one: Diagnostic) -> tuple[str, str, str]:
    return one.rule, one.problem.place.path, one.fingerprint


def _check_note(before: Note, after: Note, own: Sequence[CopyChange]) -> None:
    """Raise `MergeError` unless everything outside the changes renders as before and all headings keep their anchors.

    Raise it also if a kept or replaced copy is no longer a single entry.
    """
    touched = [one.place for one in own]
    moved = list(_locate_changes(own))
    same = (
        _render_untouched_blocks(before, touched) == _render_untouched_blocks(after, moved)
        and _list_untouched_entries(before, touched) == _list_untouched_entries(after, moved)
        and get_anchors(before).headings == get_anchors(after).headings
        and [fault.message for fault in before.faults] == [fault.message for fault in after.faults]
    )
    if not same:
        raise MergeError(f"more of `{before.path}` would change than what is merged{_BY_HAND}")
    for change, place in zip(own, moved, strict=True):
        if change.kind in (KEPT, REPLACED) and _find_exact_entry(after, place, change.kind) is None:
            raise MergeError(f"a copy in `{before.path}` would not be one entry any more{_BY_HAND}")


def _locate_changes(own: Sequence[CopyChange]) -> Iterable[Span]:
    """Yield the spans of the changes in the changed text."""
    grown = 0
    for one in own:
        start = one.place.start + grown
        yield Span(start, start + len(one.text))
        grown += len(one.text) - (one.place.end - one.place.start)


def _find_exact_entry(note: Note, place: Span, kind: str) -> int | None:
    """Return the index of the entry that covers exactly this span, from its marker (`kept`) or from its text."""
    for index, entry in enumerate(list_compared_entries(note)):
        start = entry.place.start if kind == KEPT else entry.head.start
        if (start, entry.place.end) == (place.start, place.end):
            return index
    return None


def _render_untouched_blocks(note: Note, touched: Sequence[Span]) -> list[str]:
    """Return the HTML of the top-level blocks that contain no change."""
    lines = LineIndex(note.text)
    ranges = [(lines.find_line(place.start), lines.find_line(max(place.end - 1, place.start))) for place in touched]
    return [
        block.html
        for block in render_blocks(note.text)
        if not any(block.first <= last and first < block.last for first, last in ranges)
    ]


def _list_untouched_entries(note: Note, touched: Sequence[Span]) -> list[tuple[str, int, bool]]:
    """Return the entries outside the changes: their text, depth, and whether they are numbered."""
    return [
        (entry.head.extract_from(note.text), entry.depth, entry.ordered)
        for entry in note.entries
        if not any(_is_touched(entry.head, place) for place in touched)
    ]


def _is_touched(head: Span, place: Span) -> bool:
    """Return whether a change starts in the text of an entry, or the text starts in the change."""
    return place.start <= head.start < place.end or head.start <= place.start < head.end


def _check_content(corpus: Corpus, after: Corpus, plan: MergePlan, places: Mapping[Span, Span]) -> None:
    """Raise `MergeError` unless everything that the copies say is in the kept one, or is left where it was."""
    if is_prose(plan.cluster):
        _check_prose(corpus, after, plan, places)
        return
    trees = dict(_build_trees_after(after, plan, places))
    kept = next(trees[change.place] for change in plan.changes if change.kind == KEPT)
    whole, here = collect_content(kept), dict[int, dict[str, str]]()
    for change in plan.changes:
        if change.place in trees:
            here.setdefault(change.copy, {}).update(collect_content(trees[change.place]))
    for change in plan.changes:
        copy = plan.cluster.copies[change.copy]
        was = build_entry_tree(corpus, corpus.notes[copy.note], copy.entry)
        lost = find_missing_content(kept, was) if change.kind in (REPLACED, REMOVED) else ""
        left = whole.keys() | here.get(change.copy, {}).keys()
        lost = lost or next((said for key, said in collect_content(was).items() if key not in left), "")
        if lost:
            raise MergeError(f"`{lost[:40]}` in `{change.place.path}` would be lost{_BY_HAND}")


def _check_prose(corpus: Corpus, after: Corpus, plan: MergePlan, places: Mapping[Span, Span]) -> None:
    """Raise `MergeError` unless all that is replaced is in the kept copy, which does not change, or is left."""
    kept = plan.cluster.copies[plan.cluster.kept]
    home = corpus.notes[kept.note]
    whole = dict(iter_content(corpus, home, get_compared_entry(home, kept.entry).place))
    said = _read_sentences(corpus, kept)
    for change in plan.changes:
        note, place = corpus.by_path[change.place.path], places[change.place]
        left = dict(iter_content(after, after.by_path[place.path], place))
        content = iter_content(corpus, note, change.place)
        lost = next((text for key, text in content if key not in whole and key not in left), "")
        sentences = _read_sentences(corpus, plan.cluster.copies[change.copy])
        if lost := lost or next((text for tokens, text in sentences.items() if tokens not in said), ""):
            raise MergeError(f"`{lost[:40]}` in `{change.place.path}` would be lost{_BY_HAND}")


def _read_sentences(corpus: Corpus, copy: ComparedEntry) -> dict[tuple[str, ...], str]:
    """Return the sentences of a definition, by their words."""
    note = corpus.notes[copy.note]
    if copy.form:
        entry = get_compared_entry(note, copy.entry)
        sentences = split_sentences(corpus, note, entry.definition or entry.place)
    else:
        sentences = list(walk_sentences(build_entry_tree(corpus, note, copy.entry)))
    return {tokenize_sentence(one.text): one.text for one in sentences}


def _build_trees_after(after: Corpus, plan: MergePlan, places: Mapping[Span, Span]) -> Iterator[tuple[Span, EntryTree]]:
    """Yield the entries that hold what is left of the copies, each with the place of its change before it."""
    for change in plan.changes:
        place = places[change.place]
        note = after.by_path[place.path]
        index = None
        if change.kind == SHARED:
            around = [i for i, entry in enumerate(note.entries) if entry.place.start <= place.start <= entry.place.end]
            index = around[-1] if around else None
        elif change.kind != REMOVED:
            index = _find_exact_entry(note, place, change.kind)
        if index is not None:
            yield change.place, build_entry_tree(after, note, index)


def find_missing_content(whole: EntryTree, copy: EntryTree) -> str:
    """Return the first name, statement, image or link of a copy that the kept one lacks; empty if there is none."""
    said = list(walk_sentences(whole))
    names = {key for item in walk_entries(whole) for key in (item.key, item.short)}
    for item in walk_entries(copy):
        if item is not copy and not {item.key, item.short} <= {*names, ""}:
            return strip_term_markup(item.note.entries[item.entry].name).strip()
    seen = frozenset[Destination]().union(*(one.assets for one in said))
    every = "\0".join("\0".join(tokenize_sentence(one.text)) for one in said)
    for one in walk_sentences(copy):
        own = tokenize_sentence(one.text)
        if "\0".join(own) not in every and not any(has_statement(other.text, one.text) for other in said):
            return one.text
        if lost := one.assets - seen:
            return min(f"{to.path}#{to.fragment}".rstrip("#") for to in lost)
    blocks = set(walk_block_keys(whole))
    return next((key for key in walk_block_keys(copy) if key.startswith(("fence", "code")) and key not in blocks), "")


def _check_copies_resolved(after: Corpus, plan: MergePlan, places: Mapping[Span, Span]) -> None:
    """Raise `MergeError` if two of the copies would still be reported together."""
    ends = {end for change in plan.changes if (end := find_innermost_entry(after, places[change.place]))}
    for rule, name in MERGEABLE_RULES.items():
        if rule not in (plan.cluster.rule, "duplicate-definition", "duplicate-term", "term-repeated"):
            continue
        for finding in find_clusters(after, name):
            if len(finding.members & ends) > 1 and not finding.ignored:
                raise MergeError(f"{rule} would still report these copies{_BY_HAND}")
