"""The implementation of `techstock lint`."""

from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from techstock.cli import fixing
from techstock.cli.adopting import is_ignoring_requested, write_ignore_comments
from techstock.cli.clock import PhaseTimer
from techstock.cli.outputs import OutputTarget, check_output_targets, parse_output_targets
from techstock.cli.streams import escape_lines, print_message, print_messages, write_stdout
from techstock.cli.task import Session, create_session, get_working_directory, load_project
from techstock.config import Settings
from techstock.model import LEVELS, Corpus, Diagnostic

if TYPE_CHECKING:
    from techstock.cli.narrowing import ReportFilter
    from techstock.engine.gather import LoadedCorpus

WebCheck = Callable[[Corpus, Session], tuple[Corpus, bool]]


def run_lint(options: Namespace) -> int:
    """Run `techstock lint` with these options and return its exit code."""
    clock, cwd = PhaseTimer(), get_working_directory()
    targets, change = parse_output_targets(options, cwd), _choose_change(options)
    ask = load_web_check(options) if options.online else None
    project, config, notices = load_project(options, cwd)
    check_output_targets(targets, project, cwd)
    clock.record_phase("configuration")
    if options.show_settings:
        print_messages(notices, quiet=options.quiet)
        return _show_settings(project.root, config)
    work = create_session(project, config, options, cwd)
    clock.record_phase("files")
    print_messages((*notices, *work.notices), quiet=options.quiet)
    if options.show_files:
        return _show_files(work)
    if work.scope == frozenset():  # each path is a file that is left out, and a notice has said so
        from techstock.cli.report import write_reports

        write_reports((), Corpus(()), targets, options)
        return 0
    checked = _check_notes(work, options, clock, cwd, ask)
    corpus, found, narrowing = checked.corpus, checked.found, checked.narrowing
    done = change(work, corpus, narrowing.check, options) if change else None
    if done:
        corpus, found = done.corpus, done.found
        clock.record_phase("changing")
    print_messages(narrowing.get_notices(), quiet=options.quiet)
    _report_results(work, corpus, found, targets, done, options)
    clock.record_phase("output")
    if options.verbose:
        from techstock.cli.keeping import format_cache_summary

        print_message(str(clock))
        print_message(format_cache_summary(checked.got))
    return 130 if checked.interrupted else _compute_exit_code(options, _has_failures(found, config.fail_on), done)


def _choose_change(options: Namespace) -> fixing.NoteChanger | None:
    """Return the function that changes the notes, if any. Raise `UsageError` for options that do not go together."""
    adding = is_ignoring_requested(options)
    return fixing.apply_fixes if fixing.is_fix_requested(options) else write_ignore_comments if adding else None


def _report_results(
    work: Session,
    corpus: Corpus,
    found: Sequence[Diagnostic],
    targets: Sequence[OutputTarget],
    done: fixing.ChangeResult | None,
    options: Namespace,
) -> None:
    """Write the reports, and print the notices, the summary and the answers of the web."""
    said = [*done.notices, done.summary] if done else []
    if not (options.fix_only or options.diff):
        from techstock.cli.report import format_unchecked_notices, write_reports
        from techstock.formats import format_run_summary

        write_reports(found, corpus, targets, options, work.project.base)
        total = format_run_summary(found, corpus, work.scope)
        said = [*format_unchecked_notices(found, corpus, work.scope), *said[:-1], "; ".join([*said[-1:], total])]
    if options.online:
        from techstock.cli.states import format_web_summary

        said += format_web_summary(dict(corpus.web), table=options.table)
    print_messages(said, quiet=options.quiet)


def _compute_exit_code(options: Namespace, fails: bool, done: fixing.ChangeResult | None) -> int:
    if done and done.failed:
        return 2
    if done and (options.fix_only or options.diff):
        fails = options.diff and done.changed
    return int(fails and not options.exit_zero)


def load_web_check(options: Namespace) -> WebCheck:
    """Return the function that checks remote images. Raise `UsageError` for invalid options."""
    from techstock.cli.asking import make_web_check as made

    return made(options)


def _show_settings(root: Path, config: Settings) -> int:
    from techstock.config.show import format_settings

    write_stdout(escape_lines([f"# root: {root}", *format_settings(config)]))
    return 0


def _show_files(work: Session) -> int:
    write_stdout(escape_lines(work.paths if work.scope is None else sorted(work.scope)))
    return 0


class _LintResult(NamedTuple):
    """The problems found in a corpus; `narrowing` finds those of a changed corpus.

    `interrupted`: the user stopped the check of remote images.
    """

    got: "LoadedCorpus"
    corpus: Corpus
    found: Sequence[Diagnostic]
    narrowing: "ReportFilter"
    interrupted: bool


def _check_notes(work: Session, options: Namespace, clock: PhaseTimer, cwd: Path, ask: WebCheck | None) -> _LintResult:
    from techstock.cli.gathering import CorpusReader
    from techstock.cli.narrowing import ReportFilter
    from techstock.engine.plan import make_rule_runs

    wanted = make_rule_runs(work.config)
    narrowing = ReportFilter(work, wanted, options, cwd)
    clock.record_phase("rules")

    def checked(got: "LoadedCorpus") -> _LintResult:
        clock.record_phase("parsing")
        corpus, interrupted = ask(got.corpus, work) if ask else (got.corpus, False)
        if ask:
            clock.record_phase("asking")
        narrowing.known = got.verdicts
        found = narrowing.check(corpus)
        _read_notes_to_fix(corpus, found)
        clock.record_phase("checking")
        got.save()
        clock.record_phase("keeping")
        return _LintResult(got, corpus, found, narrowing, interrupted)

    return CorpusReader(work, options, cwd, wanted).call_with_corpus(checked, bounded=False)


def _read_notes_to_fix(corpus: Corpus, found: Sequence[Diagnostic]) -> None:
    """Read the notes that fixes may change: a change on disk must be noticed before anything is written."""
    for diagnostic in found:
        for edit in diagnostic.problem.fix.edits if diagnostic.problem.fix else ():
            if note := corpus.by_path.get(edit.place.path):
                _ = note.text  # that of other places has been read for fingerprints


def _has_failures(found: Sequence[Diagnostic], fail_on: str) -> bool:
    limit = LEVELS.index(fail_on)
    return any(LEVELS.index(diagnostic.severity) <= limit for diagnostic in found)
