"""The fix loop: choose fixes that do not overlap, apply them, check again, until none is left."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

import msgspec

from techstock.engine.fix_safety import find_failing, keeps_headings, renders_as_meant
from techstock.fix.edits import LinkedFix, find_links_to_unsafe_fixes, follow_links, select_compatible_fixes
from techstock.fix.render_check import RenderCheck
from techstock.model import Corpus, Diagnostic, Edit, Note, Span
from techstock.parse import reparse
from techstock.text.edits import apply_edits

_MAX_RENDERINGS = 64  # renderings of one note; hostile notes must not make it endless


def choose_fixes(offered: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return the diagnostics whose fixes can be applied together."""
    by_fix = {id(d.problem.fix): d for d in offered}
    fixes = [d.problem.fix for d in by_fix.values() if d.problem.fix]
    return [by_fix[id(fix)] for fix in select_compatible_fixes(fixes)]


def find_harmful_fixes(chosen: Iterable[Diagnostic], notes: Mapping[str, Note]) -> list[Diagnostic]:
    """Return the diagnostics whose safe fix would change more of a rendered note than its edits say."""
    safe = [d for d in chosen if d.problem.fix and d.problem.fix.safe]
    found: list[Diagnostic] = []
    for path in sorted({path for d in safe for path in d.problem.fixed_paths}):
        here = [d for d in safe if d not in found and path in d.problem.fixed_paths]
        found += find_failing(here, _NoteTrial(notes[path]).is_harmless)
    return found


class _NoteTrial:
    """Tries fixes of one note on top of those that were found harmless before."""

    def __init__(self, note: Note) -> None:
        self._note = note
        self._original = RenderCheck(note.text)
        self._good: list[Diagnostic] = []
        self._tries = _MAX_RENDERINGS

    def is_harmless(self, candidates: Sequence[Diagnostic]) -> bool:
        """Return whether these fixes change no more than their edits say; false if enough was rendered."""
        every = [*self._good, *candidates]
        self._tries -= 1
        if self._tries < 0 or not self._renders_as_said(every):
            return False
        if not keeps_headings(self._note, self._list_edits(every)):
            return False
        self._good = every
        return True

    def _renders_as_said(self, every: Sequence[Diagnostic]) -> bool:
        """Return whether the note changes no more than the edits say, and as the fixes mean that change markup."""
        marking = [d.problem.fix for d in every if d.problem.fix and d.problem.fix.meant]
        plain = self._list_edits(d for d in every if d.problem.fix and not d.problem.fix.meant)
        if marking and not renders_as_meant(
            self._note.text, self._list_edits(every), [*plain, *(edit for fix in marking for edit in fix.meant)]
        ):
            return False
        return not plain or self._original.has_same_rendering(plain)

    def _list_edits(self, some: Iterable[Diagnostic]) -> list[Edit]:
        return [edit for d in some for edit in d.problem.list_edits_of(self._note.path)]


MAX_ROUNDS = 10


class FixConflict(msgspec.Struct, frozen=True):
    """Notes whose fixes are all discarded, and the rules whose fixes never end."""

    paths: tuple[str, ...]
    rules: tuple[str, ...]


class FixOutcome(msgspec.Struct, frozen=True):
    """The corpus after its fixes, and the problems that are left to report.

    `groups` are the changed notes with their old and new texts; the notes of one group are written together or not at
    all. `fixed` are the problems that are gone, `refused` those whose safe fix would have changed more than it says,
    `outside` those whose fix also changes a note outside the scope, `linked` those whose fix would break links.
    `waiting` are the links to what unsafe fixes change that were not requested, by the notes of these fixes.
    """

    corpus: Corpus
    found: Sequence[Diagnostic]
    groups: tuple[dict[str, tuple[str, str]], ...] = ()
    fixed: tuple[Diagnostic, ...] = ()
    refused: tuple[Diagnostic, ...] = ()
    outside: tuple[Diagnostic, ...] = ()
    linked: tuple[LinkedFix, ...] = ()
    waiting: Mapping[str, tuple[Span, ...]] = {}
    fights: tuple[FixConflict, ...] = ()


def fix_corpus(
    corpus: Corpus,
    check: Callable[[Corpus], Sequence[Diagnostic]],
    *,
    unsafe: bool = False,
    scope: Collection[str] | None = None,
) -> FixOutcome:
    """Apply the safe fixes, and the `unsafe` ones if requested, and check again until nothing changes any more.

    After at most ten rounds every note is stable, has returned to an earlier text, or still changes. In the last two
    cases all its fixes are discarded, with those of notes that a fix changes together with it. Only notes in `scope`
    are changed (`None`: all). Nothing is written.
    """
    work = _FixRun(corpus, unsafe, scope)
    found = check(corpus)
    number = 1
    while batch := work.choose_batch(found):
        if number > MAX_ROUNDS:
            work.discard(frozenset(path for d in batch for path in d.problem.fixed_paths), 0)
        else:
            work.apply(batch, number)
        number += 1
        found = check(work.corpus)
    return work.make_outcome(found)


def apply_chosen_fixes(corpus: Corpus, chosen: Sequence[Diagnostic]) -> FixOutcome:
    """Apply the fixes of these problems of the corpus once, safe or not, with the edits of links to what they change.

    Those that cannot be applied are in the outcome, as with `fix_corpus`. Nothing is checked again, nor written.
    """
    work = _FixRun(corpus, True, None)
    batch = work.choose_batch(chosen)
    work.apply(batch, 1)
    return work.make_outcome([one for one in chosen if one.problem.fix not in [done.problem.fix for done in batch]])


class _FixRun:
    """The state of a run of fixes."""

    def __init__(self, corpus: Corpus, unsafe: bool, scope: Collection[str] | None) -> None:
        self.corpus = corpus
        self._original = corpus
        self._unsafe, self._scope = unsafe, scope
        self._seen: dict[str, dict[str, int]] = {}  # the texts of a note, with the round that made them
        self._applied: list[tuple[int, Diagnostic]] = []
        self._frozen: set[str] = set()
        self._refused: dict[tuple[str, str, str], Diagnostic] = {}
        self._outside: dict[tuple[str, str, str], Diagnostic] = {}
        self._linked: dict[tuple[str, str, str], LinkedFix] = {}
        self._fights: list[FixConflict] = []

    def choose_batch(self, found: Iterable[Diagnostic]) -> list[Diagnostic]:
        """Return the problems whose fixes are applied next."""
        offered = [d for d in found if self._is_allowed(d)]
        while offered:
            chosen = choose_fixes(offered)
            bad = find_harmful_fixes(chosen, self.corpus.by_path)
            self._refused |= {_diagnostic_key(d): d for d in bad}
            if not bad:
                followed = follow_links(self.corpus, chosen, self._scope)
                self._linked |= {_diagnostic_key(one.diagnostic): one for one in followed.refused}
                bad = [one.diagnostic for one in followed.refused]
                if not bad:
                    return list(followed.chosen)
            ids = {id(d) for d in bad}  # they made way for nothing: others may take their place
            offered = [d for d in offered if id(d) not in ids]
        return []

    def _is_allowed(self, diagnostic: Diagnostic) -> bool:
        fix = diagnostic.problem.fix
        if not fix or not (fix.safe or self._unsafe):
            return False
        paths = diagnostic.problem.fixed_paths
        if not paths or not all(path in self.corpus.by_path for path in paths) or paths & self._frozen:
            return False
        if self._scope is not None and not paths <= set(self._scope):
            self._outside[_diagnostic_key(diagnostic)] = diagnostic
            return False
        return True

    def apply(self, batch: Sequence[Diagnostic], number: int) -> None:
        """Apply the fixes of these problems to the notes; discard those of a note that returns to an earlier text."""
        notes = self.corpus.by_path
        changed: dict[str, Note] = {}
        for path in sorted({path for d in batch for path in d.problem.fixed_paths}):
            edits = [edit for d in batch for edit in d.problem.list_edits_of(path)]
            changed[path] = reparse(notes[path], apply_edits(notes[path].text, edits))
        self._applied += [(number, d) for d in batch]
        self.corpus = self.corpus.replace_notes(changed)
        for path, note in changed.items():
            seen = self._seen.setdefault(path, {notes[path].text: number - 1})
            if path not in self._frozen and note.text in seen:
                self.discard(frozenset((path,)), seen[note.text])
            seen[note.text] = number

    def discard(self, paths: frozenset[str], since: int) -> None:
        """Undo every fix of these notes; the rules in conflict are those that changed them after round `since`."""
        rules = {d.rule for number, d in self._applied if number > since and d.problem.fixed_paths & paths}
        together = set(paths)
        while (
            more := {p for _, d in self._applied if d.problem.fixed_paths & together for p in d.problem.fixed_paths}
            - together
        ):
            together |= more
        self._frozen |= together
        self._applied = [(number, d) for number, d in self._applied if not d.problem.fixed_paths & together]
        self._fights.append(FixConflict(tuple(sorted(together)), tuple(sorted(rules))))
        self.corpus = self.corpus.replace_notes({path: self._original.by_path[path] for path in together})

    def make_outcome(self, found: Sequence[Diagnostic]) -> FixOutcome:
        """Return the outcome of the run, with the problems `found` in the last check."""
        left = {_diagnostic_key(d) for d in found}
        return FixOutcome(
            self.corpus,
            found,
            tuple(self._group_changed_notes()),
            tuple(d for _, d in self._applied),
            tuple(d for key, d in self._refused.items() if key in left),
            tuple(d for key, d in self._outside.items() if key in left),
            tuple(one for key, one in self._linked.items() if key in left),
            {} if self._unsafe else find_links_to_unsafe_fixes(self.corpus, found),
            tuple(self._fights),
        )

    def _group_changed_notes(self) -> list[dict[str, tuple[str, str]]]:
        """Return the old and new texts of the changed notes; notes that one fix changes are grouped."""
        groups: list[frozenset[str]] = []
        for _, diagnostic in self._applied:
            paths = diagnostic.problem.fixed_paths
            joined = [group for group in groups if group & paths]
            groups = [group for group in groups if not group & paths]
            groups.append(paths.union(*joined))
        before, after = self._original.by_path, self.corpus.by_path
        return [
            {path: (before[path].text, after[path].text) for path in sorted(group)} for group in sorted(groups, key=min)
        ]


def _diagnostic_key(diagnostic: Diagnostic) -> tuple[str, str, str]:
    """Return a key of a problem that does not depend on its line."""
    return diagnostic.rule, diagnostic.problem.place.path, diagnostic.fingerprint
