"""The implementation of `techstock baseline`."""

from argparse import Namespace
from collections.abc import Collection, Sequence

from techstock.cli.errors import UsageError
from techstock.cli.gathering import Gathering
from techstock.cli.known import DEFAULT, Baseline, baseline, configured
from techstock.cli.streams import tell_all
from techstock.cli.task import configured as project_of
from techstock.cli.task import here, task
from techstock.engine import Plan, diagnose
from techstock.engine.baseline import Entry, Known, compare, entries
from techstock.engine.baseline_text import pruned
from techstock.engine.diagnose import touches
from techstock.engine.gather import Gathered
from techstock.engine.ignoring import judged
from techstock.engine.plan import plans
from techstock.text.counts import counted


def write(options: Namespace) -> int:
    """Run `techstock baseline` with these options and return its exit code."""
    if "-" in options.paths:
        raise UsageError("a baseline is made of files: stdin has no place in it")
    cwd = here()
    project, config, notices = project_of(options, cwd)
    known = baseline(options, config, project.root, cwd) or configured(DEFAULT, project.root)
    work = task(project, config, options, cwd)
    wanted = plans(config)
    gathering = Gathering(work, options, cwd, wanted)
    said = _pruned(gathering, wanted, known) if options.prune else _written(gathering, wanted, known, work.scope)
    if not (config.baseline or options.baseline or options.prune):
        said += f'; write `baseline = "{DEFAULT}"` in the configuration, and `lint` uses it'
    tell_all((*notices, *work.notices, said), quiet=options.quiet)
    return 0


def _written(gathering: Gathering, wanted: Sequence[Plan], known: Baseline, scope: Collection[str] | None) -> str:
    def found(got: Gathered) -> list[Entry]:
        every = diagnose(got.corpus, wanted, known=got.verdicts)
        got.save()
        return entries([one for one in every if touches(one.problem, scope)], got.corpus)

    rows = gathering.use(found)
    known.write(rows)
    return f"{counted(sum(row.count for row in rows), 'problem')} written into `{known.name}`"


def _pruned(gathering: Gathering, wanted: Sequence[Plan], known: Baseline) -> str:
    before = known.read()

    def compared(got: Gathered) -> Known:
        every = diagnose(got.corpus, wanted, known=got.verdicts)
        got.save()
        return compare(before, every, judged(wanted, got.corpus))

    gone = gathering.use(compared).gone
    if gone:
        known.write(pruned(before, gone))
    left = sum(entry.count for entry in before) - sum(gone.values())
    return f"{counted(sum(gone.values()), 'problem')} taken out of `{known.name}`, {left:,} left"
