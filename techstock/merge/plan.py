"""Plan of a merge: the new text of each note."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from techstock.fix.edits import edited
from techstock.merge.change import KEPT, SHARED, Change, changes
from techstock.merge.cluster import Cluster
from techstock.merge.moving import Moving
from techstock.merge.outline import everything, outline
from techstock.merge.pointing import Goal
from techstock.merge.saying import alike
from techstock.merge.union import Union
from techstock.model import Corpus, Note
from techstock.parse import again
from techstock.similarity.units import Unit
from techstock.similarity.words import plain, weight

_TELLING = 5  # in the weight of `words.weight`; shorter sentences are near by chance


class Plan(msgspec.Struct, frozen=True):
    """A planned merge: the changes of all copies, and the old and new texts of the changed notes.

    `near` are pairs of similar sentences in the kept copy: the first was there before, the second is added. `doubled`
    tells whether the copies contain different code.
    """

    cluster: Cluster
    changes: tuple[Change, ...]
    texts: dict[str, tuple[str, str]]
    near: tuple[tuple[str, str], ...]
    doubled: bool = False


class _United(NamedTuple):
    note: Note
    near: tuple[tuple[str, str], ...]
    doubled: bool


def plan(corpus: Corpus, cluster: Cluster) -> Plan:
    """Plan the merge of all copies into the one to keep. Raise `MergeError` if that is impossible."""
    kept = cluster.copies[cluster.kept]
    goal = Goal(corpus, kept)
    found: list[Change] = []
    for index in range(len(cluster.copies)):
        found += changes(corpus, cluster, index, goal) if index != cluster.kept else ()
    joined = sorted({change.copy for change in found if change.kind != SHARED})
    note, near, doubled = _united(corpus, kept, [cluster.copies[index] for index in joined])
    home = corpus.notes[kept.note]
    own = note.entries[kept.entry].place.of(note.text)
    found.append(Change(cluster.kept, KEPT, home.at(home.entries[kept.entry].place), own))
    found.sort(key=lambda change: (change.copy, change.place))
    return Plan(cluster, tuple(found), _texts(corpus, found), near, doubled)


def _united(corpus: Corpus, kept: Unit, copies: Sequence[Unit]) -> _United:
    """Return the note of the kept copy with everything the others say added, and what the user should review."""
    home = note = corpus.notes[kept.note]
    near: list[tuple[str, str]] = []
    doubled = False
    for copy in copies:
        own = outline(note, kept.entry)
        before = [one.text for one in everything(own)]
        union = Union(own, outline(corpus.notes[copy.note], copy.entry), Moving(corpus, home))
        note = again(home, edited(note.text, union.edits))
        doubled = doubled or union.doubled
        near += [(one, new) for new in union.added if (one := _nearest(before, new))]
    return _United(note, tuple(near), doubled)


def _nearest(before: Iterable[str], new: str) -> str:
    if weight(plain(new)) < _TELLING:
        return ""
    return next((one for one in before if alike(one, new)), "")


def _texts(corpus: Corpus, found: Iterable[Change]) -> dict[str, tuple[str, str]]:
    by_note: dict[str, list[Change]] = {}
    for change in found:
        by_note.setdefault(change.place.path, []).append(change)
    texts = {
        path: (corpus.by_path[path].text, _spliced(corpus.by_path[path].text, own)) for path, own in by_note.items()
    }
    return {path: pair for path, pair in texts.items() if pair[0] != pair[1]}


def _spliced(text: str, own: Sequence[Change]) -> str:
    """Return the text with the changes applied.

    `apply_edits` cannot be used: the kept copy already has the line endings of its note, and would get them twice.
    """
    for change in sorted(own, key=lambda change: change.place, reverse=True):
        text = text[: change.place.start] + change.text + text[change.place.end :]
    return text
