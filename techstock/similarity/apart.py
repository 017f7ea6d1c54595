"""Suppression of pairs by comments, from either side: `<!-- techstock: ignore RULE with="web.md#term" -->`.

All duplicate rules use it, and no other module decides this.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from posixpath import dirname, join, normpath
from unicodedata import normalize

from techstock.model import Corpus, Ignore, Note, Place
from techstock.model.ignores import Cover
from techstock.similarity.pairs import CONFLICT, EXACT, NEAR, REPEATED, SENTENCE, TERM, Pair
from techstock.similarity.units import Unit, parted
from techstock.similarity.views import Views
from techstock.text.labels import term_key

DEFINITION, FILE = "definition", "file"
# What comments call the rules of findings.
_NAMES = {
    DEFINITION: "duplicate-definition",
    TERM: "duplicate-term",
    REPEATED: "term-repeated",
    CONFLICT: "term-conflict",
    NEAR: "near-duplicate",
    FILE: "file-copy",
}
_Key = tuple[int, str, str, str]  # the note of the comment, by index, the rule, the path and the name of the other


class Apart:
    """Lookup of comments that suppress pairs of entries or notes; costs nothing if there are none."""

    def __init__(self, views: Views) -> None:
        self._views = views
        rules = set(_NAMES.values())
        grouped: dict[_Key, list[Ignore]] = {}
        for number, note in enumerate(views.corpus.notes):
            for ignore in note.ignores if note.directives else ():
                if ignore.rule in rules:
                    grouped.setdefault((number, ignore.rule, *_other(note, ignore)), []).append(ignore)
        self._covers = {key: Cover(group) for key, group in grouped.items()}

    def pair(self, pair: Pair, rule: str) -> tuple[str, tuple[Place, ...]]:
        """Return the rule that comments name to suppress a pair in a cluster of `rule`, and the spans of that name.

        It is the rule of the cluster, or the rule that would report the pair alone. Comments may be on one side or on
        both; no spans mean that the pair is not suppressed.
        """
        if not self._covers:
            return "", ()
        one, other = self._views.units[pair.first], self._views.units[pair.second]
        for named in dict.fromkeys((rule, DEFINITION if pair.kind in (EXACT, SENTENCE) else pair.kind)):
            if found := tuple(filter(None, (self._by(named, one, other), self._by(named, other, one)))):
                return named, found
        return "", ()

    def notes(self, one: int, other: int) -> tuple[Place, ...]:
        """Return the spans of the rule name in comments that suppress a file copy; both notes are given by index."""
        both = ((one, other), (other, one)) if self._covers else ()
        return tuple(found for note, its in both if (found := self._file(note, its)))

    def _file(self, note: int, other: int) -> Place | None:
        notes = self._views.corpus.notes
        return self._at(FILE, note, notes[note].lines.starts[0], [(_path(notes[other].path), ""), ("", "")])

    def _by(self, rule: str, unit: Unit, other: Unit) -> Place | None:
        corpus = self._views.corpus
        path = _path(corpus.notes[other.note].path)
        names = {term_key(name) for name in (name(corpus, other), _heading(corpus, other)) if name}
        calls = [*((path, name) for name in sorted(names)), (path, ""), ("", "")]
        return self._at(rule, unit.note, corpus.notes[unit.note].entries[unit.entry].head.start, calls)

    def _at(self, rule: str, number: int, at: int, calls: Iterable[tuple[str, str]]) -> Place | None:
        """Return the rule name's span in the comment that applies at offset `at` of a note and names the other half."""
        for call in calls:
            cover = self._covers.get((number, _NAMES[rule], *call))
            if cover and (ignore := cover.at(at)):
                return self._views.corpus.notes[number].at(ignore.name)
        return None


def _other(note: Note, ignore: Ignore) -> tuple[str, str]:
    """Return the path and the name of the other half; both are empty if a comment applies to every pair."""
    path, _, name = ignore.other.partition("#")
    if not ignore.other:
        return "", ""
    return _path(normpath(join(dirname(note.path), path)) if path else note.path), term_key(name)


def _path(path: str) -> str:
    return normalize("NFC", path)


def name(corpus: Corpus, unit: Unit) -> str:
    """Return the name of a copy for messages: its term, else the nearest term around it; empty if there is none."""
    note = corpus.notes[unit.note]
    index = unit.entry
    if unit.key and not note.entries[index].name:  # an arrow or dots stand for the colon
        return parted("", unit.text)[0]
    while index >= 0:
        if note.entries[index].name:
            return note.entries[index].name
        index = note.entries[index].parent
    return ""


def _heading(corpus: Corpus, unit: Unit) -> str:
    """Return the title of the preceding heading; empty if there is none."""
    note = corpus.notes[unit.note]
    start = note.entries[unit.entry].place.start
    index = bisect_left(note.headings, start, key=lambda heading: heading.place.start) - 1
    return note.headings[index].title if index >= 0 else ""


def together(pairs: Iterable[Pair], silenced: Iterable[Pair]) -> Iterator[list[Pair]]:
    """Yield the pairs of one cluster in connected groups that never contain both halves of a suppressed pair.

    Each pair is in at least one group; without suppressed pairs there is one group.
    """
    left = list(pairs)
    foes: dict[int, set[int]] = {}
    for pair in silenced:
        foes.setdefault(pair.first, set()).add(pair.second)
        foes.setdefault(pair.second, set()).add(pair.first)
    beside: dict[int, set[int]] = {}
    for pair in left:
        beside.setdefault(pair.first, set()).add(pair.second)
        beside.setdefault(pair.second, set()).add(pair.first)
    todo = list(left)
    while todo:
        members = _grown({todo[0].first, todo[0].second}, beside, foes)
        yield [pair for pair in left if pair.first in members and pair.second in members]
        todo = [pair for pair in todo if not (pair.first in members and pair.second in members)]


def _grown(members: set[int], beside: dict[int, set[int]], foes: dict[int, set[int]]) -> set[int]:
    """Return the members plus all entries that can be joined to them, the first in reading order before others."""
    fringe = set().union(*(beside[index] for index in members)) - members
    while fringe:
        index = min(fringe)
        fringe.discard(index)
        if foes.get(index, set()).isdisjoint(members):
            members.add(index)
            fringe |= beside[index] - members
    return members
