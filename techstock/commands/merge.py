"""`techstock merge`: show the copies of an entry and when they were written, and merge them."""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from techstock.commands.console import print_messages, write_stdout
from techstock.commands.corpus_loading import load_until_unchanged
from techstock.commands.errors import UsageError
from techstock.commands.explain import find_entry_at_line, require_single_note
from techstock.commands.merge_preview import MergePreview, format_preview
from techstock.commands.options import SessionOptions
from techstock.commands.session import Session, open_session
from techstock.config import Settings, resolve_severity
from techstock.duplicates.prose import get_compared_entry
from techstock.engine import diagnose
from techstock.engine.rule_runs import make_rule_runs
from techstock.merge import MergeError
from techstock.merge.candidates import (
    MERGEABLE_RULES,
    find_copies_of_note,
    find_merge_candidates,
    find_nested_copies,
    find_suppressing_comment,
)
from techstock.merge.copy_changes import CopySummary, summarize_copy
from techstock.merge.plan import MergePlan, plan_merge
from techstock.merge.reading import list_cluster_warnings
from techstock.merge.verification import apply_plans, find_new_problems
from techstock.model import OFF, Corpus, Note
from techstock.project import Project
from techstock.project.git import GitError
from techstock.project.git_blame import LineDates, NoteBlame, is_shallow_clone
from techstock.text.phrases import format_count


def find_copy_dates(project: Project, copies: Sequence[CopySummary]) -> tuple[tuple[LineDates, ...], str]:
    """Return when each copy was written, or no dates and the reason why they are not known."""
    git = project.git
    if git is None:
        return (), "when these were written is not known: the notes are in no git repository"
    try:
        shallow = is_shallow_clone(git)
        blames = {path: NoteBlame(git, path, shallow=shallow) for path in sorted({copy.path for copy in copies})}
    except GitError as error:
        return (), f"when these were written is not known: {error}"
    return tuple(blames[copy.path].find_line_dates(copy.lines) for copy in copies), ""


MAX_REMARKS = 5  # of what is reported after a merge alone


class PreparedMerge(NamedTuple):
    """A plan, the copies, the problems that only the merge causes, and warnings; or why nothing is merged."""

    plan: MergePlan | None
    copies: tuple[CopySummary, ...] = ()
    found: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    nothing: str = ""


class MergeOptions(SessionOptions, frozen=True):
    """Options of `techstock merge`: the entry on a line (from 1) of the only path."""

    line: int
    keep: int  # the number of the copy that stays, from 1; 0: as `lint` proposes
    apply: bool


def run_merge(options: MergeOptions) -> int:
    """Run `techstock merge` with these options and return its exit code."""
    work = open_session(options)
    name = require_single_note(work, options.project.paths[0])
    try:
        for attempt in load_until_unchanged(work):
            with attempt as got:
                made = _prepare_merge(got.corpus, work.config, name, options)
    except MergeError as error:
        raise UsageError(work.to_shown_text(str(error))) from None
    if made.plan is None:
        print_messages([*work.notices, work.to_shown_text(made.nothing)], quiet=options.quiet)
        return 0
    dates, notice = find_copy_dates(work.project, made.copies)
    write_stdout(
        f"{row}\n"
        for row in format_preview(MergePreview(made.plan, show_paths(made.copies, work), dates, made.warnings))
    )
    print_messages(
        filter(None, [*work.notices, notice, *map(work.to_shown_text, _format_remarks(made))]), quiet=options.quiet
    )
    return _write_or_advise(made.plan, work, options)


def show_paths(copies: Sequence[CopySummary], work: Session) -> tuple[CopySummary, ...]:
    """Return the copies with paths relative to the working directory."""
    return tuple(replace(copy, path=work.to_shown_path(copy.path)) for copy in copies)


def _prepare_merge(corpus: Corpus, config: Settings, path: str, options: MergeOptions) -> PreparedMerge:
    """Plan the merge of the entry on a line. Raise `UsageError` or `MergeError`."""
    note, line, keep = corpus.by_path[path], options.line, options.keep
    entry = find_entry_at_line(note, line, options.project.paths[0])
    rules = [rule for rule in MERGEABLE_RULES if resolve_severity(config, rule)[0] != OFF or rule == "near-duplicate"]
    cluster = next(find_merge_candidates(corpus, note, entry, rules), None)
    if cluster is None:
        return PreparedMerge(None, nothing=_explain_no_merge(corpus, note, entry, line, rules))
    if keep > len(cluster.copies):
        raise UsageError(f"--keep {keep}: there are {len(cluster.copies)} copies")
    if keep:
        cluster = replace(cluster, kept=keep - 1)
    [made], _ = prepare_plans(corpus, config, [plan_merge(corpus, cluster)])
    return made


def prepare_plans(corpus: Corpus, config: Settings, plans: Sequence[MergePlan]) -> tuple[list[PreparedMerge], Corpus]:
    """Check merges that are planned on one corpus, and return them with the corpus after them. Raise `MergeError`.

    Problems that only these merges cause are those of the first.
    """
    after = apply_plans(corpus, plans)
    scope, checks = {path for plan in plans for path in plan.texts}, make_rule_runs(config)
    found = find_new_problems(diagnose(corpus, checks, scope), diagnose(after, checks, scope))
    spots = [(one, one.problem.place.path, after.find_position(one.problem.place)[0]) for one in found]
    said = tuple(f"`{path}:{line}`, {one.rule}: {one.problem.message}" for one, path, line in spots)
    return [
        PreparedMerge(
            plan,
            tuple(summarize_copy(corpus, unit) for unit in plan.cluster.copies),
            () if at else said,
            tuple(list_cluster_warnings(corpus, plan.cluster)),
        )
        for at, plan in enumerate(plans)
    ], after


def _explain_no_merge(corpus: Corpus, note: Note, entry: int, line: int, rules: Collection[str]) -> str:
    """Return why there is nothing to merge. Raise `MergeError` for a note that is a copy of another."""
    where = f"the entry on line {line} of `{note.path}`"
    if copied := find_copies_of_note(corpus, note):
        other = f"`{copied[0].path}`"
        raise MergeError(
            f"`{note.path}` and {other} are mostly copies of each other (file-copy), and are not merged entry by "
            "entry: delete one of the notes, or leave in it what the other does not say"
        )
    if comment := find_suppressing_comment(corpus, note, entry):
        return f"a comment keeps {where} apart from its copies: `{comment.path}:{corpus.find_position(comment)[0]}`"
    if inner := find_nested_copies(corpus, note, entry, rules):
        lines = ", ".join(
            str(note.lines.find_position(get_compared_entry(note, one).place.start)[0]) for one in inner[:MAX_REMARKS]
        )
        return f"{where} is not a copy of another; some that are nested in it are: line {lines}"
    return f"{where} is not a copy of another, so there is nothing to merge; `techstock explain` tells why"


def _format_remarks(made: PreparedMerge) -> Iterator[str]:
    for one in made.found[:MAX_REMARKS]:
        yield f"after it, lint reports {one}"
    if len(made.found) > MAX_REMARKS:
        yield f"after it, lint reports {len(made.found) - MAX_REMARKS:,} more"


def _write_or_advise(planned: MergePlan, work: Session, options: MergeOptions) -> int:
    """Write the notes with `--apply`, or print how to write them, and return the exit code."""
    notes = format_count(len(planned.texts), "note")
    if not options.apply:
        print_messages(
            [f"nothing is written: `--apply` changes {notes}, `--keep N` keeps another copy"], quiet=options.quiet
        )
        return 0
    from techstock.commands.fix import write_note_groups

    if write_note_groups([planned.texts], work):
        return 2
    gone = len(planned.cluster.copies) - 1
    print_messages(
        [f"{format_count(gone, 'copy', 'copies')} merged into {planned.cluster.kept + 1}, in {notes}"],
        quiet=options.quiet,
    )
    return 0
