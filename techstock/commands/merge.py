"""`techstock merge`: show the copies of an entry and when they were written, and merge them."""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from techstock.commands.console import print_messages, write_stdout
from techstock.commands.entry_location import find_entry_at_line, require_single_note
from techstock.commands.errors import UsageError
from techstock.commands.merge_preview import MergePreview, format_preview
from techstock.commands.options import SessionOptions
from techstock.commands.session import Session, load_until_unchanged, open_session
from techstock.config import Settings, resolve_severity
from techstock.duplicates.prose import get_compared_entry, list_compared_entries
from techstock.engine import diagnose
from techstock.engine.diagnostic_groups import list_all_parts
from techstock.engine.rule_runs import make_rule_runs
from techstock.merge import MergeError
from techstock.merge.candidates import (
    MERGEABLE_RULES,
    MergeCandidate,
    find_copies_of_note,
    find_merge_candidates,
    find_nested_copies,
    find_suppressing_comment,
)
from techstock.merge.copy_changes import CopySummary, summarize_copy
from techstock.merge.plan import MergePlan, plan_merge
from techstock.merge.verification import apply_plan, find_new_problems
from techstock.model import OFF, Corpus, Diagnostic, Note, Span
from techstock.project import Project
from techstock.project.errors import GitError
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


_MAX_REMARKS = 5  # of what is reported after a merge alone


class _PreparedMerge(NamedTuple):
    """A plan, the copies, and the problems that only the merge causes; or the reason why nothing is merged."""

    plan: MergePlan | None
    copies: tuple[CopySummary, ...] = ()
    found: tuple[str, ...] = ()
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
        raise UsageError(str(error)) from None
    if made.plan is None:
        print_messages([*work.notices, made.nothing], quiet=options.quiet)
        return 0
    dates, notice = find_copy_dates(work.project, made.copies)
    write_stdout(f"{row}\n" for row in format_preview(MergePreview(made.plan, made.copies, dates)))
    print_messages(filter(None, [*work.notices, notice, *_format_remarks(made)]), quiet=options.quiet)
    return _write_or_advise(made.plan, work, options)


def _prepare_merge(corpus: Corpus, config: Settings, path: str, options: MergeOptions) -> _PreparedMerge:
    """Plan the merge of the entry on a line. Raise `UsageError` or `MergeError`."""
    note, line, keep = corpus.by_path[path], options.line, options.keep
    entry = find_entry_at_line(note, line)
    rules = [rule for rule in MERGEABLE_RULES if resolve_severity(config, rule)[0] != OFF or rule == "near-duplicate"]
    cluster = next(find_merge_candidates(corpus, note, entry, rules), None)
    if cluster is None:
        return _PreparedMerge(None, nothing=_explain_no_merge(corpus, note, entry, line, rules))
    if keep > len(cluster.copies):
        raise UsageError(f"--keep {keep}: there are {len(cluster.copies)} copies")
    if keep:
        cluster = replace(cluster, kept=keep - 1)
    return _plan_cluster(corpus, config, cluster)[0]


def _plan_cluster(corpus: Corpus, config: Settings, cluster: MergeCandidate) -> tuple[_PreparedMerge, Corpus]:
    """Plan a merge, and return it with the corpus after it. Raise `MergeError` if it is impossible."""
    planned = plan_merge(corpus, cluster)
    after = apply_plan(corpus, planned)
    scope, checks = set(planned.texts), make_rule_runs(config)
    found = find_new_problems(diagnose(corpus, checks, scope), diagnose(after, checks, scope))
    spots = [(one, one.problem.place.path, after.find_position(one.problem.place)[0]) for one in found]
    said = [f"`{path}:{line}`, {one.rule}: {one.problem.message}" for one, path, line in spots]
    copies = tuple(summarize_copy(corpus, unit) for unit in cluster.copies)
    return _PreparedMerge(planned, copies, tuple(said)), after


def _explain_no_merge(corpus: Corpus, note: Note, entry: int, line: int, rules: Collection[str]) -> str:
    """Return why there is nothing to merge. Raise `UsageError` for a note that is a copy of another."""
    where = f"the entry on line {line} of `{note.path}`"
    if copied := find_copies_of_note(corpus, note):
        other = f"`{copied[0].path}`"
        raise UsageError(
            f"`{note.path}` and {other} are mostly copies of each other (file-copy), and are not merged entry by "
            "entry: delete one of the notes, or leave in it what the other does not say"
        )
    if comment := find_suppressing_comment(corpus, note, entry):
        return f"a comment keeps {where} apart from its copies: `{comment.path}:{corpus.find_position(comment)[0]}`"
    if inner := find_nested_copies(corpus, note, entry, rules):
        lines = ", ".join(
            str(note.lines.find_position(get_compared_entry(note, one).place.start)[0]) for one in inner[:_MAX_REMARKS]
        )
        return f"{where} is no copy of another; some that are nested in it are: line {lines}"
    return f"{where} is no copy of another, so there is nothing to merge; `techstock explain` tells why"


def _format_remarks(made: _PreparedMerge) -> Iterator[str]:
    for one in made.found[:_MAX_REMARKS]:
        yield f"after it, lint reports {one}"
    if len(made.found) > _MAX_REMARKS:
        yield f"after it, lint reports {len(made.found) - _MAX_REMARKS:,} more"


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


class FingerprintMergeOptions(SessionOptions, frozen=True):
    """Options of `techstock merge` for findings, each given by its fingerprint or by that of a part of it."""

    fingerprints: tuple[str, ...]
    apply: bool


class _PlannedMerges(NamedTuple):
    """Merges that follow each other: each with its fingerprint, the new texts of all, and why others are left out."""

    made: tuple[tuple[str, _PreparedMerge], ...]
    texts: dict[str, tuple[str, str]]
    left: tuple[str, ...]
    refused: bool


def run_fingerprint_merges(options: FingerprintMergeOptions) -> int:
    """Run `techstock merge` for several findings with these options and return its exit code."""
    work = open_session(options)
    for attempt in load_until_unchanged(work):
        with attempt as got:
            planned = _plan_fingerprints(got.corpus, work.config, options.fingerprints)
    for number, (fingerprint, made) in enumerate(planned.made):
        if made.plan is not None:
            rows = [*[""] * (number > 0), fingerprint, *format_preview(MergePreview(made.plan, made.copies, ()))]
            write_stdout(f"{row}\n" for row in rows)
    remarks = (remark for _, made in planned.made for remark in made.found[:_MAX_REMARKS])
    said = [*planned.left, *(f"after it, lint reports {remark}" for remark in dict.fromkeys(remarks))]
    print_messages([*work.notices, *said], quiet=options.quiet)
    code = 2 if planned.refused else 0
    notes, merges = format_count(len(planned.texts), "note"), format_count(len(planned.made), "merge")
    if not options.apply:
        print_messages([f"nothing is written: `--apply` changes {notes}, by {merges}"], quiet=options.quiet)
        return code
    from techstock.commands.fix import write_note_groups

    if planned.texts and write_note_groups([planned.texts], work):
        return 2
    print_messages([f"{merges} written, in {notes}"], quiet=options.quiet)
    return code


def _plan_fingerprints(corpus: Corpus, config: Settings, fingerprints: Sequence[str]) -> _PlannedMerges:
    """Plan the merges of these findings, each on the notes as those before it leave them.

    One that cannot be merged is left out. Raise `UsageError` for a fingerprint that no finding has.
    """
    checks = [plan for plan in make_rule_runs(config) if plan.rule.name in MERGEABLE_RULES]
    done, made, left, refused = corpus, list[tuple[str, _PreparedMerge]](), list[str](), False
    for fingerprint in _list_part_fingerprints(diagnose(corpus, checks), fingerprints):
        cluster = _find_cluster(done, diagnose(done, checks), fingerprint)
        if cluster is None:
            left.append(f"{fingerprint}: a merge before it leaves nothing to merge")
            continue
        try:
            one, done = _plan_cluster(done, config, cluster)
        except MergeError as error:
            left.append(f"error: {fingerprint}: {error}")
            refused = True
        else:
            made.append((fingerprint, one))
    order = dict.fromkeys(path for _, one in made if one.plan for path in one.plan.texts)
    pairs = {path: (corpus.by_path[path].text, done.by_path[path].text) for path in order}
    texts = {path: both for path, both in pairs.items() if both[0] != both[1]}
    return _PlannedMerges(tuple(made), texts, tuple(left), refused)


def _list_part_fingerprints(found: Sequence[Diagnostic], fingerprints: Sequence[str]) -> list[str]:
    """Return the fingerprints of all findings that are meant, one by one: those of a group are those of its parts."""
    parts = {one.fingerprint: [part.fingerprint for part in one.list_parts()] for one in found}
    known = {fingerprint: [fingerprint] for some in parts.values() for fingerprint in some} | parts
    for fingerprint in fingerprints:
        if fingerprint not in known:
            raise UsageError(
                f"no finding that can be merged has the fingerprint `{fingerprint}`; `--output-format json` tells them"
            )
    return list(dict.fromkeys(part for fingerprint in fingerprints for part in known[fingerprint]))


def _find_cluster(corpus: Corpus, found: Sequence[Diagnostic], fingerprint: str) -> MergeCandidate | None:
    """Return the copies of the finding with this fingerprint; None if there is none."""
    one = next((part for part in list_all_parts(found) if part.fingerprint == fingerprint), None)
    if one is None:
        return None
    places = [one.problem.place, *(other.place for other in one.problem.related)]
    spots = {_find_entry(corpus, place) for place in places}
    note = corpus.by_path[one.problem.place.path]
    _, entry = _find_entry(corpus, one.problem.place)
    some = find_merge_candidates(corpus, note, entry, [one.rule])
    return max(
        some, key=lambda cluster: len(spots & {(copy.note, copy.entry) for copy in cluster.copies}), default=None
    )


def _find_entry(corpus: Corpus, place: Span) -> tuple[int, int]:
    """Return the note and the innermost entry at the beginning of a place, both by index."""
    note = corpus.by_path[place.path]
    entries = list_compared_entries(note)
    inner = [index for index, entry in enumerate(entries) if entry.place.start <= place.start < entry.place.end]
    return corpus.notes.index(note), inner[-1]
