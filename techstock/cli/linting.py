"""The run of `techstock lint`: from options to an exit code."""

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from techstock.cli.clock import Clock
from techstock.cli.outputs import outputs
from techstock.cli.streams import escaped, put, tell
from techstock.cli.task import Task, configured, here, task
from techstock.config import Config
from techstock.model import LEVELS, Corpus, Diagnostic

_ATTEMPTS = 3  # at notes that change while they are read


def lint(options: Namespace) -> int:
    """The exit code of `techstock lint` with these options."""
    clock, cwd = Clock(), here()
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
    done = _checked(work, options, cwd, clock)
    found, corpus = done.found, done.corpus
    from techstock.formats import summary

    report(found, corpus, targets, options)
    _tell_all([*unsaid(found, corpus, work.scope), summary(found, corpus, work.scope)], options)
    clock.lap("output")
    if options.verbose:
        tell(str(clock))
        tell(done.work)
    return 1 if not options.exit_zero and _fails(found, config.fail_on) else 0


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


class _Checked(NamedTuple):
    """What a run found, and a sentence on what was read and what was kept."""

    corpus: Corpus
    found: list[Diagnostic]
    work: str


def _checked(work: Task, options: Namespace, cwd: Path, clock: Clock) -> _Checked:
    from techstock.cli.gathering import gathered, given
    from techstock.cli.keeping import kept, told
    from techstock.engine import NoteChangedError, diagnose
    from techstock.engine.plan import plans

    wanted = plans(work.config)
    clock.lap("rules")
    texts = given(work)
    for attempt in range(_ATTEMPTS):
        store = kept(options, work.project, work.config, cwd)
        clock.lap("cache")
        got = gathered(work, texts, options, store, wanted)
        clock.lap("parsing")
        try:
            found = diagnose(got.corpus, wanted, work.scope, got.verdicts)
            _read_ahead(got.corpus, found)
            break
        except NoteChangedError as error:
            if attempt + 1 == _ATTEMPTS:
                raise
            rest = {path: status for path, status in work.statuses.items() if path != error.path}
            work = replace(work, statuses=rest)  # its stamp is worth nothing now
    clock.lap("checking")
    got.save()
    clock.lap("keeping")
    return _Checked(got.corpus, found, told(got, store))


def _read_ahead(corpus: Corpus, found: Sequence[Diagnostic]) -> None:
    """Read what the output will show: a note that has changed must be noticed before the first line is written."""
    for diagnostic in found:
        for edit in diagnostic.problem.fix.edits if diagnostic.problem.fix else ():
            if note := corpus.by_path.get(edit.place.path):
                _ = note.text  # the text of other places has been read for fingerprints


def _fails(found: Sequence[Diagnostic], fail_on: str) -> bool:
    limit = LEVELS.index(fail_on)
    return any(LEVELS.index(diagnostic.severity) <= limit for diagnostic in found)
