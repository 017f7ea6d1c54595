"""Checksums of the texts of a note, and the candidates for duplicates that they show: most notes need not be read."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from zlib import crc32

from techstock.model import Corpus, Note
from techstock.similarity.pairs import sentence_handles, term_handles
from techstock.similarity.sums import NONE, Handles
from techstock.similarity.units import Unit, of_note
from techstock.similarity.views import Term, frequent, group, labels, translated, works


def handles(note: Note) -> Handles:
    """Return the checksums of a note, computed once."""
    return note.worked_out("handles", lambda note: of_units(of_note(note)))


def common_labels(corpus: Corpus) -> frozenset[Term]:
    """Return the terms that appear under very many subjects in these notes; computed once for each corpus."""
    if "labels" not in corpus.memo:
        corpus.memo["labels"] = frequent(label for note in corpus.notes for label in handles(note).labels)
    found: frozenset[Term] = corpus.memo["labels"]
    return found


def of_units(units: Sequence[Unit]) -> Handles:
    """Return the checksums of a note from all its compared entries."""
    if not units:
        return NONE
    sums: list[int] = []
    owners: list[int] = []
    for owner, unit in enumerate(units):
        # A text without a definition is compared with what is nested in it; here it is enough that the text is one.
        own = [crc32(unit.own.encode("utf-8", "surrogatepass"))]
        own += [crc32(sentence.encode("utf-8", "surrogatepass"), 1) for sentence in sentence_handles(unit)]
        own += [crc32(term.encode("utf-8", "surrogatepass"), 2) for term in term_handles(unit)]
        sums += own
        owners += [owner] * len(own)
    lists = Counter((unit.list, unit.name) for unit in units if unit.name)
    return Handles(
        tuple(sums),
        tuple(owners),
        tuple(owner for owner, unit in enumerate(units) if lists[unit.list, unit.name] > 1),
        tuple(sorted(set(labels(units)))),
        len(units),
        sum(unit.weight for unit in units),
    )


def sharing(corpus: Corpus, found: Sequence[Handles]) -> dict[int, list[int]]:
    """Return the entries that may be part of a pair, by the index of their note: every pair lies within them.

    They include each entry that is repeated in a translation of its note, together with that repetition.
    """
    chosen: dict[int, set[int]] = {}
    for members in _compared(corpus, found):
        shared = _twice(found[number].sums for number in members)
        for number in members:
            own = found[number]
            owners = set(own.repeated)
            if not shared.isdisjoint(own.sums):
                owners.update(owner for sum_, owner in zip(own.sums, own.owners, strict=True) if sum_ in shared)
            if owners:
                chosen.setdefault(number, set()).update(owners)
    return {number: sorted(owners) for number, owners in chosen.items()}


def _compared(corpus: Corpus, found: Sequence[Handles]) -> Iterator[list[int]]:
    """Yield groups of notes, by index, whose entries are compared: one scope, or translations of one note."""
    groups: dict[object, list[int]] = {}
    for number, note in enumerate(corpus.notes):
        if found[number].count:
            groups.setdefault(group(note.path, number, corpus.duplicate_scope), []).append(number)
    yield from groups.values()
    if corpus.duplicate_scope == "file":  # else they stand within one scope
        yield from translated(works(corpus))


def _twice(sums: Iterable[tuple[int, ...]]) -> set[int]:
    """Return the checksums that occur at least twice in all."""
    seen: set[int] = set()
    twice: set[int] = set()
    for some in sums:
        new = set(some)
        twice |= new & seen
        seen |= new
        if len(new) < len(some):
            twice.update(sum_ for sum_, count in Counter(some).items() if count > 1)
    return twice
