"""Files that are copies of others: of all text of the smaller, most is in the larger."""

import re
from collections import Counter
from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from techstock.duplicates.candidates import find_similar_notes, fold_lines
from techstock.duplicates.context import ComparisonContext
from techstock.duplicates.entries import make_natural_sort_key
from techstock.duplicates.entry_kinds import is_project_path
from techstock.duplicates.kept_results import find_or_compute, make_key
from techstock.duplicates.normalize import compute_weight
from techstock.model import Corpus

_MIN_COPIED_SHARE = 0.8  # of all text of the smaller note
_WHOLE_SHARE = 0.95  # of a note that is a copy, however short
_MIN_FILE_WEIGHT = 100  # of the text of a note that is a file of its own
_MIN_PARTIAL_WEIGHT = 300  # of one of which only a part is in the other: short notes of one kind have lines in common
_MIN_VERSIONS = 2  # pairs of a series
_DIGITS = re.compile(r"[0-9]+")
# A version or a date in a path: `v2`, `impl04`, `draft-3`, `prototypes/02`, `20230830`.
_VERSION = re.compile(
    r"(?<![a-z])(?:v|ver|version|rev|revision|draft|impl|implementation|prototype|iteration)s?[-_ ./]?[0-9]+(?![a-z])"
    r"|(?<![0-9])(?:19|20)[0-9]{2}(?:[0-9]{4}|-[0-9]{2}-[0-9]{2})(?![0-9])",
    re.I,
)


class CopiedNotePair(msgspec.Struct, frozen=True):
    """Two notes, by index; `share` is how much of all text of `smaller` is in `larger`, 0 to 1.

    `are_equal`: one has as much text as the other, and `smaller` is the later in reading order.

    `is_best`: of all notes of which `smaller` is a copy, `larger` is the first of those that share most.
    """

    smaller: int
    larger: int
    share: float
    is_best: bool = True
    are_equal: bool = False

    @property
    def notes(self) -> frozenset[int]:
        return frozenset((self.smaller, self.larger))


def find_copies(views: ComparisonContext) -> tuple[CopiedNotePair, ...]:
    """Return the pairs of notes of which the smaller is mostly a copy; of two that are as large, the later."""
    corpus = views.corpus
    lines = _LineComparer(corpus)
    found: list[CopiedNotePair] = []
    for pair in find_similar_notes(corpus):
        if all(is_project_path(corpus.notes[number].path) for number in pair):
            continue  # each project has its own
        if views.are_works(*pair) or views.are_publications(*pair) or any(map(views.is_journal, pair)):
            continue
        copy = lines.compare_notes(*pair)
        if copy.share >= _MIN_COPIED_SHARE:
            found.append(copy)
    found = _drop_versions(found, [note.path for note in corpus.notes])
    found.sort(key=lambda copy: (-copy.share, make_natural_sort_key(corpus.notes[copy.larger].path)))
    best: dict[int, CopiedNotePair] = {}
    for copy in found:
        best.setdefault(copy.smaller, copy)
    found.sort(key=lambda copy: [make_natural_sort_key(corpus.notes[one].path) for one in (copy.smaller, copy.larger)])
    return tuple(replace(copy, is_best=best[copy.smaller] is copy) for copy in found)


class _LineComparison(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Two notes, of which `is_smaller` tells whether the first has less text; both have as much if `are_equal`."""

    share: float
    is_smaller: bool
    are_equal: bool


class _LineComparer:
    """Compares the lines of notes; those of a note are read once, and not at all if the result is kept."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._lines: dict[int, dict[str, float]] = {}

    def compare_notes(self, a: int, b: int) -> CopiedNotePair:
        """Return how much of the smaller of two notes is in the other; of two that are as large, of the later."""
        later, first = sorted(
            (a, b), key=lambda number: make_natural_sort_key(self._corpus.notes[number].path), reverse=True
        )
        found = find_or_compute(
            self._corpus,
            make_key("lines", self._corpus, (later, first)),
            lambda: self._compare(self._weigh_lines(later), self._weigh_lines(first)),
            _LineComparison,
        )
        smaller, larger = (later, first) if found.is_smaller else (first, later)
        return CopiedNotePair(smaller, larger, found.share, are_equal=found.are_equal)

    def _compare(self, later: dict[str, float], first: dict[str, float]) -> _LineComparison:
        sizes = sum(later.values()), sum(first.values())
        is_smaller = sizes[0] <= sizes[1]
        share = _share(later, first) if is_smaller else _share(first, later)
        return _LineComparison(share, is_smaller, sizes[0] == sizes[1])

    def _weigh_lines(self, number: int) -> dict[str, float]:
        if number not in self._lines:
            lines = fold_lines(self._corpus.notes[number])
            self._lines[number] = {line: compute_weight(line) for line in lines}
        return self._lines[number]


def _drop_versions(found: Sequence[CopiedNotePair], paths: Sequence[str]) -> list[CopiedNotePair]:
    """Return the pairs without those of a series of versions, which are kept on purpose: `v1.md`, `v2.md`, `v3.md`.

    The paths of a series differ in a number only, and several pairs are within it; one such pair may be a slip, unless
    a word says that the number is a version. A number that only one path has is a copy's: `a.md`, `a 1.md`.
    """
    found = [copy for copy in found if copy.share == 1 or not _differ_in_version(*(paths[one] for one in copy.notes))]
    patterns = [{_DIGITS.sub("0", paths[number]) for number in copy.notes} for copy in found]
    counts = Counter(next(iter(pattern)) for pattern in patterns if len(pattern) == 1)
    return [
        copy
        for copy, pattern in zip(found, patterns, strict=True)
        if len(pattern) > 1 or counts[next(iter(pattern))] < _MIN_VERSIONS or copy.share == 1
    ]


def _differ_in_version(one: str, other: str) -> bool:
    ours, theirs = (set(_VERSION.findall(path)) for path in (one, other))
    return ours != theirs


def _share(smaller: dict[str, float], larger: dict[str, float]) -> float:
    """Return how much of a note is in another, 0 to 1; 0 for a note that says too little."""
    total = sum(smaller.values())
    if total < _MIN_FILE_WEIGHT:
        return 0.0
    share = sum(weight for line, weight in smaller.items() if line in larger) / total
    return share if share >= _WHOLE_SHARE or total >= _MIN_PARTIAL_WEIGHT else 0.0
