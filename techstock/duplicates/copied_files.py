"""Files that are copies of others: of all text of the smaller, most is in the larger."""

import re
from collections.abc import Iterable

import msgspec
from msgspec.structs import replace

from techstock.duplicates.context import ComparisonContext
from techstock.duplicates.entries import make_natural_sort_key
from techstock.duplicates.normalize import casefold_nfkc, compute_weight
from techstock.model import Note

_COMMENT = re.compile(r"<!--.*?-->", re.S)
_MIN_COPIED_SHARE = 0.9  # of all text of the smaller note
_LIKELY = 0.4  # of what its entries say: below that no text is read
_MIN_ENTRIES = 100  # weight of the text of a note that is a file of its own


class CopiedNotePair(msgspec.Struct, frozen=True):
    """Two notes, by index; `share` is how much of all text of `smaller` is in `larger`, 0 to 1.

    `is_best`: of all notes of which `smaller` is a copy, `larger` is the first of those that share most.
    """

    smaller: int
    larger: int
    share: float
    is_best: bool = True

    @property
    def notes(self) -> frozenset[int]:
        return frozenset((self.smaller, self.larger))


def find_copies(views: ComparisonContext, equal: Iterable[tuple[int, int]]) -> tuple[CopiedNotePair, ...]:
    """Return the pairs of notes of which the smaller is mostly a copy; of two that are as large, the later.

    `equal` are pairs of units, by index, with one text.
    """
    shared: dict[tuple[int, int], set[int]] = {}
    for first, second in equal:
        one, other = views.units[first].note, views.units[second].note
        if one != other and not views.are_works(one, other):
            index = first if views.amounts[one][1] < views.amounts[other][1] else second
            smaller = views.units[index].note
            shared.setdefault((smaller, one + other - smaller), set()).add(index)
    texts: dict[int, dict[str, float]] = {}
    found: list[CopiedNotePair] = []
    for (smaller, larger), indexes in shared.items():
        if sum(views.units[index].weight for index in indexes) < _LIKELY * views.amounts[smaller][1]:
            continue
        for number in (smaller, larger):
            if number not in texts:
                texts[number] = _lines(views.corpus.notes[number])
        one, other = _by_size(views, texts, smaller, larger)
        share = _share(texts[one], texts[other])
        if share >= _MIN_COPIED_SHARE:
            found.append(CopiedNotePair(one, other, share))
    found.sort(key=lambda copy: (-copy.share, make_natural_sort_key(views.corpus.notes[copy.larger].path)))
    best: dict[int, CopiedNotePair] = {}
    for copy in found:
        best.setdefault(copy.smaller, copy)
    found.sort(
        key=lambda copy: [make_natural_sort_key(views.corpus.notes[one].path) for one in (copy.smaller, copy.larger)]
    )
    return tuple(replace(copy, is_best=best[copy.smaller] is copy) for copy in found)


def _by_size(views: ComparisonContext, texts: dict[int, dict[str, float]], a: int, b: int) -> tuple[int, int]:
    """Return two notes, by index, the smaller first; of two that are as large, the later."""
    sizes = [sum(texts[number].values()) for number in (a, b)]
    if sizes[0] == sizes[1]:
        b, a = sorted((a, b), key=lambda number: make_natural_sort_key(views.corpus.notes[number].path))
        return a, b
    return (a, b) if sizes[0] < sizes[1] else (b, a)


def _lines(note: Note) -> dict[str, float]:
    """Return the lines of a note below its front matter, without comments, folded, each once, with how much it says."""
    start = note.blocks[0].place.end if note.blocks and note.blocks[0].kind == "front-matter" else 0
    text = _COMMENT.sub("", casefold_nfkc(note.text[start:]))
    lines = {"".join(line.split()) for line in text.split("\n")}
    return {line: compute_weight(line) for line in lines if line}


def _share(smaller: dict[str, float], larger: dict[str, float]) -> float:
    total = sum(smaller.values())
    return sum(says for line, says in smaller.items() if line in larger) / total if total >= _MIN_ENTRIES else 0.0
