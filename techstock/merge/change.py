"""Changes to the copies that are not kept."""

from collections.abc import Iterator, Sequence

import msgspec

from techstock.merge.cluster import Cluster
from techstock.merge.outline import outline
from techstock.merge.pointing import Goal, pointer
from techstock.merge.saying import tokens
from techstock.merge.sentences import Sentence
from techstock.model import Corpus, Note, Place
from techstock.similarity.apart import name
from techstock.similarity.units import Unit
from techstock.similarity.words import plain, weight

KEPT, POINTER, SHARED, REMOVED = "kept", "pointer", "shared", "removed"
_SAYS = 8  # in the weight of `words.weight`; shorter sentences are shared by chance


class Change(msgspec.Struct, frozen=True):
    """A change of a copy: the text within `place` is replaced by `text`. `copy` is the copy's index in the candidate.

    `kind` is `kept`, `pointer` (a link replaces the whole definition), `shared` (a link replaces the sentences that the
    copy shares with the kept one), or `removed` (the entry is deleted, since the kept copy is in the same list).
    """

    copy: int
    kind: str
    place: Place
    text: str


def changes(corpus: Corpus, cluster: Cluster, index: int, goal: Goal) -> list[Change]:
    """Return the changes that replace the copy with this index."""
    copy, kept = cluster.copies[index], cluster.copies[cluster.kept]
    note = corpus.notes[copy.note]
    if not is_one_thing(cluster, copy, kept) and (runs := _shared(corpus, copy, kept)):
        return [Change(index, SHARED, note.at(place), text) for place, text in _linked(corpus, copy, runs, goal)]
    gone = _line(note, copy.entry) if (copy.note, copy.list) == (kept.note, kept.list) else None
    if gone:
        return [Change(index, REMOVED, note.at(gone), "")]
    place, text = pointer(corpus, copy, goal)
    return [Change(index, POINTER, note.at(place), text)]


def is_one_thing(cluster: Cluster, copy: Unit, kept: Unit) -> bool:
    """Return whether two copies are about the same thing, so that sentences of one may be added to the other."""
    if cluster.rule != "duplicate-definition" or copy.own == kept.own:
        return True
    if {(copy.note, copy.entry), (kept.note, kept.entry)} <= cluster.whole:
        return True
    return bool({copy.key, copy.short} & {kept.key, kept.short} - {""})


def _shared(corpus: Corpus, copy: Unit, kept: Unit) -> list[Sequence[Sentence]]:
    """Return the runs of sentences that a copy shares with the kept one; none if it says nothing else."""
    theirs = {tokens(one.text) for one in outline(corpus.notes[kept.note], kept.entry).sentences}
    item = outline(corpus.notes[copy.note], copy.entry)
    both = [tokens(one.text) in theirs and weight(plain(one.text)) >= _SAYS for one in item.sentences]
    if all(both) and not item.items and not item.blocks:
        return []
    runs: list[list[Sentence]] = []
    for at, one in enumerate(item.sentences):
        if both[at]:
            if at and both[at - 1]:
                runs[-1].append(one)
            else:
                runs.append([one])
    return list(runs)


def _linked(corpus: Corpus, copy: Unit, runs: Sequence[Sequence[Sentence]], goal: Goal) -> Iterator[tuple[Place, str]]:
    """Yield the replacements of the runs: a link for the first one, an empty text for the others."""
    note = corpus.notes[copy.note]
    link = f"→ {goal.link(note, name(corpus, copy))}"
    for run in runs:
        place = Place(run[0].place.start, run[-1].place.end)
        behind = note.text[place.end : place.end + 1]
        yield place, f"{link} " if link and behind.strip() else link
        link = ""


def _line(note: Note, index: int) -> Place | None:
    """Return the lines of an entry, with the gap to the next or previous entry; `None` if they contain anything else.

    `None` in numbered lists too, so that every entry keeps its number.
    """
    entry = note.entries[index]
    siblings = note.siblings[entry.list]
    at = siblings.index(index)
    start = note.lines.starts[note.lines.index(entry.place.start)]
    if entry.ordered or note.blocks[entry.list].quotes or note.text[start : entry.place.start].strip():
        return None
    if at + 1 < len(siblings):
        following = note.entries[siblings[at + 1]].place.start
        end = note.lines.starts[note.lines.index(following)]
        return Place(start, end) if not note.text[entry.place.end : following].strip() else None
    if not at:
        return None
    last = note.entries[siblings[at - 1]].place.end
    return Place(last, entry.place.end) if not note.text[last : entry.place.start].strip() else None
