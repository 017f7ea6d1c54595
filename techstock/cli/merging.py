"""The implementation of `techstock merge`."""

from argparse import Namespace
from collections.abc import Collection, Iterator
from typing import NamedTuple

from msgspec.structs import replace

from techstock.cli.errors import UsageError
from techstock.cli.gathering import Gathering
from techstock.cli.merge_dates import dates_of
from techstock.cli.merge_view import View, rows
from techstock.cli.spots import entry_on, named, spot
from techstock.cli.streams import put, tell_all
from techstock.cli.task import Task, configured, here, task
from techstock.config import Config, level
from techstock.engine import diagnose
from techstock.engine.plan import plans
from techstock.merge.checking import fresh, merged
from techstock.merge.cluster import RULES, below, clusters, copied_notes, ignored
from techstock.merge.copies import Shown, shown
from techstock.merge.errors import MergeError
from techstock.merge.plan import Plan, plan
from techstock.model import OFF, Corpus, Diagnostic, Note
from techstock.text.counts import counted

_LISTED = 5  # of what is reported after a merge alone


class _Merge(NamedTuple):
    """A plan, the copies, and the problems that only the merge causes; or the reason why nothing is merged."""

    plan: Plan | None
    copies: tuple[Shown, ...] = ()
    found: tuple[str, ...] = ()
    nothing: str = ""


def merge(options: Namespace) -> int:
    """Run `techstock merge` with these options and return its exit code."""
    cwd = here()
    path, line = spot(options.paths, "merge")
    keep = _number(options.keep)
    options.paths = [path]
    project, config, notices = configured(options, cwd)
    work = task(project, config, options, cwd)
    name = named(work, path)
    said = [*notices, *work.notices]
    try:
        made = Gathering(work, options, cwd).use(lambda got: _made(got.corpus, config, name, line, keep))
    except MergeError as error:
        raise UsageError(str(error)) from None
    if made.plan is None:
        tell_all([*said, made.nothing], quiet=options.quiet)
        return 0
    dates, notice = dates_of(work.project, made.copies)
    put(f"{row}\n" for row in rows(View(made.plan, made.copies, dates)))
    tell_all(filter(None, [*said, notice, *_remarks(made)]), quiet=options.quiet)
    return _finish(made.plan, work, options)


def _number(text: str | None) -> int:
    """Parse the number of the copy to keep, from 1; return 0 if none is given. Raise `UsageError`."""
    if text is None:
        return 0
    if not text.isascii() or not text.isdigit() or not int(text[:4]) >= 1:
        raise UsageError(f"--keep takes the number of a copy, not `{text}`")
    return int(text[:4])


def _made(corpus: Corpus, config: Config, path: str, line: int, keep: int) -> _Merge:
    """Plan the merge of the entry on a line. Raise `UsageError` or `MergeError`."""
    note = corpus.by_path[path]
    entry = entry_on(note, line)
    rules = [rule for rule in RULES if level(config, rule)[0] != OFF or rule == "near-duplicate"]
    cluster = next(clusters(corpus, note, entry, rules), None)
    if cluster is None:
        return _Merge(None, nothing=_nothing(corpus, note, entry, line, rules))
    if keep > len(cluster.copies):
        raise UsageError(f"--keep {keep}: there are {len(cluster.copies)} copies")
    if keep:
        cluster = replace(cluster, kept=keep - 1)
    planned = plan(corpus, cluster)
    after = merged(corpus, planned)
    scope, checks = set(planned.texts), plans(config)
    found = fresh(diagnose(corpus, checks, scope), diagnose(after, checks, scope))
    lines = {id(one): _line(after, one) for one in found}
    said = [f"`{one.problem.place.path}:{lines[id(one)]}`, {one.rule}: {one.problem.message}" for one in found]
    return _Merge(planned, tuple(shown(corpus, unit) for unit in cluster.copies), tuple(said))


def _line(corpus: Corpus, one: Diagnostic) -> int:
    place = one.problem.place
    note = corpus.by_path.get(place.path)
    return note.lines.position(place.start)[0] if note else 1


def _nothing(corpus: Corpus, note: Note, entry: int, line: int, rules: Collection[str]) -> str:
    """Return why there is nothing to merge. Raise `UsageError` for a note that is a copy of another."""
    where = f"the entry on line {line} of `{note.path}`"
    if copied := copied_notes(corpus, note):
        other = f"`{copied[0].path}`"
        raise UsageError(
            f"`{note.path}` and {other} are mostly copies of each other (file-copy), and are not merged entry by "
            "entry: delete one of the notes, or leave in it what the other does not say"
        )
    if comment := ignored(corpus, note, entry):
        at = corpus.by_path[comment.path].lines.position(comment.start)[0]
        return f"a comment keeps {where} apart from its copies: `{comment.path}:{at}`"
    if inner := below(corpus, note, entry, rules):
        lines = ", ".join(str(note.lines.position(note.entries[one].place.start)[0]) for one in inner[:_LISTED])
        return f"{where} is no copy of another; some that are nested in it are: line {lines}"
    return f"{where} is no copy of another, so there is nothing to merge; `techstock explain` tells why"


def _remarks(made: _Merge) -> Iterator[str]:
    for one in made.found[:_LISTED]:
        yield f"after it, lint reports {one}"
    if len(made.found) > _LISTED:
        yield f"after it, lint reports {len(made.found) - _LISTED:,} more"


def _finish(planned: Plan, work: Task, options: Namespace) -> int:
    """Write the notes with `--apply`, or print how to write them, and return the exit code."""
    notes = counted(len(planned.texts), "note")
    if not options.apply:
        tell_all([f"nothing is written: `--apply` changes {notes}, `--keep N` keeps another copy"], quiet=options.quiet)
        return 0
    from techstock.cli.fixing import written

    if written([planned.texts], work):
        return 2
    gone = len(planned.cluster.copies) - 1
    tell_all(
        [f"{counted(gone, 'copy', 'copies')} merged into {planned.cluster.kept + 1}, in {notes}"], quiet=options.quiet
    )
    return 0
