"""Checks that a planned merge makes the intended changes and no others, before anything is written."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from msgspec.structs import replace

from techstock.merge.change import KEPT, POINTER, SHARED, Change
from techstock.merge.cluster import RULES
from techstock.merge.errors import MergeError
from techstock.merge.outline import Item, block_keys, everything, outline
from techstock.merge.plan import Plan
from techstock.merge.saying import says, tokens
from techstock.model import Corpus, Diagnostic, Lines, Note, Place
from techstock.parse import again
from techstock.parse.rendering import rendered
from techstock.references.anchors import Anchors
from techstock.similarity.findings import findings

Check = Callable[[Corpus], Sequence[Diagnostic]]
_EXPECTED = frozenset({*RULES, "file-copy", "unused-ignore"})  # what merging may bring to light
_BY_HAND = "; merge these by hand"


def merged(corpus: Corpus, plan: Plan) -> Corpus:
    """Return the corpus after the merge. Raise `MergeError` if it would change more than intended."""
    notes = {path: again(corpus.by_path[path], new) for path, (_, new) in plan.texts.items()}
    after = replace(corpus, notes=tuple(notes.get(note.path, note) for note in corpus.notes))
    for path, note in notes.items():
        _check_note(corpus.by_path[path], note, _changes_in(note, plan))
    _check_kept(corpus, after, plan)
    _check_cluster(after, plan)
    return after


def _changes_in(note: Note, plan: Plan) -> list[Change]:
    """Return the planned changes of a note, in the order of their spans."""
    return sorted((one for one in plan.changes if one.place.path == note.path), key=lambda one: one.place)


def fresh(before: Sequence[Diagnostic], after: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Return the problems that are reported only after a merge. Raise `MergeError` for those a merge must not cause.

    A problem that moved from a copy into the kept entry is not new: no rule may report more problems than before.
    """
    known = Counter(map(_key, before))
    found = []
    for one in after:
        known[_key(one)] -= 1
        if known[_key(one)] < 0:
            found.append(one)
    more = Counter(one.rule for one in after)
    more.subtract(one.rule for one in before)
    for one in found:
        if one.rule not in _EXPECTED and more[one.rule] > 0:
            place = one.problem.place
            raise MergeError(f"in `{place.path}`, {one.rule} would report: {one.problem.message}{_BY_HAND}")
    return found


def _key(one: Diagnostic) -> tuple[str, str, str]:
    return one.rule, one.problem.place.path, one.fingerprint


def _check_note(before: Note, after: Note, own: Sequence[Change]) -> None:
    """Raise `MergeError` unless everything outside the changes renders as before and all headings keep their anchors.

    Raise it also if a kept or replaced copy is no longer a single entry.
    """
    touched = [one.place for one in own]
    moved = list(_moved(own))
    same = (
        _blocks(before, touched) == _blocks(after, moved)
        and _entries(before, touched) == _entries(after, moved)
        and Anchors(before).headings == Anchors(after).headings
        and [fault.message for fault in before.faults] == [fault.message for fault in after.faults]
    )
    if not same:
        raise MergeError(f"more of `{before.path}` would change than what is merged{_BY_HAND}")
    for change, place in zip(own, moved, strict=True):
        if change.kind in (KEPT, POINTER) and _at(after, place, change.kind) is None:
            raise MergeError(f"a copy in `{before.path}` would not be one entry any more{_BY_HAND}")


def _moved(own: Sequence[Change]) -> Iterable[Place]:
    """Yield the spans of the changes in the changed text."""
    grown = 0
    for one in own:
        start = one.place.start + grown
        yield Place(start, start + len(one.text))
        grown += len(one.text) - (one.place.end - one.place.start)


def _at(note: Note, place: Place, kind: str) -> int | None:
    """Return the index of the entry that covers exactly this span, from its marker (`kept`) or from its text."""
    for index, entry in enumerate(note.entries):
        start = entry.place.start if kind == KEPT else entry.head.start
        if (start, entry.place.end) == (place.start, place.end):
            return index
    return None


def _blocks(note: Note, touched: Sequence[Place]) -> list[str]:
    """Return the HTML of the top-level blocks that contain no change."""
    lines = Lines(note.text)
    ranges = [(lines.index(place.start), lines.index(max(place.end - 1, place.start))) for place in touched]
    return [
        block.html
        for block in rendered(note.text)
        if not any(block.first <= last and first < block.last for first, last in ranges)
    ]


def _entries(note: Note, touched: Sequence[Place]) -> list[tuple[str, int, bool]]:
    """Return the entries outside the changes: their text, depth, and whether they are numbered."""
    return [
        (entry.head.of(note.text), entry.depth, entry.ordered)
        for entry in note.entries
        if not any(_meets(entry.head, place) for place in touched)
    ]


def _meets(head: Place, place: Place) -> bool:
    """Return whether a change starts in the text of an entry, or the text starts in the change."""
    return place.start <= head.start < place.end or head.start <= place.start < head.end


def _check_kept(corpus: Corpus, after: Corpus, plan: Plan) -> None:
    """Raise `MergeError` unless the kept copy has all statements, images and links of the replaced copies."""
    kept = next(one for one in plan.changes if one.kind == KEPT)
    note = after.by_path[kept.place.path]
    home = _changes_in(note, plan)
    place = next(place for one, place in zip(home, _moved(home), strict=True) if one is kept)
    index = _at(note, place, KEPT)
    assert index is not None  # noqa: S101 (checked before)
    whole = outline(note, index)
    for change in plan.changes:
        if change.kind not in (KEPT, SHARED):
            copy = plan.cluster.copies[change.copy]
            if lost := lacking(whole, outline(corpus.notes[copy.note], copy.entry)):
                raise MergeError(f"`{lost[:40]}` in `{change.place.path}` would be lost{_BY_HAND}")


def lacking(whole: Item, copy: Item) -> str:
    """Return the first statement, image or link of a copy that the kept one lacks; empty if there is none."""
    said = list(everything(whole))
    seen = frozenset[str]().union(*(one.assets for one in said))
    every = "\0".join("\0".join(tokens(one.text)) for one in said)
    for one in everything(copy):
        own = tokens(one.text)
        if "\0".join(own) not in every and not any(says(other.text, one.text) for other in said):
            return one.text
        if lost := sorted(one.assets - seen):
            return lost[0]
    blocks = set(block_keys(whole))
    return next((key for key in block_keys(copy) if key.startswith(("fence", "code")) and key not in blocks), "")


def _check_cluster(after: Corpus, plan: Plan) -> None:
    """Raise `MergeError` if two of the copies would still be reported together."""
    ends = _ends(after, plan)
    for rule, name in RULES.items():
        if rule not in (plan.cluster.rule, "duplicate-definition", "duplicate-term", "term-repeated"):
            continue
        for finding in findings(after, name):
            if len(finding.members & ends) > 1 and not finding.ignored:
                raise MergeError(f"{rule} would still report these copies{_BY_HAND}")


def _ends(after: Corpus, plan: Plan) -> set[tuple[int, int]]:
    found: set[tuple[int, int]] = set()
    for number, note in enumerate(after.notes):
        for place in _moved(_changes_in(note, plan)):
            inner = [i for i, entry in enumerate(note.entries) if entry.place.start <= place.start < entry.place.end]
            found |= {(number, index) for index in inner[-1:]}
    return found
