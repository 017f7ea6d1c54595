"""What a note may share with others, in few bytes: it tells which notes cannot hold a duplicate without reading them."""

from collections.abc import Iterable, Sequence
from zlib import crc32

import msgspec

from techstock.model import Corpus, Note
from techstock.similarity.pairs import sentence_handles, term_handles, text_handles
from techstock.similarity.units import Unit, of_note
from techstock.similarity.views import Label, group, labels

_KINDS = (text_handles, sentence_handles, term_handles)


class Handles(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """Checksums of what units are compared by, each once; two that are equal may still be of different things.

    `repeats`: one of them stands for two units of this note, or a list holds a term twice. `labels` are the note's
    part of what `views.labels` counts.
    """

    sums: tuple[int, ...] = ()
    repeats: bool = False
    labels: tuple[Label, ...] = ()


NONE = Handles()


def handles(note: Note) -> Handles:
    """The handles of a note."""
    return note.worked_out("handles", lambda note: of_units(of_note(note)))


def of_units(units: Sequence[Unit]) -> Handles:
    """The handles of all units of one note."""
    if not units:
        return NONE
    sums: list[int] = []
    for kind, take in enumerate(_KINDS):
        for unit in units:
            for handle in take(unit):
                sums.append(crc32(f"{kind}{handle!r}".encode("utf-8", "backslashreplace")))
    lists = [(unit.list, unit.name) for unit in units if unit.name]
    once = sorted(set(sums))
    repeats = len(once) < len(sums) or len(set(lists)) < len(lists)
    return Handles(tuple(once), repeats, tuple(sorted(set(labels(units)))))


def sharing(corpus: Corpus, found: Sequence[Handles]) -> list[int]:
    """The notes, by index, that may hold one unit of a pair. Every pair lies within them."""
    groups: dict[object, list[int]] = {}
    for number, note in enumerate(corpus.notes):
        if found[number].sums:
            groups.setdefault(group(note.path, number, corpus.duplicate_scope), []).append(number)
    chosen: list[int] = []
    for members in groups.values():
        shared = _twice(found[number].sums for number in members)
        chosen += [n for n in members if found[n].repeats or not shared.isdisjoint(found[n].sums)]
    return chosen


def _twice(sums: Iterable[tuple[int, ...]]) -> set[int]:
    seen: set[int] = set()
    twice: set[int] = set()
    for some in sums:
        new = set(some)
        twice |= new & seen
        seen |= new
    return twice
