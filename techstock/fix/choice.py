"""Choice of the fixes that are applied next."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from techstock.fix.checks import Original
from techstock.fix.edits import compatible
from techstock.model import Diagnostic, Edit, Fix, Note

_TRIES = 64  # renderings of one note; hostile notes must not make it endless


def edits_of(fix: Fix, path: str) -> Iterator[Edit]:
    """Yield the edits of a fix in one note."""
    return (edit for edit in fix.edits if edit.place.path == path)


def paths_of(fix: Fix) -> set[str]:
    """Return the paths of the notes that a fix changes."""
    return {edit.place.path for edit in fix.edits}


def choose(offered: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return the diagnostics whose fixes can be applied together."""
    by_fix = {id(d.problem.fix): d for d in offered}
    fixes = [d.problem.fix for d in by_fix.values() if d.problem.fix]
    return [by_fix[id(fix)] for fix in compatible(fixes)]


def refused(chosen: Iterable[Diagnostic], notes: Mapping[str, Note]) -> list[Diagnostic]:
    """Return the diagnostics whose safe fix would change more of a rendered note than its edits say."""
    safe = [d for d in chosen if d.problem.fix and d.problem.fix.safe]
    found: list[Diagnostic] = []
    for path in sorted({path for d in safe for path in paths_of(_fix(d))}):
        here = [d for d in safe if d not in found and path in paths_of(_fix(d))]
        found += _Sieve(notes[path]).refused(here)
    return found


class _Sieve:
    """Finds the harmful fixes of one note by bisection: tries all at once, then smaller and smaller parts."""

    def __init__(self, note: Note) -> None:
        self._path = note.path
        self._original = Original(note.text)
        self._good: list[Edit] = []
        self._tries = _TRIES

    def refused(self, candidates: Sequence[Diagnostic]) -> list[Diagnostic]:
        edits = [edit for d in candidates for edit in edits_of(_fix(d), self._path)]
        if self._keeps(edits):
            self._good += edits
            return []
        if len(candidates) == 1 or self._tries <= 0:
            return list(candidates)
        half = len(candidates) // 2
        return self.refused(candidates[:half]) + self.refused(candidates[half:])

    def _keeps(self, edits: Collection[Edit]) -> bool:
        self._tries -= 1
        return self._tries >= 0 and self._original.keeps([*self._good, *edits])


def _fix(diagnostic: Diagnostic) -> Fix:
    assert diagnostic.problem.fix is not None  # noqa: S101 (whoever is chosen has one)
    return diagnostic.problem.fix
