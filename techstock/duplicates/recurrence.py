"""Labels and frames, learned from all notes: terms and headings that recur with other content.

A label recurs below other parents, and says other things there. A name does not: defined once in each of many notes,
it is one thing, the more surely the more often.
"""

from collections import Counter
from collections.abc import Iterable

import msgspec

from techstock.duplicates.checksums import NoteChecksums

Term = tuple[bool, str]
"""A term: is it nested, and its key."""

_PARENTS = 4  # a term that is below as many others may be a label
_PER_NOTE = 1.5  # parents: a name is defined once in a note, mostly
_IN_ONE_NOTE = 3  # parents below which it says as many things
_EVERYWHERE = 8  # parents below which a nested term says something else each time
_OTHER_THINGS = 0.8  # of all that it says
_AUTHORS = 3  # of all notes, by their front matter: each note is a publication of its own
_TEMPLATE = 6  # notes with a heading of one title
_FRAME = 4  # sections of one title with other content


class Recurrence(msgspec.Struct, frozen=True):
    """The terms that are labels, and the titles, plain, of headings: frames, those that list sources, and
    those that many notes have, whatever is below them.

    `is_anthology`: the notes are publications of several authors.
    """

    labels: frozenset[Term] = frozenset()
    frames: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    templates: frozenset[str] = frozenset()
    is_anthology: bool = False

    def listed(self) -> tuple[object, ...]:
        """Return all of it in a fixed order."""
        titles = (sorted(found) for found in (self.frames, self.sources, self.templates))
        return (sorted(self.labels), *titles, self.is_anthology)


def learn_recurrence(found: Iterable[NoteChecksums]) -> Recurrence:
    """Return what the notes with these handles tell."""
    notes = list(found)
    authors = {note.author for note in notes if note.author}
    return Recurrence(_labels(notes), *_titles(notes), len(authors) >= _AUTHORS)


def _labels(notes: list[NoteChecksums]) -> frozenset[Term]:
    often = Counter((nested, key) for note in notes for nested, key, _, _ in note.labels)
    often = Counter({term: count for term, count in often.items() if count >= _IN_ONE_NOTE})
    parents: dict[Term, set[str]] = {}
    says: dict[Term, Counter[int]] = {}
    stands: Counter[Term] = Counter()
    found: set[Term] = set()
    for note in notes:
        own: dict[Term, tuple[set[str], set[int]]] = {}
        for nested, key, above, said in note.labels:
            term = nested, key
            if term in often:
                below, things = own.setdefault(term, (set(), set()))
                below.add(above)
                things.add(said)
                says.setdefault(term, Counter())[said] += 1
        for term, (below, things) in own.items():
            stands[term] += 1
            parents.setdefault(term, set()).update(below)
            if min(len(below), len(things)) >= _IN_ONE_NOTE:
                found.add(term)
    for term, below in parents.items():
        total = says[term].total()
        differ = len(says[term]) / total
        per_note = len(below) / stands[term]
        recurs = len(below) >= _PARENTS and per_note >= _PER_NOTE and len(says[term]) >= _IN_ONE_NOTE
        if recurs or (term[0] and len(below) >= _EVERYWHERE and differ >= _OTHER_THINGS):
            found.add(term)
    return frozenset(found)


def _titles(notes: list[NoteChecksums]) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    contents: dict[str, set[int]] = {}
    entries: Counter[str] = Counter()
    leading: Counter[str] = Counter()
    stands: Counter[str] = Counter()
    for note in notes:
        stands.update({title for title, _, _, _ in note.titles})
        for title, content, count, leads in note.titles:
            contents.setdefault(title, set()).add(content)
            entries[title] += count
            leading[title] += leads
    frames = frozenset(title for title, some in contents.items() if len(some) >= _FRAME)
    sources = frozenset(title for title in frames if 2 * leading[title] > entries[title])
    return frames, sources, frozenset(title for title, count in stands.items() if count >= _TEMPLATE)
