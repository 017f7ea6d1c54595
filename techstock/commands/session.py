"""The session of a command: project, settings, the notes to read and to report on, and the corpus loaded from them."""

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from techstock.cache import CacheDirectory, NoteStore, compute_code_key
from techstock.cache.note_record import NoteSummary
from techstock.commands.console import is_terminal
from techstock.commands.errors import UsageError
from techstock.config import ConfigSource, Settings, load_settings
from techstock.engine.errors import NoteChangedError
from techstock.engine.rule_runs import RuleRun
from techstock.engine.timeouts import limit_corpus_time
from techstock.load.corpus_loader import LoadedCorpus, LoadOptions, load_corpus
from techstock.load.project_files import DiskFiles
from techstock.model import ReadFailure
from techstock.project import (
    Discovery,
    GitError,
    Project,
    discover_notes,
    find_nested_configurations,
    find_root,
    resolve_scope,
)
from techstock.project.symlinks import passes_symlink
from techstock.storage.cache_directory import DIRECTORY_NAME


class Session(msgspec.Struct, frozen=True):
    """The project, the settings and the notes of a run.

    `paths` are the notes of the project, `scope` those to report on (`None`: all of them), `stdin` is the note whose
    text comes from stdin (empty: none), `notices` are messages for the user,
    `statuses` the `os.lstat` results of notes by path.
    """

    project: Project
    config: Settings
    paths: tuple[str, ...]
    scope: frozenset[str] | None
    stdin: str
    notices: tuple[str, ...]
    statuses: Mapping[str, os.stat_result] = {}


def get_working_directory() -> Path:
    """Return the working directory. Raise `UsageError` if it has been removed."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        raise UsageError("the working directory is gone") from None


def load_project(options: Namespace, cwd: Path) -> tuple[Project, Settings, tuple[str, ...]]:
    """Return the project, its configuration, and notices about it."""
    project = Project(_find_project_root(options, cwd))
    config, notices = load_settings(
        project.root, cwd, given=options.config, isolated=options.isolated, typed=_make_option_sources(options)
    )
    return project, config, notices


def _find_project_root(options: Namespace, cwd: Path) -> Path:
    if "" in options.paths:  # an unset variable of a script, which must not mean the whole project
        raise UsageError("a PATH is empty")
    start = [Path(path) for path in options.paths]
    if "-" in options.paths or options.stdin_filename is not None:
        from techstock.commands.stdin import find_starting_point, require_stdin_filename

        start = [find_starting_point(require_stdin_filename(options.paths, options.stdin_filename), cwd)]
    if options.root is not None:
        root = cwd / options.root
        if not root.is_dir():
            raise UsageError(f"--root: there is no folder `{options.root}`")
        return Path(os.path.realpath(root))
    return find_root(start, cwd)


def _make_option_sources(options: Namespace) -> Iterator[ConfigSource]:
    """Yield a source for each given option that sets a key of the configuration; not every command has all."""
    for key in ("select", "ignore"):
        given = getattr(options, key, None)
        if given is not None:
            names = [name.strip() for text in given for name in text.split(",")]
            yield ConfigSource(f"--{key}", {key: [name for name in names if name]})
    for key in ("preset", "fail-on", "duplicate-scope"):
        given = getattr(options, key.replace("-", "_"), None)
        if given is not None:
            yield ConfigSource(f"--{key}", {key: given})


def create_session(project: Project, config: Settings, options: Namespace, cwd: Path) -> Session:
    """Return the session with the notes to read and to report on.

    Raise `UsageError` if there is nothing to check, unless only files were named and all of them are left out.
    """
    discovery = discover_notes(project, config.include, config.exclude, options.tracked)
    if options.stdin_filename:
        found = _create_stdin_session(project, config, discovery, options.stdin_filename, cwd)
    else:
        found = _create_file_session(project, config, discovery, options, cwd)
    checked = found.paths if found.scope is None else found.scope
    notices = (
        f"`{path}` is not read: it is below the root" for path in find_nested_configurations(project.root, checked)
    )
    return replace(found, statuses=discovery.statuses, notices=(*discovery.notices, *found.notices, *notices))


def _create_stdin_session(project: Project, config: Settings, discovery: Discovery, file: str, cwd: Path) -> Session:
    from techstock.commands.stdin import resolve_stdin_note

    note, why = resolve_stdin_note(project, discovery, config, file, cwd)
    paths = tuple({*discovery.paths, note} - {""})
    return Session(project, config, paths, frozenset({note} - {""}), note, (why,) if why else ())


def _create_file_session(
    project: Project, config: Settings, discovery: Discovery, options: Namespace, cwd: Path
) -> Session:
    paths = [Path(path) for path in options.paths]
    named = resolve_scope(project, paths, discovery, cwd)
    checked = discovery.paths if named.paths is None else named.paths
    # A hook names files and must not fail for those left out; a folder or a project without notes is a mistake.
    if not checked and not (paths and all((cwd / path).is_file() for path in paths)):
        raise UsageError(_explain_empty_session(project, config, discovery, options))
    return Session(project, config, discovery.paths, named.paths, "", named.notices)


def _explain_empty_session(project: Project, config: Settings, discovery: Discovery, options: Namespace) -> str:
    if discovery.paths:
        return f"no notes to check: none of the {len(discovery.paths)} notes of the project is in the paths given"

    return explain_no_notes(project, config, tracked=options.tracked)


def open_cache(options: Namespace, project: Project, config: Settings, cwd: Path) -> NoteStore[NoteSummary]:
    """Open the cache of the project; one that is off or cannot be trusted keeps nothing."""
    if options.no_cache:
        return NoteStore(NoteSummary, trouble="off")
    folder = locate_cache(options.cache_dir, project, cwd)
    trouble = _explain_untrusted_cache(project, folder)
    if trouble:
        return NoteStore(NoteSummary, trouble=trouble)
    paths = f"{project.base!r} {config.image_root!r}"  # on which the other half of a suppressed pair depends
    settings = f"section-level {config.section_level} {config.limits.parsing} {paths}"
    return NoteStore(NoteSummary, folder, compute_code_key(settings))


def locate_cache(cache_dir: str | None, project: Project, cwd: Path) -> CacheDirectory:
    """Return the cache directory of a project, which need not exist."""
    return CacheDirectory(str(cwd / cache_dir) if cache_dir is not None else str(project.root / DIRECTORY_NAME))


def _explain_untrusted_cache(project: Project, folder: CacheDirectory) -> str:
    """Return why the cache may come from somebody else; empty if nothing says so or it is outside the root.

    A repository could contain a cache with made-up results and matching digests, or a link to one.
    """
    if passes_symlink(Path(folder.path), project):
        return "not used: a symbolic link"
    name = os.fsencode(os.path.relpath(folder.path, project.root).replace(os.sep, "/"))
    if name.startswith(b"../"):
        return ""
    try:
        tracked = project.git.listing.tracked if project.git else frozenset[bytes]()
    except GitError:
        return "not used: git cannot tell whether the repository brought it along"
    if any(path[: len(name)].lower() == name.lower() and path[len(name) :][:1] in (b"", b"/") for path in tracked):
        return "not used: git tracks it"
    return ""


def format_cache_summary(got: LoadedCorpus) -> str:
    """Return one line about how many notes were cached or parsed, and where the cache is."""
    total, store = len(got.corpus.notes), got.store
    parts = [f"{got.kept:,} of {total:,} notes kept from before"]
    if got.kept < total:
        parts.append(f"{total - got.kept:,} parsed in {got.processes} process{'' if got.processes == 1 else 'es'}")
    if store.trouble:
        parts.append(f"cache {store.trouble}")
    elif store.folder:
        parts.append(f"cache `{store.folder.path}` {'saved' if store.saved else 'unchanged'}")
    return ", ".join(parts)


_MAX_ATTEMPTS = 3  # at notes that change while they are read
_Result = TypeVar("_Result")


class CorpusReader:
    """Loader for the corpus of a session; `plans` are the rules whose cached results are loaded with it.

    With `--quiet`, no progress is shown, even on a terminal.
    """

    def __init__(self, work: Session, options: Namespace, cwd: Path, plans: Sequence[RuleRun] = ()) -> None:
        self._work = work
        self._options = options
        self._cwd = cwd
        self._plans = plans
        self._texts = _read_stdin_texts(work)
        self._statuses = work.statuses

    def call_with_corpus(self, make: Callable[[LoadedCorpus], _Result], *, bounded: bool = True) -> _Result:
        """Call `make` with the corpus and return its result; load again and retry if a note changes meanwhile.

        Raise `NoteChangedError` if notes keep changing, `CorpusTimeoutError` if `make` is `bounded` and takes too long;
        pass `bounded=False` if `make` limits its own time.
        """
        for _ in range(_MAX_ATTEMPTS - 1):
            try:
                return self._call_once(make, bounded=bounded)
            except NoteChangedError as error:  # its stamp is worth nothing now
                self._statuses = {path: status for path, status in self._statuses.items() if path != error.path}
        return self._call_once(make, bounded=bounded)

    def _call_once(self, make: Callable[[LoadedCorpus], _Result], *, bounded: bool) -> _Result:
        got = self.read_corpus()
        with limit_corpus_time(got.corpus.notes, self._work.config.limits.seconds) if bounded else nullcontext():
            return make(got)

    def read_corpus(self) -> LoadedCorpus:
        """Load the corpus from the files as they are now, and from the cache."""
        work, options, config = self._work, self._options, self._work.config
        store = open_cache(options, work.project, config, self._cwd)
        wish = LoadOptions(
            os.fsencode(work.project.root),
            config.limits.file_size,
            config.section_level,
            config.duplicate_scope,
            self._texts,
            options.jobs or _count_processors(),
            self._statuses,
            DiskFiles(work.project, config.image_root, store.folder),
            config.limits.parsing,
            config.limits.seconds,
        )
        with show_progress("reading notes", quiet=options.quiet) as progress:
            return load_corpus(work.paths, wish, store, self._plans, progress)


@contextmanager
def show_progress(what: str, *, quiet: bool) -> Iterator[Callable[[int, int], None] | None]:
    """Yield a function that shows how many of how many are done; `None` if quiet or stderr is no terminal."""
    if quiet or sys.stderr is None or not is_terminal(sys.stderr, os.environ):
        yield None
        return
    from techstock.commands.console import ProgressLine

    progress = ProgressLine(sys.stderr, what)
    try:
        yield progress
    finally:
        progress.close()


def _read_stdin_texts(work: Session) -> Mapping[str, str | ReadFailure]:
    """Return the texts that replace files, by path: the note from stdin, which can be read only once."""
    if not work.stdin:
        return {}
    from techstock.commands.stdin import read_stdin_text

    return {work.stdin: read_stdin_text(work.stdin, work.config.limits.file_size)}


def _count_processors() -> int:
    """Return how many processors this process may use, at most 8: so many parse as fast as a disk reads."""
    try:
        return min(len(os.sched_getaffinity(0)), 8)
    except AttributeError:  # not on macOS and Windows
        return min(os.cpu_count() or 1, 8)


def explain_no_notes(project: Project, config: Settings, *, tracked: bool) -> str:
    """Return one sentence that explains why a project has no notes: the setting that excludes all, or no files."""
    include, exclude = config.include, config.exclude
    if tracked and (count := len(discover_notes(project, include, exclude).paths)):
        return f"no notes to check: `--tracked` leaves none of {count}, git's index holds no note"
    if exclude and (count := len(discover_notes(project, include, (), tracked).paths)):
        return f"no notes to check: `exclude` ({_get_origin(config, 'exclude')}) leaves none of {count}"
    if include and (count := len(discover_notes(project, (), exclude, tracked).paths)):
        return f"no notes to check: `include` ({_get_origin(config, 'include')}) names none of {count} Markdown files"
    if include and exclude and (count := len(discover_notes(project, (), (), tracked).paths)):
        return f"no notes to check: `include` and `exclude` together leave none of {count}"
    return f"no notes to check: `{project.root}` holds no `.md` or `.markdown` file that is not ignored"


def _get_origin(config: Settings, key: str) -> str:
    return config.origins[key,]
