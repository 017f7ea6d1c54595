"""The run of `techstock baseline`: from options to a file."""

from argparse import Namespace

from techstock.cli.errors import UsageError
from techstock.cli.gathering import gathered
from techstock.cli.known import DEFAULT, Baseline, baseline, configured
from techstock.cli.streams import tell
from techstock.cli.task import Task, here, task
from techstock.cli.task import configured as project_of
from techstock.engine import diagnose
from techstock.engine.baseline import compare, entries
from techstock.engine.baseline_text import pruned
from techstock.engine.diagnose import touches
from techstock.engine.ignoring import judged
from techstock.engine.plan import plans
from techstock.text.counts import counted


def write(options: Namespace) -> int:
    """The exit code of `techstock baseline` with these options."""
    if "-" in options.paths:
        raise UsageError("a baseline is made of files: stdin has no place in it")
    cwd = here()
    project, config, notices = project_of(options, cwd)
    known = baseline(options, config, project.root, cwd) or configured(DEFAULT, project.root)
    work = task(project, config, options, cwd)
    said = _pruned(work, known, options) if options.prune else _written(work, known, options)
    if not (config.baseline or options.baseline or options.prune):
        said += f'; write `baseline = "{DEFAULT}"` in the configuration, and `lint` uses it'
    if not options.quiet:
        for message in (*notices, *work.notices, said):
            tell(message)
    return 0


def _written(work: Task, known: Baseline, options: Namespace) -> str:
    corpus = gathered(work, quiet=options.quiet)
    found = [one for one in diagnose(corpus, plans(work.config)) if touches(one.problem, work.scope)]
    known.write(entries(found, corpus))
    return f"{counted(len(found), 'problem')} written into `{known.name}`"


def _pruned(work: Task, known: Baseline, options: Namespace) -> str:
    before = known.read()
    corpus = gathered(work, quiet=options.quiet)
    wanted = plans(work.config)
    gone = compare(before, diagnose(corpus, wanted), judged(wanted, corpus)).gone
    if gone:
        known.write(pruned(before, gone))
    left = sum(entry.count for entry in before) - sum(gone.values())
    return f"{counted(sum(gone.values()), 'problem')} taken out of `{known.name}`, {left:,} left"
