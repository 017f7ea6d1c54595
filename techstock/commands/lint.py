"""`techstock lint`: check notes, and report what is new in them."""

import time
from pathlib import Path

from techstock.commands.console import PhaseTimer, escape_lines, print_messages, write_stdout
from techstock.commands.options import LintOptions
from techstock.commands.output_files import check_output_targets, find_output_targets
from techstock.commands.session import create_session, get_working_directory, load_project
from techstock.config import Settings


def run_lint(options: LintOptions) -> int:
    """Run `techstock lint` with these options and return its exit code."""
    started, clock, cwd = time.time_ns(), PhaseTimer(), get_working_directory()
    targets = find_output_targets(options.output, cwd)
    wish = None
    if options.web:
        from techstock.commands.images import make_fetch_options  # late: it takes long

        wish = make_fetch_options(options.web, quiet=options.quiet)
    project, config, notices = load_project(options.project, cwd)
    check_output_targets(targets, project, cwd)
    clock.record_phase("configuration")
    if options.output.show_settings:
        print_messages(notices, quiet=options.quiet)
        return _show_settings(project.root, config)
    work = create_session(project, config, options, cwd)
    clock.record_phase("files")
    print_messages((*notices, *work.notices), quiet=options.quiet)
    if options.output.show_files:
        paths = work.paths if work.scope is None else sorted(work.scope)
        write_stdout(escape_lines(map(work.to_shown_path, paths)))
        return 0
    printed = None
    if options.loading.cache and work.scope != frozenset():
        from techstock.commands.printed_runs import PrintedRuns  # late: not without a cache

        printed = PrintedRuns(work, options, targets, started)
        if run := printed.find_run():
            return run.print_again(quiet=options.quiet)
    from techstock.commands.checking import check_session, report_nothing  # late: an unchanged run needs none of it

    if work.scope == frozenset():  # each path is a file that is left out, and a notice has said so
        return report_nothing(targets, options)
    return check_session(work, options, targets, printed, clock, wish)


def _show_settings(root: Path, config: Settings) -> int:
    from techstock.config.rule_levels import format_settings

    write_stdout(escape_lines([f"# root: {root}", *format_settings(config)]))
    return 0
