"""The implementation of `techstock lint`."""

from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from techstock.cli import fixing
from techstock.cli.adopting import added, is_adding
from techstock.cli.clock import Clock
from techstock.cli.outputs import Output, check, outputs
from techstock.cli.streams import escaped, put, tell, tell_all
from techstock.cli.task import Task, configured, here, task
from techstock.config import Config
from techstock.model import LEVELS, Corpus, Diagnostic

if TYPE_CHECKING:
    from techstock.cli.narrowing import Narrowing
    from techstock.engine.gather import Gathered

Ask = Callable[[Corpus, Task], tuple[Corpus, bool]]


def lint(options: Namespace) -> int:
    """Run `techstock lint` with these options and return its exit code."""
    clock, cwd = Clock(), here()
    targets, change = outputs(options, cwd), _change(options)
    ask = asking(options) if options.online else None
    project, config, notices = configured(options, cwd)
    check(targets, project, cwd)
    clock.lap("configuration")
    if options.show_settings:
        tell_all(notices, quiet=options.quiet)
        return _show_settings(project.root, config)
    work = task(project, config, options, cwd)
    clock.lap("files")
    tell_all((*notices, *work.notices), quiet=options.quiet)
    if options.show_files:
        return _show_files(work)
    if work.scope == frozenset():  # each path is a file that is left out, and a notice has said so
        from techstock.cli.report import report

        report((), Corpus(()), targets, options)
        return 0
    checked = _checked(work, options, clock, cwd, ask)
    corpus, found, narrowing = checked.corpus, checked.found, checked.narrowing
    done = change(work, corpus, narrowing.check, options) if change else None
    if done:
        corpus, found = done.corpus, done.found
        clock.lap("changing")
    tell_all(narrowing.notices(), quiet=options.quiet)
    _report(work, corpus, found, targets, done, options)
    clock.lap("output")
    if options.verbose:
        from techstock.cli.keeping import told

        tell(str(clock))
        tell(told(checked.got))
    return 130 if checked.interrupted else _code(options, _fails(found, config.fail_on), done)


def _change(options: Namespace) -> fixing.Change | None:
    """Return the function that changes the notes, if any. Raise `UsageError` for options that do not go together."""
    adding = is_adding(options)
    return fixing.fixed if fixing.is_wanted(options) else added if adding else None


def _report(
    work: Task,
    corpus: Corpus,
    found: Sequence[Diagnostic],
    targets: Sequence[Output],
    done: fixing.Fixed | None,
    options: Namespace,
) -> None:
    """Write the reports, and print the notices, the summary and the answers of the web."""
    said = [*done.notices, done.summary] if done else []
    if not (options.fix_only or options.diff):
        from techstock.cli.report import report, unsaid
        from techstock.formats import summary

        report(found, corpus, targets, options, work.project.base)
        total = summary(found, corpus, work.scope)
        said = [*unsaid(found, corpus, work.scope), *said[:-1], "; ".join([*said[-1:], total])]
    if options.online:
        from techstock.cli.states import told

        said += told(dict(corpus.web), table=options.table)
    tell_all(said, quiet=options.quiet)


def _code(options: Namespace, fails: bool, done: fixing.Fixed | None) -> int:
    if done and done.failed:
        return 2
    if done and (options.fix_only or options.diff):
        fails = options.diff and done.changed
    return int(fails and not options.exit_zero)


def asking(options: Namespace) -> Ask:
    """Return the function that checks remote images. Raise `UsageError` for invalid options."""
    from techstock.cli.asking import asking as made

    return made(options)


def _show_settings(root: Path, config: Config) -> int:
    from techstock.config.show import shown

    put(escaped([f"# root: {root}", *shown(config)]))
    return 0


def _show_files(work: Task) -> int:
    put(escaped(work.paths if work.scope is None else sorted(work.scope)))
    return 0


class _Checked(NamedTuple):
    """The problems found in a corpus; `narrowing` finds those of a changed corpus.

    `interrupted`: the user stopped the check of remote images.
    """

    got: "Gathered"
    corpus: Corpus
    found: Sequence[Diagnostic]
    narrowing: "Narrowing"
    interrupted: bool


def _checked(work: Task, options: Namespace, clock: Clock, cwd: Path, ask: Ask | None) -> _Checked:
    from techstock.cli.gathering import Gathering
    from techstock.cli.narrowing import Narrowing
    from techstock.engine.plan import plans

    wanted = plans(work.config)
    narrowing = Narrowing(work, wanted, options, cwd)
    clock.lap("rules")

    def checked(got: "Gathered") -> _Checked:
        clock.lap("parsing")
        corpus, interrupted = ask(got.corpus, work) if ask else (got.corpus, False)
        if ask:
            clock.lap("asking")
        narrowing.known = got.verdicts
        found = narrowing.check(corpus)
        _read_ahead(corpus, found)
        clock.lap("checking")
        got.save()
        clock.lap("keeping")
        return _Checked(got, corpus, found, narrowing, interrupted)

    return Gathering(work, options, cwd, wanted).use(checked, bounded=False)


def _read_ahead(corpus: Corpus, found: Sequence[Diagnostic]) -> None:
    """Read the notes that fixes may change: a change on disk must be noticed before anything is written."""
    for diagnostic in found:
        for edit in diagnostic.problem.fix.edits if diagnostic.problem.fix else ():
            if note := corpus.by_path.get(edit.place.path):
                _ = note.text  # that of other places has been read for fingerprints


def _fails(found: Sequence[Diagnostic], fail_on: str) -> bool:
    limit = LEVELS.index(fail_on)
    return any(LEVELS.index(diagnostic.severity) <= limit for diagnostic in found)
