"""The run of `techstock lint`: from options to an exit code."""

import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from techstock.cli.clock import Clock
from techstock.cli.color import is_terminal
from techstock.cli.errors import UsageError
from techstock.cli.outputs import outputs
from techstock.cli.streams import escaped, put, tell
from techstock.cli.task import Task, configured, task
from techstock.config import Config
from techstock.model import LEVELS, Corpus, Diagnostic


def lint(options: Namespace) -> int:
    """The exit code of `techstock lint` with these options."""
    clock, cwd = Clock(), _here()
    targets = outputs(options, cwd)
    project, config, notices = configured(options, cwd)
    clock.lap("configuration")
    if options.show_settings:
        _tell_all(notices, options)
        return _show_settings(project.root, config)
    work = task(project, config, options, cwd)
    clock.lap("files")
    _tell_all((*notices, *work.notices), options)
    if options.show_files:
        return _show_files(work)
    from techstock.cli.report import report, unsaid

    if work.scope == frozenset():  # each path is a file that is left out, and a notice has said so
        report((), Corpus(()), targets, options)
        return 0
    corpus, found = _checked(work, options, clock)
    from techstock.formats import summary

    report(found, corpus, targets, options)
    _tell_all([*unsaid(found, corpus, work.scope), summary(found, corpus, work.scope)], options)
    clock.lap("output")
    if options.verbose:
        tell(str(clock))
    return 1 if not options.exit_zero and _fails(found, config.fail_on) else 0


def _here() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError:
        raise UsageError("the working directory is gone") from None


def _tell_all(messages: Sequence[str], options: Namespace) -> None:
    if not options.quiet:
        for message in messages:
            tell(message)


def _show_settings(root: Path, config: Config) -> int:
    from techstock.config.show import shown

    put(escaped([f"# root: {root}", *shown(config)]))
    return 0


def _show_files(work: Task) -> int:
    put(escaped(work.paths if work.scope is None else sorted(work.scope)))
    return 0


def _checked(work: Task, options: Namespace, clock: Clock) -> tuple[Corpus, list[Diagnostic]]:
    from techstock.engine import diagnose
    from techstock.engine.gather import gather
    from techstock.engine.plan import plans

    wanted = plans(work.config)
    clock.lap("rules")
    if not options.quiet and sys.stderr is not None and is_terminal(sys.stderr, os.environ):
        corpus = _gathered_in_sight(work)
    else:
        corpus = gather(work.paths, work.read, work.config.section_level)
    clock.lap("parsing")
    found = diagnose(corpus, wanted, work.scope)
    clock.lap("checking")
    return corpus, found


def _gathered_in_sight(work: Task) -> Corpus:
    from techstock.cli.progress import Progress
    from techstock.engine.gather import gather

    progress = Progress(sys.stderr)
    try:
        return gather(work.paths, work.read, work.config.section_level, progress)
    finally:
        progress.close()


def _fails(found: Sequence[Diagnostic], fail_on: str) -> bool:
    limit = LEVELS.index(fail_on)
    return any(LEVELS.index(diagnostic.severity) <= limit for diagnostic in found)
