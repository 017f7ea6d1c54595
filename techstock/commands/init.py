"""`techstock init`: learn the conventions of the notes, show the proposed files, write them."""

import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from errno import ELOOP
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from techstock.commands.console import escape_lines, print_message, print_messages, write_stderr, write_stdout
from techstock.commands.errors import UsageError
from techstock.commands.init_files import BASELINE_FILE, Proposal, ProposedFile, propose_files
from techstock.commands.init_report import ProposedSetting, format_conventions, propose_settings
from techstock.commands.options import SessionOptions
from techstock.commands.session import load_until_unchanged, open_session
from techstock.config import ConfigSource, make_settings
from techstock.config.sources import OWN_FILE
from techstock.engine import diagnose
from techstock.engine.baseline import BaselineEntry, make_baseline_entries
from techstock.engine.rule_runs import make_rule_runs
from techstock.fix.write import WriteError, write_changes
from techstock.load.corpus_loader import LoadedCorpus
from techstock.model import Corpus, Note
from techstock.model.note import FACT_NAMES
from techstock.storage.protected_files import create_file_below, remove_created
from techstock.survey.conventions import CorpusConventions, learn_conventions
from techstock.text.phrases import format_count


def create_files(root: Path, drafts: Sequence[ProposedFile]) -> None:
    """Write the proposed files below `root` (absolute, without links), all or none.

    A file that appears meanwhile is never overwritten; one with an old text is replaced if it still has that text.
    Raise `UsageError` if one cannot be written; the files created before it are then removed.
    """
    made: list[Path] = []
    try:
        for draft in sorted(drafts, key=lambda draft: bool(draft.old)):
            if draft.old:
                write_changes(root, {draft.path: (draft.old, draft.text)})
            else:
                made += create_file_below(root, draft.path, draft.text.encode("utf-8", "surrogatepass"))
    except BaseException as error:
        remove_created(made)
        if isinstance(error, WriteError):
            raise UsageError(f"nothing is written: {error}") from error
        if isinstance(error, OSError):
            link = error.errno == ELOOP
            why = " is a symbolic link" if link else f": {(error.strerror or 'unknown reason').lower()}"
            name = os.path.relpath(os.fsdecode(error.filename or draft.path), root)
            raise UsageError(f"nothing is written: `{name}`{why}") from error
        raise


class _CorpusAnalysis(msgspec.Struct, frozen=True):
    """Conventions of the notes, the settings proposed for them, and the problems found under these settings."""

    habits: CorpusConventions
    settings: tuple[ProposedSetting, ...]
    problems: tuple[BaselineEntry, ...]
    rules: Counter[str]


class InitOptions(SessionOptions, frozen=True):
    """Options of `techstock init`."""

    yes: bool  # write without asking


def run_init(options: InitOptions) -> int:
    """Run `techstock init` with these options and return its exit code."""
    work = open_session(options)
    root = work.project.root
    above = () if root.samefile(work.cwd) else (f"the project begins in `{root}`; it is set up there",)
    print_messages((*above, *work.notices), quiet=options.quiet)
    for attempt in load_until_unchanged(work):
        with attempt as got:
            learned = _analyze_corpus(got, work.config.section_level)
            got.save()
    plan = propose_files(work.project, learned.settings, learned.problems)
    write_stdout(escape_lines(_format_proposal(learned, plan)))
    return _confirm_and_write(plan, root, yes=options.yes)


def _analyze_corpus(got: LoadedCorpus, level: int) -> _CorpusAnalysis:
    """Return what a corpus keeps to; it was loaded with the section level `level`."""
    found = learn_conventions(got.corpus)
    chosen = tuple(propose_settings(found))
    config = make_settings(ConfigSource(OWN_FILE, _build_settings_table(chosen)))
    same = config.section_level == level
    corpus = got.corpus if same else _replace_section_level(got.corpus, config.section_level)
    every = diagnose(corpus, make_rule_runs(config), known=got.verdicts if same else None)
    known = make_baseline_entries(every, corpus)
    return _CorpusAnalysis(found, chosen, tuple(known), Counter(one.rule for one in every))


def _build_settings_table(chosen: Sequence[ProposedSetting]) -> dict[str, Any]:
    """Return settings as the nested tables that a TOML parser would return."""
    table: dict[str, Any] = {}
    for setting in chosen:
        inner = table
        for name in setting.key[:-1]:
            inner = inner.setdefault(name, {})
        inner[setting.key[-1]] = setting.value
    return table


def _replace_section_level(corpus: Corpus, level: int) -> Corpus:
    """Return the corpus with another section level; the parsed facts do not depend on the level."""
    notes = (
        Note(note.path, note.text, level, note.limits, **{name: getattr(note, name) for name in FACT_NAMES})
        for note in corpus.notes
    )
    return replace(corpus, notes=tuple(notes))


def _format_proposal(learned: _CorpusAnalysis, plan: Proposal) -> Iterator[str]:
    yield from format_conventions(learned.habits)
    for draft in plan.drafts:
        yield ""
        yield f"{draft.path}{', at its end' if draft.old else ''}:"
        yield ""
        if draft.path == BASELINE_FILE:
            problems = format_count(learned.rules.total(), "problem")
            yield f"    {problems} that there are; from then on new ones are reported"
            counts = sorted(learned.rules.items(), key=lambda item: (-item[1], item[0]))
            yield from (f"    {count:>6,} {rule}" for rule, count in counts)
        else:
            added = draft.text[len(draft.old) :].strip("\r\n")
            yield from (f"    {line}".rstrip() for line in added.replace("\r\n", "\n").split("\n"))
    for left in plan.left:
        yield ""
        yield f"{left.why}"
        if left.text:
            yield ""
            yield from (f"    {line}".rstrip() for line in left.text.rstrip("\n").split("\n"))


def _confirm_and_write(plan: Proposal, root: Path, *, yes: bool) -> int:
    drafts: Sequence[ProposedFile] = plan.drafts
    if not drafts:
        print_message("nothing is left to write")
        return 0
    names = ", ".join(f"`{draft.path}`" for draft in drafts)
    if not yes and not _is_confirmed(f"write {names}? [y/N] "):
        print_message("nothing is written; `techstock init --yes` writes what is shown")
        return 0
    create_files(root, drafts)
    print_message(f"written: {names}")
    return 0


def _is_confirmed(question: str) -> bool:
    """Ask the question and return whether the user says yes; false if stdin or stderr is no terminal."""
    if sys.stdin is None or sys.stderr is None or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    write_stderr(question)
    return sys.stdin.readline().strip().lower() in ("y", "yes")
