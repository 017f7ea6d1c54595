"""The check of the notes of a session, and the report of what is new in them."""

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from techstock.commands.console import OutputRecord, PhaseTimer, print_message, print_messages, print_traceback
from techstock.commands.corpus_loading import (
    format_cache_summary,
    load_until_unchanged,
    require_own_failures,
    require_valid_problems,
)
from techstock.commands.errors import UsageError
from techstock.commands.options import LintOptions
from techstock.commands.output_files import OutputTarget
from techstock.commands.reporting import (
    RunEnd,
    format_scope_notices,
    format_unchecked_notices,
    make_report,
    may_show_first_screen,
    spans_folders,
    write_reports,
)
from techstock.commands.session import Session
from techstock.engine import RuleFailures, RuleRun, diagnose
from techstock.engine.diagnostic_groups import select_by_fingerprint
from techstock.engine.rule_runs import make_rule_runs
from techstock.engine.run_rules import ResultCache, is_in_scope, sort_diagnostics
from techstock.engine.suppression_matching import select_conclusive_rules
from techstock.engine.timeouts import limit_corpus_time
from techstock.formats import Report
from techstock.model import LEVELS, Corpus, Diagnostic
from techstock.text.phrases import format_count

if TYPE_CHECKING:
    from techstock.commands.baseline import BaselineFile
    from techstock.commands.fix import ChangeResult, CorpusCheck
    from techstock.commands.printed_runs import PrintedRuns
    from techstock.load.corpus_loader import LoadedCorpus
    from techstock.web.api import FetchOptions


UNVERIFIED_RULES = frozenset({"image-unverified"})
"""Rules whose problems people get as a count: nothing is known of these images."""


class ReportFilter:
    """Finds the problems of a corpus to report, and records which were left out of the last check.

    `known` holds cached results of rules. Raise `UsageError` for a baseline that cannot be read.
    """

    def __init__(self, work: Session, plans: Sequence[RuleRun], options: LintOptions) -> None:
        self._work = work
        self._plans = plans
        self._since = options.since
        self._fixes = options.fixes
        self._baseline = known = _find_baseline(work, options)
        self._entries = known.read() if known else []
        self._said: list[str] = []
        self._last: tuple[Corpus, list[Diagnostic]] | None = None
        self.failures = RuleFailures(work.config.limits.seconds)  # of the first check
        self.known: ResultCache | None = None

    def check(self, corpus: Corpus) -> list[Diagnostic]:
        """Return the diagnostics of the corpus to report, and record the rules that could not finish in `failures`.

        Raise `CorpusTimeoutError` or `ProjectError`.
        """
        self.failures = failures = RuleFailures(self._work.config.limits.seconds)
        # Each rule has a limit of its own; this one is for all that comes between.
        with limit_corpus_time(corpus, self._work.config.limits.seconds * (1 + len(self._plans))):
            self._last = corpus, self._find_problems(corpus, failures)
        return self._last[1]

    def recheck(self, corpus: Corpus) -> list[Diagnostic]:
        """Return the diagnostics of a corpus that fixes have changed, or of the one that was checked.

        Raise `RuleError`, `CorpusTimeoutError` or `ProjectError`: without one of the rules, nothing may be written.
        """
        if self._last is None or self._last[0] is not corpus:  # what is to be fixed has been checked before
            with limit_corpus_time(corpus, self._work.config.limits.seconds):
                self._last = corpus, self._find_problems(corpus)
        return self._last[1]

    def get_notices(self) -> tuple[str, ...]:
        """Return the notices about the last check."""
        return tuple(self._said)

    def _find_problems(self, corpus: Corpus, failures: RuleFailures | None = None) -> list[Diagnostic]:
        self._said = []
        known = self._baseline
        found = (
            self._filter_by_baseline(known, corpus, failures)
            if known
            else diagnose(corpus, self._plans, self._work.scope, self.known, failures)
        )
        return found if self._since is None else self._filter_by_changes(self._since, found, corpus)

    def _filter_by_baseline(
        self, known: "BaselineFile", corpus: Corpus, failures: RuleFailures | None
    ) -> list[Diagnostic]:
        """Return the problems in scope that the baseline does not hold.

        All notes are checked first: the known problems of one note cannot be told from that note alone.
        """
        from techstock.engine.baseline import compare_with_baseline

        scope = self._work.scope
        every = diagnose(corpus, self._plans, known=self.known, failures=failures)
        conclusive = select_conclusive_rules(self._plans, corpus).difference(failures.errors if failures else ())
        result = compare_with_baseline(self._entries, every, conclusive)
        hidden = sum(is_in_scope(one.problem, scope) for one in result.known)
        if hidden:
            self._said.append(f"{format_count(hidden, 'problem')} not reported: known from `{known.name}`")
        if self._fixes and (
            count := sum(_is_safely_fixable(one) for one in result.known if is_in_scope(one.problem, scope))
        ):
            verb = "is" if count == 1 else "are"
            self._said.append(
                f"{count:,} known {'problem' if count == 1 else 'problems'} {verb} fixable: --fix --no-baseline"
            )
        if gone := sum(result.gone.values()):
            are = "is" if gone == 1 else "are"
            entries = format_count(gone, "baseline entry", "baseline entries")
            self._said.append(f"{entries} {are} fixed; run `techstock baseline --prune{known.option}`")
        return sort_diagnostics(one for one in result.new if is_in_scope(one.problem, scope))

    def _filter_by_changes(self, ref: str, found: list[Diagnostic], corpus: Corpus) -> list[Diagnostic]:
        from techstock.engine.changed_filter import ChangedFilter
        from techstock.project.changed_lines import find_changes_since

        changes = find_changes_since(self._work.project, ref, corpus.notes)
        lines = sum(end - start for ranges in changes.lines.values() for start, end in ranges)
        where = (
            f"{format_count(lines, 'line')} in {format_count(len(changes.lines), 'note')}"
            if lines
            else "no line of a note"
        )
        self._said.append(f"changed since `{ref}`: {where}; the rest is not reported")
        return sort_diagnostics(ChangedFilter(changes, corpus).filter_diagnostics(found))


def _is_safely_fixable(one: Diagnostic) -> bool:
    return one.problem.fix is not None and one.problem.fix.safe


def _find_baseline(work: Session, options: LintOptions) -> "BaselineFile | None":
    if options.no_baseline or (options.baseline is None and not work.config.baseline):
        return None
    from techstock.commands.baseline import find_baseline

    return find_baseline(options.baseline, work)


def check_session(
    work: Session,
    options: LintOptions,
    targets: Sequence[OutputTarget],
    printed: "PrintedRuns | None",
    clock: PhaseTimer,
    wish: "FetchOptions | None",
) -> int:
    """Check the notes, change and report what the options ask for, and return the exit code.

    `wish` is how the web is asked, `None` if it is not. What is printed is kept in `printed`, if that is given.
    """
    checked = _check_notes(work, options, clock, wish)
    found, narrowing = checked.found, checked.narrowing
    failures = [*narrowing.failures.iter_messages(), *([checked.trouble] if checked.trouble else ())]
    done = None if narrowing.failures.errors else _change_notes(work, checked.corpus, narrowing.recheck, options)
    if done:
        found = done.found
        clock.record_phase("changing")
    notices = [*narrowing.get_notices()]
    if options.fingerprints:
        notices += _list_unknown_fingerprints(checked.found, options.fingerprints)
        found = select_by_fingerprint(found, options.fingerprints)
    print_messages(notices, quiet=options.quiet)
    _print_failures(failures, narrowing, options)
    record = OutputRecord(notices)
    _report_results(work, checked, found, targets, done, options, record)
    clock.record_phase("output")
    if options.output.verbose:
        print_message(str(clock))
        print_message(format_cache_summary(checked.got))
    if checked.interrupted:
        return 130
    code = 2 if failures else _compute_exit_code(options, _has_failures(found, work.config.fail_on), done)
    if printed and not failures:
        printed.add_run(checked.got, record, code)
    return code


def report_nothing(targets: Sequence[OutputTarget], options: LintOptions) -> int:
    """Write reports without problems, for a run in which no note is to be checked, and return the exit code."""
    write_reports(Report((), Corpus(())), targets, options.output, RunEnd(""), OutputRecord(()))
    return 0


def _list_unknown_fingerprints(found: Sequence[Diagnostic], fingerprints: Sequence[str]) -> Iterator[str]:
    """Yield a notice for each fingerprint that no problem has: what it was given to may be gone."""
    known = {part.fingerprint for one in found for part in (one, *one.parts)}
    yield from (f"no problem has the fingerprint `{text}`" for text in fingerprints if text not in known)


def _print_failures(failures: Sequence[str], narrowing: "ReportFilter", options: LintOptions) -> None:
    """Print what was not checked, and why; with `--verbose` also where a rule failed."""
    for message in failures:
        print_message(f"error: {message}")
    if narrowing.failures.errors and (options.fixes or options.add_ignores):
        print_message("error: no note is changed, since not all rules could be run")
    for error in narrowing.failures.errors.values() if options.output.verbose else ():
        print_traceback(error)


def _change_notes(work: Session, corpus: Corpus, check: "CorpusCheck", options: LintOptions) -> "ChangeResult | None":
    if options.fixes:
        from techstock.commands.fix import apply_fixes

        return apply_fixes(work, corpus, check, options.fixes)
    if options.add_ignores:
        from techstock.commands.fix import write_ignore_comments

        return write_ignore_comments(work, corpus, check, options.reason or "", options.fingerprints, diff=options.diff)
    return None


def _report_results(
    work: Session,
    checked: "_LintResult",
    found: Sequence[Diagnostic],
    targets: Sequence[OutputTarget],
    done: "ChangeResult | None",
    options: LintOptions,
    record: OutputRecord,
) -> None:
    """Write the reports, and print the notices, the summary and the answers of the web.

    If the machine is offline, no answer says anything about an image.
    """
    offline, corpus = bool(checked.trouble), done.corpus if done else checked.corpus
    said = [*done.notices, done.summary] if done else []
    if options.reports:
        report = make_report(found, corpus, work, options.output)
        report = replace(report, unfinished=len(checked.narrowing.failures.errors))
        if options.web and (offline or not (options.output.all or options.quiet)):
            report = replace(report, counted=UNVERIFIED_RULES)
        total, *steps = write_reports(
            report, targets, options.output, _make_end(report, work, targets, options), record
        ) or [""]
        total = "; ".join(filter(None, [*said[-1:], total]))
        said = [*format_unchecked_notices(report, work.scope), *said[:-1], *([total] if total else []), *steps]
    if options.web and not offline:
        from techstock.commands.images import format_web_summary

        listed = options.output.all or not options.reports
        said += format_web_summary(dict(corpus.web), table=options.web.host_table, listed=listed)
    print_messages(said, quiet=options.quiet)
    record.summary += said


def _make_end(report: Report, work: Session, targets: Sequence[OutputTarget], options: LintOptions) -> RunEnd:
    """Return the summary of the run; for a person who has named no file, also what to do next."""
    from techstock.formats import ARRANGED, format_run_summary

    formatted = {target.format for target in targets if target.file is None}
    if formatted & ARRANGED:
        report = report.select_printed()
    has_baseline = not options.no_baseline and bool(options.baseline or work.config.baseline)
    summary = format_run_summary(
        report.diagnostics, report.corpus, work.scope, has_baseline=has_baseline, unfinished=report.unfinished
    )
    if 0 < report.most < len(report.diagnostics):
        summary += f"; only {report.most:,} are printed (`--max`)"
    paths = options.project.paths
    if not report.diagnostics or options.quiet or not formatted & ARRANGED or options.output.statistics:
        return RunEnd(summary)
    if any(path == "-" or (work.cwd / path).is_file() for path in paths):
        return RunEnd(summary)
    from techstock.formats._next_steps import RunContext, format_end
    from techstock.merge.candidates import MERGEABLE_RULES

    context = RunContext(
        paths,
        tuple(_list_choices(options)),
        ("--select", ",".join(options.project.settings["select"])) if "select" in options.project.settings else (),
        options.command,
        bool(options.fixes),
        _find_clean_start(work, options),
        tuple(MERGEABLE_RULES),
    )
    steps = format_end(report, context, overview=False)
    if not may_show_first_screen(options.output, targets, os.environ):
        return RunEnd(summary, tuple(steps))
    return RunEnd(summary, tuple(steps), tuple(format_end(report, context, overview=True)))


def _list_choices(options: LintOptions) -> Iterator[str]:
    """Yield the options, as typed, that decide which problems are found; without the rules of `--select`."""
    project = options.project
    for text in project.config:
        yield from ("--config", text)
    if project.isolated:
        yield "--isolated"
    if project.root is not None:
        yield from ("--root", project.root)
    for name in ("duplicate-scope", "ignore", "preset"):
        if value := project.settings.get(name):
            yield from (f"--{name}", value if isinstance(value, str) else ",".join(value))
    if project.tracked:
        yield "--tracked"
    if options.baseline is not None:
        yield from ("--baseline", options.baseline)
    if options.no_baseline:
        yield "--no-baseline"
    if options.since is not None:
        yield from ("--since", options.since)


def _find_clean_start(work: Session, options: LintOptions) -> str:
    """Return the command after which only new problems are reported; empty if there is a baseline."""
    if options.baseline or options.no_baseline or options.since or work.config.baseline:
        return ""
    return "techstock baseline" if work.config.filed else "techstock init"


def _compute_exit_code(options: LintOptions, fails: bool, done: "ChangeResult | None") -> int:
    if done and done.failed:
        return 2
    if done and not options.reports:
        fails = (options.fixes.diff if options.fixes else options.diff) and done.changed
    return int(fails and not options.output.exit_zero)


class _LintResult(NamedTuple):
    """The problems found in a corpus; `narrowing` finds those of a changed corpus.

    `interrupted`: the user stopped the check of remote images. `trouble`: why none of them could be checked here.
    """

    got: "LoadedCorpus"
    corpus: Corpus
    found: Sequence[Diagnostic]
    narrowing: "ReportFilter"
    interrupted: bool
    trouble: str


def _check_notes(work: Session, options: LintOptions, clock: PhaseTimer, wish: "FetchOptions | None") -> _LintResult:
    wanted = _select_rules(work, options)
    narrowing = ReportFilter(work, wanted, options)
    scope_notices = format_scope_notices(work, wanted)
    clock.record_phase("rules")
    for attempt in load_until_unchanged(work, wanted, bounded=False):
        with attempt as got:
            clock.record_phase("parsing")
            corpus, interrupted, trouble = got.corpus, False, ""
            if wish:
                from techstock.commands.images import check_remote_images

                corpus, web = check_remote_images(got, work, wish)
                interrupted, trouble = web.interrupted, web.trouble
                clock.record_phase("asking")
            narrowing.known = got.verdicts
            found = narrowing.check(corpus)
            require_own_failures(got, narrowing.failures.errors.values())
            require_valid_problems(corpus, found)
            _read_notes_to_fix(corpus, found, fixes=options.fixes is not None)
            clock.record_phase("checking")
            got.save()
            clock.record_phase("keeping")
    if any(map(spans_folders, found)):
        print_messages(scope_notices, quiet=options.quiet)
    return _LintResult(got, corpus, found, narrowing, interrupted, trouble)


def _select_rules(work: Session, options: LintOptions) -> tuple[RuleRun, ...]:
    """Return the rules to run. Raise `UsageError` or `ConfigError` if none is left."""
    runs = make_rule_runs(work.config)
    if not options.images_only:
        return runs
    if found := tuple(run for run in runs if run.rule.name.startswith("image-")):
        return found
    raise UsageError("the configuration leaves no rule on images: `--select 'image-*'` runs all of them")


def _read_notes_to_fix(corpus: Corpus, found: Sequence[Diagnostic], *, fixes: bool) -> None:
    """Read the notes that fixes may change: a change on disk must be noticed before anything is written.

    With `fixes`, these are also the notes with links to what is fixed.
    """
    paths = {path for one in found for path in one.problem.fixed_paths}
    if fixes and paths:
        from techstock.links.inbound_links import find_linking_paths

        paths |= find_linking_paths(corpus, frozenset(paths))
    for path in corpus.by_path.keys() & paths:
        corpus.by_path[path].load_text()  # that of other places has been read for fingerprints


def _has_failures(found: Sequence[Diagnostic], fail_on: str) -> bool:
    limit = LEVELS.index(fail_on)
    return any(LEVELS.index(diagnostic.severity) <= limit for diagnostic in found)
