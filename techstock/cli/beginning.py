"""The implementation of `techstock init`: learn the conventions, show the proposed files, write them."""

import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from techstock.cli.creating import create
from techstock.cli.drafts import BASELINE, Draft
from techstock.cli.gathering import Gathering
from techstock.cli.learned import Setting, rows, settings
from techstock.cli.proposal import Proposal, proposal
from techstock.cli.streams import complain, escaped, put, tell, tell_all
from techstock.cli.task import Task, configured, here, task
from techstock.config import Source, proposed
from techstock.config.sources import OWN_FILE
from techstock.engine import diagnose
from techstock.engine.baseline import Entry, entries
from techstock.engine.gather import Gathered
from techstock.engine.plan import plans
from techstock.model import Corpus, Note
from techstock.model.note import FACTS
from techstock.survey.habits import Habits, habits
from techstock.text.counts import counted


class _Learned(msgspec.Struct, frozen=True):
    """Conventions of the notes, the settings proposed for them, and the problems found under these settings."""

    habits: Habits
    settings: tuple[Setting, ...]
    problems: tuple[Entry, ...]
    rules: Counter[str]


def begin(options: Namespace) -> int:
    """Run `techstock init` with these options and return its exit code."""
    options.no_cache = options.no_cache or not options.yes  # what is only shown leaves nothing behind
    options.duplicate_scope = None
    cwd = here()
    project, config, notices = configured(options, cwd)
    work = task(project, config, options, cwd)
    above = () if project.root.samefile(cwd) else (f"the project begins in `{project.root}`; it is set up there",)
    tell_all((*above, *notices, *work.notices), quiet=options.quiet)
    learned = _learned(work, options, cwd)
    plan = proposal(project, learned.settings, learned.problems)
    put(escaped(_shown(learned, plan)))
    return _decided(plan, project.root, options)


def _learned(work: Task, options: Namespace, cwd: Path) -> _Learned:
    def learned(got: Gathered) -> _Learned:
        found = habits(got.corpus)
        chosen = tuple(settings(found))
        config = proposed(Source(OWN_FILE, _table(chosen)))
        level = config.section_level
        same = level == work.config.section_level
        corpus = got.corpus if same else _at_level(got.corpus, level)
        every = diagnose(corpus, plans(config), known=got.verdicts if same else None)
        known = entries(every, corpus)
        got.save()
        return _Learned(found, chosen, tuple(known), Counter(one.rule for one in every))

    return Gathering(work, options, cwd).use(learned)


def _table(chosen: Sequence[Setting]) -> dict[str, Any]:
    """Return settings as the nested tables that a TOML parser would return."""
    table: dict[str, Any] = {}
    for setting in chosen:
        inner = table
        for name in setting.key[:-1]:
            inner = inner.setdefault(name, {})
        inner[setting.key[-1]] = setting.value
    return table


def _at_level(corpus: Corpus, level: int) -> Corpus:
    """Return the corpus with another section level; the parsed facts do not depend on the level."""
    notes = (
        Note(note.path, note.text, level, note.limits, **{name: getattr(note, name) for name in FACTS})
        for note in corpus.notes
    )
    return replace(corpus, notes=tuple(notes))


def _shown(learned: _Learned, plan: Proposal) -> Iterator[str]:
    yield from rows(learned.habits)
    for draft in plan.drafts:
        yield ""
        yield f"{draft.path}{', at its end' if draft.old else ''}:"
        yield ""
        if draft.path == BASELINE:
            yield f"    {counted(learned.rules.total(), 'problem')} that there are; from then on new ones are reported"
            yield from (f"    {count:>6,} {rule}" for rule, count in sorted(learned.rules.items(), key=_often))
        else:
            added = draft.text[len(draft.old) :].strip("\r\n")
            yield from (f"    {line}".rstrip() for line in added.replace("\r\n", "\n").split("\n"))
    for left in plan.left:
        yield ""
        yield f"{left.why}"
        if left.text:
            yield ""
            yield from (f"    {line}".rstrip() for line in left.text.rstrip("\n").split("\n"))


def _often(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]


def _decided(plan: Proposal, root: Path, options: Namespace) -> int:
    drafts: Sequence[Draft] = plan.drafts
    if not drafts:
        tell("nothing is left to write")
        return 0
    names = ", ".join(f"`{draft.path}`" for draft in drafts)
    if not options.yes and not _is_agreed(f"write {names}? [y/N] "):
        tell("nothing is written; `techstock init --yes` writes what is shown")
        return 0
    create(root, drafts)
    tell(f"written: {names}")
    return 0


def _is_agreed(question: str) -> bool:
    """Ask the question and return whether the user says yes; false if stdin or stderr is no terminal."""
    if sys.stdin is None or sys.stderr is None or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    complain(question)
    return sys.stdin.readline().strip().lower() in ("y", "yes")
