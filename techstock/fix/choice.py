"""Choice of the fixes that are applied next."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from techstock.fix.checks import RenderCheck
from techstock.fix.edits import select_compatible_fixes
from techstock.model import Diagnostic, Edit, Fix, Note

_MAX_RENDERINGS = 64  # renderings of one note; hostile notes must not make it endless


def select_note_edits(fix: Fix, path: str) -> Iterator[Edit]:
    """Yield the edits of a fix in one note."""
    return (edit for edit in fix.edits if edit.place.path == path)


def find_changed_paths(fix: Fix) -> set[str]:
    """Return the paths of the notes that a fix changes."""
    return {edit.place.path for edit in fix.edits}


def choose_fixes(offered: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return the diagnostics whose fixes can be applied together."""
    by_fix = {id(d.problem.fix): d for d in offered}
    fixes = [d.problem.fix for d in by_fix.values() if d.problem.fix]
    return [by_fix[id(fix)] for fix in select_compatible_fixes(fixes)]


def find_harmful_fixes(chosen: Iterable[Diagnostic], notes: Mapping[str, Note]) -> list[Diagnostic]:
    """Return the diagnostics whose safe fix would change more of a rendered note than its edits say."""
    safe = [d for d in chosen if d.problem.fix and d.problem.fix.safe]
    found: list[Diagnostic] = []
    for path in sorted({path for d in safe for path in find_changed_paths(_require_fix(d))}):
        here = [d for d in safe if d not in found and path in find_changed_paths(_require_fix(d))]
        found += _HarmfulFixFinder(notes[path]).find_harmful(here)
    return found


class _HarmfulFixFinder:
    """Finds the harmful fixes of one note by bisection: tries all at once, then smaller and smaller parts."""

    def __init__(self, note: Note) -> None:
        self._path = note.path
        self._original = RenderCheck(note.text)
        self._good: list[Edit] = []
        self._tries = _MAX_RENDERINGS

    def find_harmful(self, candidates: Sequence[Diagnostic]) -> list[Diagnostic]:
        edits = [edit for d in candidates for edit in select_note_edits(_require_fix(d), self._path)]
        if self._is_harmless(edits):
            self._good += edits
            return []
        if len(candidates) == 1 or self._tries <= 0:
            return list(candidates)
        half = len(candidates) // 2
        return self.find_harmful(candidates[:half]) + self.find_harmful(candidates[half:])

    def _is_harmless(self, edits: Collection[Edit]) -> bool:
        self._tries -= 1
        return self._tries >= 0 and self._original.has_same_rendering([*self._good, *edits])


def _require_fix(diagnostic: Diagnostic) -> Fix:
    assert diagnostic.problem.fix is not None  # noqa: S101 (whoever is chosen has one)
    return diagnostic.problem.fix
