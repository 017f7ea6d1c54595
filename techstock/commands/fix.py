"""The parts of `techstock lint` that change notes: fixes, and comments that ignore what is reported."""

import os
import shlex
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from posixpath import join
from typing import TYPE_CHECKING

import msgspec

from techstock.commands.console import is_terminal, print_message, write_patch
from techstock.commands.options import FixOptions
from techstock.commands.session import Session
from techstock.engine.diagnostic_groups import select_by_fingerprint
from techstock.model import Corpus, Diagnostic, Span
from techstock.project import Project
from techstock.project.git import GitError
from techstock.project.git_objects import hash_blob
from techstock.text.folders import show_named_paths
from techstock.text.phrases import format_count

if TYPE_CHECKING:
    from techstock.fix.edits import LinkedFix
    from techstock.fix.fix_loop import FixOutcome

_MAX_PLACES = 5  # links that are named in one sentence
CorpusCheck = Callable[[Corpus], Sequence[Diagnostic]]
ShowPath = Callable[[str], str]


class ChangeResult(msgspec.Struct, frozen=True):
    """Result of changing notes: the corpus as it is on disk now, the problems left in it, a summary and notices."""

    corpus: Corpus
    found: Sequence[Diagnostic]
    summary: str
    notices: tuple[str, ...]
    changed: bool
    failed: bool


def apply_fixes(work: Session, corpus: Corpus, check: CorpusCheck, options: FixOptions) -> ChangeResult:
    """Fix the notes of a session, and write them or, with `--diff`, print a patch."""
    from techstock.engine.timeouts import limit_corpus_time
    from techstock.fix.fix_loop import MAX_ROUNDS, fix_corpus

    with limit_corpus_time(corpus, MAX_ROUNDS * work.config.limits.seconds):  # it checks in each round
        outcome = fix_corpus(corpus, check, unsafe=options.unsafe, scope=work.scope)
    failed = dict[str, str]()
    said: tuple[str, ...] = ()
    if options.diff:
        _print_patch(outcome.groups, work)
    else:
        advice = _make_advice(outcome, work)
        failed = write_note_groups(outcome.groups, work)
        written = {path: count for path, count in _count_edits(outcome).items() if path not in failed}
        said = tuple(advice.format_sentences(written)) if advice and written else ()
    if failed:  # these are as before
        corpus = outcome.corpus.replace_notes({path: corpus.by_path[path] for path in failed})
        found = check(corpus)
    else:
        corpus, found = outcome.corpus, outcome.found
    summary, notices = (
        _format_fix_summary(outcome, failed, diff=options.diff),
        tuple(format_fix_notices(outcome, work.to_shown_path)),
    )
    return ChangeResult(corpus, found, summary, (*said, *notices), bool(outcome.groups), bool(failed))


def _make_advice(outcome: "FixOutcome", work: Session) -> "UndoAdvice | None":
    """Return what can tell a person about the changes; `None` if nobody is at a terminal. Call it before writing."""
    if not outcome.groups or not is_terminal(sys.stderr, os.environ):
        return None
    return UndoAdvice(work, {path: old for group in outcome.groups for path, (old, _) in group.items()})


def _count_edits(outcome: "FixOutcome") -> dict[str, int]:
    """Return the number of edits of each changed note."""
    changed = {path for group in outcome.groups for path in group}
    counts = dict.fromkeys(changed, 0)
    for one in outcome.fixed:
        for path in one.problem.fixed_paths & changed:
            counts[path] += len(one.problem.list_edits_of(path))
    return counts


def write_note_groups(groups: Iterable[Mapping[str, tuple[str, str]]], work: Session) -> dict[str, str]:
    """Write groups of notes, each from old to new text, and return the notes that failed with their errors.

    First remove temporary files that killed runs left beside the notes of the project.
    """
    from techstock.fix.write import WriteError, remove_stale_files, write_changes

    remove_stale_files(work.project.root, work.paths)
    failed: dict[str, str] = {}
    for group in groups:
        try:
            write_changes(work.project.root, group)
        except WriteError as error:
            failed |= dict.fromkeys(group, str(error))
    for message in sorted(set(failed.values())):
        print_message(f"error: {show_named_paths(message, failed, work.to_shown_path)}")
    return failed


def _print_patch(groups: Iterable[Mapping[str, tuple[str, str]]], work: Session) -> None:
    rows = (row for group in groups for path, texts in group.items() for row in _format_note_patch(work, path, texts))
    write_patch(rows)


def _format_note_patch(work: Session, path: str, texts: tuple[str, str]) -> Iterator[str]:
    from techstock.fix.patch import format_patch

    return format_patch(to_repository_path(work.project, path), *texts)


def to_repository_path(project: Project, path: str) -> str:
    """Return a path relative to the top of the repository, as a patch names it."""
    return join(project.base, path)


def _format_fix_summary(outcome: "FixOutcome", failed: dict[str, str], *, diff: bool) -> str:
    written = {path for group in outcome.groups for path in group} - set(failed)
    gone = [d for d in outcome.fixed if d.problem.fix and d.problem.fixed_paths <= written]
    verb = "would be fixed" if diff else "fixed"
    if not gone and failed:
        return f"nothing is fixed: {format_count(len(failed), 'note')} could not be written"
    return (
        f"{format_count(len(gone), 'problem')} {verb} in {format_count(len(written), 'note')}"
        if gone
        else "nothing to fix"
    )


def format_fix_notices(outcome: "FixOutcome", show: ShowPath) -> Iterator[str]:
    """Yield notices about fixes that were not applied; `show` makes paths of the project ones to paste."""
    refused = "is not applied"
    for fight in outcome.fights:
        notes = ", ".join(f"`{show(path)}`" for path in fight.paths)
        rules = " and ".join(fight.rules)
        how = "undo each other" if len(fight.rules) > 1 else "never come to an end"
        yield f"all fixes in {notes} are discarded: those of {rules} {how}"
    for diagnostic in outcome.refused:
        yield f"{_describe_fix(diagnostic, show)} {refused}: it would change more of what is shown than it says"
    for diagnostic in outcome.outside:
        notes = ", ".join(f"`{show(path)}`" for path in sorted(diagnostic.problem.fixed_paths))
        yield f"{_describe_fix(diagnostic, show)} {refused}: it changes {notes}, some of which are not named"
    for linked in outcome.linked:
        why = _explain_linked_fix(linked, outcome.corpus, show)
        yield f"{_describe_fix(linked.diagnostic, show)} {refused}: {why}"
    for path, links in outcome.waiting.items():
        where = _format_places(links, outcome.corpus, show)
        said = f"unsafe fixes in `{show(path)}` change what these links lead to: {where}"
        yield f"{said}; --unsafe-fixes changes them with it"


def _explain_linked_fix(linked: "LinkedFix", corpus: Corpus, show: ShowPath) -> str:
    where = _format_places(linked.links, corpus, show)
    if not linked.outside:
        return f"these links would no longer lead where they do: {where}"
    return f"links to what it changes are in notes that are not named: {where}"


def _format_places(places: Sequence[Span], corpus: Corpus, show: ShowPath) -> str:
    """Return the first places as `note.md:3`, and the number of the others."""
    lines = dict.fromkeys(f"`{show(place.path)}:{corpus.find_position(place)[0]}`" for place in places)
    shown = ", ".join([*lines][:_MAX_PLACES])
    return shown if len(lines) <= _MAX_PLACES else f"{shown} and {len(lines) - _MAX_PLACES:,} more"


def _describe_fix(diagnostic: Diagnostic, show: ShowPath) -> str:
    return f"a fix of {diagnostic.rule} in `{show(diagnostic.problem.place.path)}`"


_MAX_NOTICES = 5  # problems that are named where no comment can stand


def write_ignore_comments(
    work: Session, corpus: Corpus, check: CorpusCheck, reason: str, only: Collection[str] = (), *, diff: bool
) -> ChangeResult:
    """Write comments that ignore the problems reported now, or with `diff` print a patch, and return the result.

    With `only`, just the problems with these fingerprints are ignored, and told of.
    """
    from techstock.fix.ignore_comments import add_ignore_comments

    found = check(corpus)
    done = add_ignore_comments(corpus, found, check, reason, only)
    groups = [{path: (corpus.by_path[path].text, text)} for path, text in done.texts.items()]
    if diff:
        _print_patch(groups, work)
    failed = {} if diff else write_note_groups(groups, work)
    if failed:  # these are as before
        corpus = done.corpus.replace_notes({path: corpus.by_path[path] for path in failed})
        left = check(corpus)
    else:
        corpus, left = done.corpus, done.found
    if only:
        found, left = select_by_fingerprint(found, only), select_by_fingerprint(left, only)
    gone = len(found) - len(left)
    changed = len(groups) - len(failed)
    verb = "would be ignored" if diff else "ignored"
    summary = f"{format_count(gone, 'problem')} {verb} by comments in {format_count(changed, 'note')}"
    return ChangeResult(
        corpus,
        left,
        summary,
        tuple(_format_ignore_notices(left, corpus, work.to_shown_path)),
        bool(groups),
        bool(failed),
    )


def _format_ignore_notices(left: Sequence[Diagnostic], corpus: Corpus, show: ShowPath) -> Iterator[str]:
    """Yield notices that explain why the remaining problems are not ignored."""
    for one in left[:_MAX_NOTICES]:
        place = one.problem.place
        line, why = corpus.find_position(place)[0], _explain_not_ignored(one, corpus)
        yield f"{one.rule} in `{show(place.path)}`, line {line}, is not ignored: {why}"
    if len(left) > _MAX_NOTICES:
        yield f"{len(left) - _MAX_NOTICES:,} more are not ignored"


def _explain_not_ignored(one: Diagnostic, corpus: Corpus) -> str:
    from techstock import registry

    if registry.load_rule(one.rule).fixed:
        return "no comment can ignore this rule"
    if one.problem.place.path not in corpus.by_path:
        return "it is about a file that is not a note; `per-file` in the configuration can"
    return "a comment there would change more of the note"


_MAX_NOTES = 10  # that are named


class UndoAdvice:
    """Tells, of notes that are about to be changed, whether git can undo exactly the changes."""

    def __init__(self, work: Session, texts: Mapping[str, str]) -> None:
        self._work = work
        self._git = work.project.git
        self._others = sorted(texts.keys() - self._find_staged(texts)) if self._git else []

    def _find_staged(self, texts: Mapping[str, str]) -> set[str]:
        """Return the notes whose text is the one in git's index."""
        if self._git is None:
            return set()
        try:
            output = self._git.run("ls-files", "--stage", "-z")
        except GitError:
            return set()
        rows = (row.partition("\t") for row in os.fsdecode(output).split("\0") if row)
        blobs = {path: fields.split()[1] for fields, _, path in rows}
        return {path for path in texts.keys() & blobs.keys() if hash_blob(texts[path], blobs[path]) == blobs[path]}

    def format_sentences(self, edits: Mapping[str, int]) -> Iterator[str]:
        """Yield the sentences for these notes, each with the number of its edits."""
        shown = [
            f"`{self._display(path)}` ({format_count(edits[path], 'edit')})" for path in sorted(edits)[:_MAX_NOTES]
        ]
        more = f" and {format_count(len(edits) - _MAX_NOTES, 'more note')}" if len(edits) > _MAX_NOTES else ""
        yield f"changed: {', '.join(shown)}{more}"
        if self._git is None:
            yield "there is no git repository that could show or undo this; `--diff` shows changes before they are made"
            return
        others = [path for path in self._others if path in edits]
        alone = [path for path in sorted(edits) if path not in others]
        if alone:
            yield f"`git diff` shows the changes; {self._format_command(alone)}"
        if others:
            yield (
                f"{self._format_names(others)} had changes before that are not staged: `git diff` shows both, and "
                "`git restore` would undo both"
            )

    def _format_command(self, paths: Sequence[str]) -> str:
        if len(paths) > _MAX_NOTES:
            return "`git restore NOTE` undoes those of a note"
        return f"`git restore {' '.join(shlex.quote(self._display(path)) for path in paths)}` undoes them"

    def _format_names(self, paths: Sequence[str]) -> str:
        names = ", ".join(f"`{self._display(path)}`" for path in paths[:_MAX_NOTES])
        return names if len(paths) <= _MAX_NOTES else f"{names} and {len(paths) - _MAX_NOTES:,} more"

    def _display(self, path: str) -> str:
        return self._work.to_shown_path(path)
