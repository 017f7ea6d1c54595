"""`techstock report`: gather what the page shows, and write it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from shlex import join
from typing import NamedTuple

from techstock import __version__
from techstock.commands.console import print_message, print_messages
from techstock.commands.corpus_loading import load_until_unchanged, require_own_failures, require_valid_problems
from techstock.commands.errors import UsageError, convert_read_errors
from techstock.commands.options import SessionOptions
from techstock.commands.output_files import OutputTarget, check_output_targets, find_file_target, write_file
from techstock.commands.session import Session, open_session
from techstock.engine import RuleFailures, RuleRun, diagnose
from techstock.engine.rule_runs import make_rule_runs
from techstock.engine.timeouts import limit_corpus_time
from techstock.load.corpus_loader import LoadedCorpus
from techstock.model import Corpus, Diagnostic
from techstock.model.web import WebStatus, is_remote
from techstock.project import GitError
from techstock.report.cluster_reviews import list_reviewable, review_clusters
from techstock.report.duplicates import DuplicatesInput, make_duplicates_section
from techstock.report.elements import PageContext, PageSection
from techstock.report.glossary import make_glossary_section
from techstock.report.history import (
    HistoryError,
    RunCounts,
    count_problems,
    format_history,
    make_trend_section,
    parse_history,
)
from techstock.report.images import judge_images, list_thumbnail_paths, make_images_section
from techstock.report.language import LanguageMarker, choose_page_language, guess_corpus_language
from techstock.report.page import PageHeader, render_page
from techstock.report.problems import make_problems_section
from techstock.report.words import Words, list_languages
from techstock.storage.protected_files import write_typed_file
from techstock.storage.regular_file import read_regular_file
from techstock.survey.term_index import IndexedTerm, build_term_index

_MAX_HISTORY_SIZE = 16 * 1024 * 1024  # bytes


class ReportOptions(SessionOptions, frozen=True):
    """Options of `techstock report`. `output` and `history` are files as typed."""

    output: str
    only: tuple[str, ...]  # keys of sections
    language: str  # empty: that of most notes
    history: str | None


class _Commit(NamedTuple):
    """The commit that is checked out, and its date; both are empty without git or a commit."""

    name: str = ""
    date: str = ""


class _Material(NamedTuple):
    """The notes and all that the sections are made of."""

    corpus: Corpus
    found: Sequence[Diagnostic]
    terms: Sequence[IndexedTerm]
    failures: RuleFailures
    answers: Mapping[str, WebStatus]


def run_report(options: ReportOptions) -> int:
    """Run `techstock report` with these options and return its exit code."""
    _check_language(options.language)
    work = open_session(options)
    targets = [find_file_target("--output", options.output, work.cwd)]
    targets += [find_file_target("--history", options.history, work.cwd)] if options.history else []
    check_output_targets(targets, work.project, work.cwd)
    runs = _read_history(targets[1]) if options.history else []
    plans = make_rule_runs(work.config)
    for attempt in load_until_unchanged(work, plans, bounded=False):
        with attempt as got:
            material = _gather(work, got, plans, options)
            pieces = _render(work, material, options, runs)
            got.save()
    print_messages(work.notices, quiet=options.quiet)
    assert targets[0].file is not None  # noqa: S101 (a name was typed)
    write_file(targets[0].file, pieces)
    if options.history:
        _write_history(targets[1], [*runs, _count_run(work, material)])
    size = sum(len(piece.encode("utf-8", "replace")) for piece in pieces)
    print_messages([f"`{options.output}` is written: {_format_size(size)}"], quiet=options.quiet)
    for message in material.failures.iter_messages():
        print_message(f"error: {message}")
    return 2 if material.failures.errors else 0


def _format_size(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{size / 1000:.0f} kB"


def _check_language(language: str) -> None:
    if language and language not in list_languages():
        raise UsageError(f"--language takes {' or '.join(list_languages())}, not `{language}`")


def _gather(work: Session, got: LoadedCorpus, plans: Sequence[RuleRun], options: ReportOptions) -> _Material:
    """Run the rules and collect the terms. Raise `CorpusTimeoutError`."""
    corpus, failures = got.corpus, RuleFailures(work.config.limits.seconds)
    found: Sequence[Diagnostic] = ()
    with limit_corpus_time(corpus, work.config.limits.seconds * (2 + len(plans))):
        if {"duplicates", "problems"} & {*options.only}:
            found = diagnose(corpus, plans, work.scope, got.verdicts, failures)
            require_own_failures(got, failures.errors.values())
            require_valid_problems(corpus, found)
        terms, _ = build_term_index(corpus)
    answers = _find_last_answers(work, got) if "images" in options.only else {}
    inside = [one for one in terms if work.scope is None or any(at.place.path in work.scope for at in one.places)]
    return _Material(corpus, found, inside, failures, answers)


def _find_last_answers(work: Session, got: LoadedCorpus) -> dict[str, WebStatus]:
    """Return what the last check of the web found, by target; nothing is asked."""
    targets = {image.target for note in got.corpus.select_notes(work.scope) for image in note.images}
    targets = {target for target in targets if is_remote(target)}
    if not targets or got.store.folder is None:
        return {}
    from techstock.web.answer_cache import AnswerCache  # late: it takes long, and few notes have such images

    return AnswerCache(got.store.folder, datetime.now(UTC).timestamp()).find_last_answers(targets)


def _render(work: Session, material: _Material, options: ReportOptions, runs: Sequence[RunCounts]) -> Sequence[str]:
    corpus = material.corpus
    words = Words(options.language or choose_page_language(corpus, list_languages()))
    commit = _find_commit(work)
    marker = LanguageMarker(words.language, guess_corpus_language(corpus))
    context = PageContext(words, marker, _find_repository(corpus, commit))
    with limit_corpus_time(corpus, work.config.limits.seconds * 4):
        sections = [_make_section(context, key, work, material, options) for key in options.only]
    if options.history:
        sections.append(make_trend_section(context, [*runs, _count_run(work, material)]))
    return list(render_page(context, _make_header(work, material, options, words, commit), sections))


def _make_section(
    context: PageContext, key: str, work: Session, material: _Material, options: ReportOptions
) -> PageSection:
    corpus = material.corpus
    if key == "duplicates":
        reviews = review_clusters(corpus, material.found)
        paths = {path for review in reviews for path in review.paths}
        lengths = {path: len(corpus.by_path[path].text) for path in paths if path in corpus.by_path}
        return make_duplicates_section(context, DuplicatesInput(reviews, lengths, _list_choices(options)))
    if key == "images":
        images = judge_images(corpus, material.answers, work.scope)
        files = corpus.files
        thumbnails = files.make_thumbnails(list_thumbnail_paths(images)) if files else {}
        return make_images_section(context, images, thumbnails)
    if key == "glossary":
        return make_glossary_section(context, corpus, material.terms)
    return make_problems_section(context, corpus, material.found)


def _make_header(
    work: Session, material: _Material, options: ReportOptions, words: Words, commit: _Commit
) -> PageHeader:
    notes = material.corpus.select_notes(work.scope)
    facts = [
        words.say("notes", count=len(notes)),
        words.say("entries", count=sum(note.counts[1] for note in notes)),
        words.say("terms", count=len(material.terms)),
    ]
    if work.scope is not None:
        facts.append(words.say("scope", paths=", ".join(sorted(work.scope)[:3])))
    failed = len(material.failures.errors)
    warnings = (words.say("incomplete", count=failed),) if failed else ()
    named = words.say("commit", commit=commit.name[:12]) if commit.name else words.say("no-commit")
    date = commit.date or f"{datetime.now(UTC):%Y-%m-%d}"
    return PageHeader(
        work.project.root.name, named, date, tuple(facts), warnings, __version__, join(_list_choices(options))
    )


def _list_choices(options: ReportOptions) -> list[str]:
    """Return the options that decide which copies are found, so that the commands on the page find the same."""
    project, choices = options.project, list[str]()
    for text in project.config:
        choices += ("--config", text)
    if project.isolated:
        choices.append("--isolated")
    for key, value in project.settings.items():
        choices += (f"--{key}", value if isinstance(value, str) else ",".join(value))
    return choices


def _find_commit(work: Session) -> _Commit:
    if work.project.git is None:
        return _Commit()
    try:
        said = work.project.git.run("log", "-1", "--format=%H %cs").decode("ascii", "replace").split()
    except GitError:  # no commit yet
        return _Commit()
    return _Commit(*said) if len(said) == 2 else _Commit()


def _find_repository(corpus: Corpus, commit: _Commit) -> str:
    """Return the address of the root's files on github.com; empty if they are not there."""
    home = corpus.files.home if corpus.files else None
    if home is None or corpus.files is None or not commit.name:
        return ""
    base = f"{corpus.files.base}/" if corpus.files.base else ""
    return f"https://github.com/{home.name}/blob/{commit.name}/{base}"


def _count_run(work: Session, material: _Material) -> RunCounts:
    problems = count_problems(Counter(one.rule for one in material.found))
    duplicates = len(list_reviewable(material.found))
    notes = len(material.corpus.select_notes(work.scope))
    now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return RunCounts(now, _find_commit(work).name, notes, len(material.terms), duplicates, problems)


def _read_history(target: OutputTarget) -> list[RunCounts]:
    """Return the runs of a history; none if there is no file. Raise `UsageError`."""
    if target.file is None or not target.file.exists():
        return []
    try:
        with convert_read_errors(f"--history: `{target.typed}`", _MAX_HISTORY_SIZE):
            return parse_history(read_regular_file(target.file, _MAX_HISTORY_SIZE, follow_links=True))
    except HistoryError as error:
        raise UsageError(f"--history: `{target.typed}` {error}") from None


def _write_history(target: OutputTarget, runs: Sequence[RunCounts]) -> None:
    assert target.file is not None  # noqa: S101 (a name was typed)
    try:
        write_typed_file(target.file, format_history(runs))
    except OSError as error:
        raise UsageError(f"--history: `{target.typed}` cannot be written: {error.strerror}") from None
