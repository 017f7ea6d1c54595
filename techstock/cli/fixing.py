"""`techstock lint --fix`, `--fix-only` and `--diff`: apply fixes, or print them as a patch."""

from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from posixpath import join
from typing import TYPE_CHECKING

import msgspec

from techstock.cli.errors import UsageError
from techstock.cli.streams import escape_lines, print_message, require_stdout, write_stdout
from techstock.cli.task import Session
from techstock.model import Corpus, Diagnostic
from techstock.project import Project
from techstock.text.counts import format_count

if TYPE_CHECKING:  # it loads the parser, and wrong options are answered before that
    from techstock.fix.loop import FixOutcome

CorpusCheck = Callable[[Corpus], Sequence[Diagnostic]]


class ChangeResult(msgspec.Struct, frozen=True):
    """Result of changing notes: the corpus as it is on disk now, the problems left in it, a summary and notices."""

    corpus: Corpus
    found: Sequence[Diagnostic]
    summary: str
    notices: tuple[str, ...]
    changed: bool
    failed: bool


NoteChanger = Callable[[Session, Corpus, CorpusCheck, Namespace], ChangeResult]


def is_fix_requested(options: Namespace) -> bool:
    """Return whether fixes are requested. Raise `UsageError` for options that do not go together."""
    wanted: bool = options.fix or options.fix_only or options.diff
    if options.unsafe_fixes and not wanted:
        raise UsageError("--unsafe-fixes needs --fix, --fix-only or --diff")
    if (options.fix_only or options.diff) and (options.output_format or options.statistics):
        what = "--diff prints a patch" if options.diff else "--fix-only fixes"
        raise UsageError(f"{what} and reports nothing: leave out --output-format and --statistics")
    if wanted and not options.diff and options.stdin_filename is not None:
        raise UsageError("what comes from stdin cannot be fixed in place; --diff prints a patch of it")
    return wanted


def apply_fixes(work: Session, corpus: Corpus, check: CorpusCheck, options: Namespace) -> ChangeResult:
    """Fix the notes of a session, and write them or, with `--diff`, print a patch."""
    from techstock.engine.patience import limit_corpus_time
    from techstock.fix.loop import MAX_ROUNDS, fix_corpus

    with limit_corpus_time(corpus.notes, MAX_ROUNDS * work.config.seconds):  # it checks in each round
        outcome = fix_corpus(corpus, check, unsafe=options.unsafe_fixes, scope=work.scope)
    failed = dict[str, str]()
    if options.diff:
        _print_patch(outcome, work)
    else:
        failed = write_note_groups(outcome.groups, work)
    if failed:  # these are as before
        before = corpus.by_path
        notes = tuple(before[note.path] if note.path in failed else note for note in outcome.corpus.notes)
        corpus = msgspec.structs.replace(corpus, notes=notes)
        found = check(corpus)
    else:
        corpus, found = outcome.corpus, outcome.found
    changed = bool(outcome.groups)
    return ChangeResult(
        corpus,
        found,
        _format_fix_summary(outcome, failed, options),
        tuple(format_fix_notices(outcome)),
        changed,
        bool(failed),
    )


def write_note_groups(groups: Iterable[Mapping[str, tuple[str, str]]], work: Session) -> dict[str, str]:
    """Write groups of notes, each from old to new text, and return the notes that failed with their errors.

    First remove temporary files that killed runs left beside the notes of the project.
    """
    from techstock.fix.writing import WriteError, remove_stale_files, write_changes

    remove_stale_files(work.project.root, work.paths)
    failed: dict[str, str] = {}
    for group in groups:
        try:
            write_changes(work.project.root, group)
        except WriteError as error:
            failed |= dict.fromkeys(group, str(error))
    for message in sorted(set(failed.values())):
        print_message(f"error: {message}")
    return failed


def _print_patch(outcome: "FixOutcome", work: Session) -> None:
    rows = (
        row
        for group in outcome.groups
        for path, texts in group.items()
        for row in _format_note_patch(work, path, texts)
    )
    if require_stdout().isatty():  # a patch is for programs; what a terminal would obey is shown
        rows = (line for row in rows for line in escape_lines([row.rstrip("\r\n")]))
    write_stdout(rows)


def _format_note_patch(work: Session, path: str, texts: tuple[str, str]) -> Iterator[str]:
    from techstock.fix.diff import format_patch

    return format_patch(to_repository_path(work.project, path), *texts)


def to_repository_path(project: Project, path: str) -> str:
    """Return a path relative to the top of the repository, as a patch names it."""
    return join(project.base, path)


def _format_fix_summary(outcome: "FixOutcome", failed: dict[str, str], options: Namespace) -> str:
    written = {path for group in outcome.groups for path in group} - set(failed)
    gone = [d for d in outcome.fixed if d.problem.fix and {e.place.path for e in d.problem.fix.edits} <= written]
    verb = "would be fixed" if options.diff else "fixed"
    return (
        f"{format_count(len(gone), 'problem')} {verb} in {format_count(len(written), 'note')}"
        if gone
        else "nothing to fix"
    )


def format_fix_notices(outcome: "FixOutcome") -> Iterator[str]:
    """Yield notices about fixes that were not applied."""
    for fight in outcome.fights:
        notes = ", ".join(f"`{path}`" for path in fight.paths)
        rules = " and ".join(fight.rules)
        how = "undo each other" if len(fight.rules) > 1 else "never come to an end"
        yield f"all fixes in {notes} are discarded: those of {rules} {how}"
    for diagnostic in outcome.refused:
        yield f"{_describe_fix(diagnostic)} is not applied: it would change more of what is shown than it says"
    for diagnostic in outcome.outside:
        fix = diagnostic.problem.fix
        others = sorted({edit.place.path for edit in fix.edits}) if fix else []
        notes = ", ".join(f"`{path}`" for path in others)
        yield f"{_describe_fix(diagnostic)} is not applied: it changes {notes}, which are not all among the notes named"


def _describe_fix(diagnostic: Diagnostic) -> str:
    return f"a fix of {diagnostic.rule} in `{diagnostic.problem.place.path}`"
