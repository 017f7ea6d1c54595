"""The implementation of `techstock baseline`."""

from argparse import Namespace
from collections.abc import Collection, Sequence

from techstock.cli.errors import UsageError
from techstock.cli.gathering import CorpusReader
from techstock.cli.known import DEFAULT_BASELINE, BaselineFile, find_baseline, locate_baseline
from techstock.cli.streams import print_messages
from techstock.cli.task import create_session, get_working_directory
from techstock.cli.task import load_project as project_of
from techstock.engine import RuleRun, diagnose
from techstock.engine.baseline import BaselineComparison, BaselineEntry, compare_with_baseline, make_baseline_entries
from techstock.engine.baseline_text import prune_baseline
from techstock.engine.diagnose import is_in_scope
from techstock.engine.gather import LoadedCorpus
from techstock.engine.ignoring import select_conclusive_rules
from techstock.engine.plan import make_rule_runs
from techstock.text.counts import format_count


def run_baseline(options: Namespace) -> int:
    """Run `techstock baseline` with these options and return its exit code."""
    if "-" in options.paths:
        raise UsageError("a baseline is made of files: stdin has no place in it")
    cwd = get_working_directory()
    project, config, notices = project_of(options, cwd)
    known = find_baseline(options, config, project.root, cwd) or locate_baseline(DEFAULT_BASELINE, project.root)
    work = create_session(project, config, options, cwd)
    wanted = make_rule_runs(config)
    gathering = CorpusReader(work, options, cwd, wanted)
    said = (
        _prune_entries(gathering, wanted, known)
        if options.prune
        else _write_entries(gathering, wanted, known, work.scope)
    )
    if not (config.baseline or options.baseline or options.prune):
        said += f'; write `baseline = "{DEFAULT_BASELINE}"` in the configuration, and `lint` uses it'
    print_messages((*notices, *work.notices, said), quiet=options.quiet)
    return 0


def _write_entries(
    gathering: CorpusReader, wanted: Sequence[RuleRun], known: BaselineFile, scope: Collection[str] | None
) -> str:
    def found(got: LoadedCorpus) -> list[BaselineEntry]:
        every = diagnose(got.corpus, wanted, known=got.verdicts)
        got.save()
        return make_baseline_entries([one for one in every if is_in_scope(one.problem, scope)], got.corpus)

    rows = gathering.call_with_corpus(found)
    known.write(rows)
    return f"{format_count(sum(row.count for row in rows), 'problem')} written into `{known.name}`"


def _prune_entries(gathering: CorpusReader, wanted: Sequence[RuleRun], known: BaselineFile) -> str:
    before = known.read()

    def compared(got: LoadedCorpus) -> BaselineComparison:
        every = diagnose(got.corpus, wanted, known=got.verdicts)
        got.save()
        return compare_with_baseline(before, every, select_conclusive_rules(wanted, got.corpus))

    gone = gathering.call_with_corpus(compared).gone
    if gone:
        known.write(prune_baseline(before, gone))
    left = sum(entry.count for entry in before) - sum(gone.values())
    return f"{format_count(sum(gone.values()), 'problem')} taken out of `{known.name}`, {left:,} left"
