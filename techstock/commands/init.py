"""`techstock init`: learn the conventions of the notes, show the proposed files, write them."""

import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from errno import ELOOP
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from techstock.commands.console import escape_lines, print_message, print_messages, write_stderr, write_stdout
from techstock.commands.corpus_loading import load_until_unchanged
from techstock.commands.errors import UsageError
from techstock.commands.init_files import (
    BASELINE_FILE,
    HOOKS_FILE,
    InitParts,
    ManualStep,
    ProposedFile,
    propose_files,
)
from techstock.commands.init_report import ProposedSetting, format_conventions, propose_settings
from techstock.commands.installation import find_install_source
from techstock.commands.options import FixOptions, LintOptions, OutputOptions, SessionOptions
from techstock.commands.session import Session, open_session
from techstock.config import ConfigSource, make_settings
from techstock.config.sources import OWN_FILE, is_empty_file, read_project_source
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
from techstock.text.terminal_width import wrap_words


def create_files(root: Path, drafts: Sequence[ProposedFile]) -> None:
    """Write the proposed files below `root` (absolute, without links), all or none.

    A file that appears meanwhile is never overwritten; one with an old text is replaced if it still has that text.
    Raise `UsageError` if one cannot be written; the files created before it are then removed.
    """
    made: list[Path] = []
    try:
        for draft in sorted(drafts, key=lambda draft: draft.old is not None):
            if draft.old is not None:
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
    """Conventions of the notes, the settings proposed for them, and the problems that `lint` finds under these."""

    habits: CorpusConventions
    settings: tuple[ProposedSetting, ...]
    problems: tuple[BaselineEntry, ...]
    rules: Counter[str]
    fixable: int  # problems with a safe fix


class InitOptions(SessionOptions, frozen=True):
    """Options of `techstock init`."""

    yes: bool  # write without asking
    fix: bool  # fix what is safe to fix first
    baseline: bool
    hook: bool
    workflow: bool


def run_init(options: InitOptions) -> int:
    """Run `techstock init` with these options and return its exit code."""
    asks = not options.yes and _is_interactive()
    work, learned = _open_and_analyze(options)
    root = work.project.root
    above = () if root.samefile(work.cwd) else (f"the root of the project is `{root}`; files are written there",)
    print_messages((*above, *work.notices), quiet=options.quiet)
    write_stdout(escape_lines([*format_conventions(learned.habits), "", *_format_problems(learned)]))
    if learned.fixable and _wants_fixes(learned, options, asks=asks):
        _fix_notes(options)
        work, learned = _open_and_analyze(options)
        write_stdout(escape_lines(["", *_format_problems(learned)]))
    parts = InitParts(find_install_source(), options.baseline, options.hook, options.workflow)
    if asks and parts.baseline and learned.problems:
        wanted = _is_confirmed(
            f"write `{BASELINE_FILE}`, so that `lint` reports only new problems? [Y/n] ", default=True
        )
        parts = replace(parts, baseline=wanted)
    plan = propose_files(work.project, learned.settings, learned.problems, parts)
    if not asks:
        for part in plan:
            write_stdout(escape_lines(_format_part(part, shows=not options.yes)))
        return _write_or_advise(plan, root, yes=options.yes)
    chosen = tuple(part for part in plan if _ask_for_part(part))
    return _write_or_advise(chosen, root, yes=True)


def _open_and_analyze(options: InitOptions) -> tuple[Session, _CorpusAnalysis]:
    work = open_session(options)
    for attempt in load_until_unchanged(work):
        with attempt as got:
            learned = _analyze_corpus(got, work)
            got.save()
    return work, learned


def _analyze_corpus(got: LoadedCorpus, work: Session) -> _CorpusAnalysis:
    """Return what a corpus keeps to, and its problems as `lint` counts them.

    A rule that the conventions ask for is turned on where it reports nothing today; the others are offered as comments.
    A configuration that exists is not changed, and decides what is counted.
    """
    found, corpus, config = learn_conventions(got.corpus), got.corpus, work.config
    chosen = tuple(propose_settings(found))
    source, _ = read_project_source(work.project.root)
    if source is None or is_empty_file(source):
        config = make_settings(ConfigSource(OWN_FILE, _build_settings_table(chosen)))
        if config.section_level != work.config.section_level:
            corpus = _replace_section_level(corpus, config.section_level)
    every = diagnose(corpus, make_rule_runs(config), known=got.verdicts if corpus is got.corpus else None)
    chosen = tuple(_offer_settings(chosen, Counter(one.rule for one in every)))
    off = {setting.key[1] for setting in chosen if not setting.active}
    every = [one for one in every if one.rule not in off]
    return _CorpusAnalysis(
        found,
        chosen,
        tuple(make_baseline_entries(every, corpus)),
        Counter(one.rule for one in every),
        sum(bool(one.problem.fix and one.problem.fix.safe) for one in every),
    )


def _offer_settings(settings: Iterable[ProposedSetting], counts: Counter[str]) -> Iterator[ProposedSetting]:
    """Yield the settings; those of rules that would report problems today are not active, and say how many."""
    for setting in settings:
        count = counts[setting.key[1]] if setting.key[0] == "rules" else 0
        reports = f"reports {format_count(count, 'problem')} today"
        yield (
            replace(setting, active=False, why=f"{setting.why}; {reports}" if setting.why else "") if count else setting
        )


def _build_settings_table(chosen: Sequence[ProposedSetting]) -> dict[str, Any]:
    """Return settings as the nested tables that a TOML parser would return."""
    table: dict[str, Any] = {}
    for setting in (setting for setting in chosen if setting.active):
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


def _format_problems(learned: _CorpusAnalysis) -> Iterator[str]:
    """Yield how many problems there are, as `lint` counts them, and how many a safe fix would solve."""
    counts = sorted(learned.rules.items(), key=lambda item: (-item[1], item[0]))
    total = format_count(learned.rules.total(), "problem")
    safe = f"; {learned.fixable:,} can be fixed safely (`techstock lint --diff` shows how)" if learned.fixable else ""
    yield f"{total} today{safe}"
    yield from (f"  {count:>6,} {rule}" for rule, count in counts)


def _format_part(part: ProposedFile | ManualStep, *, shows: bool) -> Iterator[str]:
    """Yield the rows about a file to write, its text only if `shows`, or about a step left to the user."""
    if isinstance(part, ManualStep):
        yield from ("", *wrap_words(part.why, 80))
        if part.text:
            yield ""
            yield from (f"    {line}".rstrip() for line in part.text.rstrip("\n").split("\n"))
    elif shows:
        yield ""
        yield f"{part.path}{', at its end' if part.old else ''}:"
        yield ""
        if part.path == BASELINE_FILE:
            yield "    the problems above; `lint` reports only new ones from then on"
            return
        added = part.text[len(part.old or "") :].strip("\r\n")
        yield from (f"    {line}".rstrip() for line in added.replace("\r\n", "\n").split("\n"))


def _wants_fixes(learned: _CorpusAnalysis, options: InitOptions, *, asks: bool) -> bool:
    if options.fix or not asks:
        return options.fix and options.yes
    return _is_confirmed(f"fix {learned.fixable:,} of them in the notes now? [y/N] ", default=False)


def _fix_notes(options: InitOptions) -> None:
    """Apply the safe fixes, as `techstock lint --fix-only` does."""
    from techstock.commands.lint import run_lint

    output = OutputOptions((("full", ""),), None, False, "auto", False, False, False, False)
    run_lint(
        LintOptions(options.project, options.loading, options.quiet, output, None, FixOptions(False, False, False))
    )


def _ask_for_part(part: ProposedFile | ManualStep) -> bool:
    """Show a part, and return whether it is wanted; the baseline has been asked for before."""
    write_stdout(escape_lines(_format_part(part, shows=not _is_baseline(part))))
    if isinstance(part, ManualStep) or _is_baseline(part):
        return True
    return _is_confirmed(f"write `{part.path}`? [Y/n] ", default=True)


def _is_baseline(part: ProposedFile | ManualStep) -> bool:
    return isinstance(part, ProposedFile) and part.path == BASELINE_FILE


def _write_or_advise(plan: Sequence[ProposedFile | ManualStep], root: Path, *, yes: bool) -> int:
    drafts = [part for part in plan if isinstance(part, ProposedFile)]
    if not drafts:
        print_message("nothing is left to write")
        return 0
    if not yes:
        print_message("nothing is written; `techstock init --yes` writes what is shown")
        return 0
    create_files(root, drafts)
    print_message(f"written: {', '.join(f'`{draft.path}`' for draft in drafts)}")
    by_hand = [part.file for part in plan if isinstance(part, ManualStep) and part.file]
    for step in _list_next_steps(drafts, by_hand):
        print_message(step)
    return 0


def _list_next_steps(drafts: Sequence[ProposedFile], by_hand: Sequence[str]) -> Iterator[str]:
    """Yield the commands that come next, after the files that are to be changed by hand."""
    paths = " ".join(draft.path for draft in drafts)
    yield "next:"
    yield from (f"  add the lines above to {file}" for file in by_hand)
    yield f"  git add {paths}"
    if any(draft.path == HOOKS_FILE for draft in drafts):
        yield "  pre-commit install      (get it with `pipx install pre-commit`)"
    if any(draft.path == BASELINE_FILE for draft in drafts):
        yield "  techstock lint          (reports only what is new from now on)"
        yield "  techstock lint --no-baseline      (also reports what the baseline holds)"
    else:
        yield "  techstock lint"


def _is_interactive() -> bool:
    """Return whether questions can be asked: both stdin and stderr are a terminal."""
    return sys.stdin is not None and sys.stderr is not None and sys.stdin.isatty() and sys.stderr.isatty()


def _is_confirmed(question: str, *, default: bool) -> bool:
    """Ask the question and return the answer; an empty line is the default, the end of the input is no."""
    write_stderr(question)
    line = sys.stdin.readline()
    answer = line.strip().lower()
    return default if line and not answer else answer in ("y", "yes")
