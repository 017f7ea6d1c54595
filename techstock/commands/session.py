"""The session of a command: project, settings, the notes to read and to report on, and the corpus loaded from them."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from math import isfinite
from pathlib import Path

import msgspec
from msgspec.structs import replace

from techstock.cache import CacheDirectory, NoteStore, compute_code_key
from techstock.cache.note_record import NoteSummary
from techstock.commands.console import is_terminal
from techstock.commands.errors import UsageError
from techstock.commands.options import LoadingOptions, ProjectOptions, SessionOptions
from techstock.config import ConfigError, ConfigSource, Settings, load_settings
from techstock.engine.errors import CorpusTimeoutError, DamagedCacheError, NoteChangedError, WorkerError
from techstock.engine.rule_runs import RuleRun
from techstock.engine.timeouts import limit_corpus_time
from techstock.load.corpus_loader import LoadedCorpus, LoadOptions, load_corpus
from techstock.load.project_files import DiskFiles
from techstock.model import Corpus, Diagnostic, ReadFailure
from techstock.model.files import has_note_suffix
from techstock.project import (
    Discovery,
    Git,
    GitError,
    Project,
    ProjectError,
    discover_notes,
    find_nested_configurations,
    find_root,
    resolve_scope,
)
from techstock.storage.cache_directory import DIRECTORY_NAME
from techstock.text.folders import make_shown_path, show_named_paths


class Session(msgspec.Struct, frozen=True):
    """The project, the settings and the notes of a run. With `quiet`, not even a terminal is shown progress."""

    project: Project
    config: Settings
    cwd: Path
    loading: LoadingOptions
    quiet: bool
    paths: tuple[str, ...]  # the notes of the project
    scope: frozenset[str] | None  # the notes to report on; `None`: all
    stdin: str  # the note whose text comes from stdin; empty: none
    notices: tuple[str, ...]
    statuses: Mapping[str, os.stat_result]  # of notes, as `os.lstat` gave them

    def to_shown_path(self, path: str) -> str:
        """Return the path of a file of the project as people can paste it: relative to the working directory."""
        return make_shown_path(path, self.project.root.as_posix(), self.cwd.as_posix())

    def to_shown_text(self, text: str) -> str:
        """Return a message with the notes that it names, in backticks, as people can paste them."""
        return text if self.project.root == self.cwd else show_named_paths(text, set(self.paths), self.to_shown_path)


def get_working_directory() -> Path:
    """Return the working directory. Raise `UsageError` if it has been removed."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        raise UsageError("the working directory is gone") from None


def open_session(options: SessionOptions) -> Session:
    """Return the session of a command, with all notices. Raise `UsageError` if there is nothing to check."""
    cwd = get_working_directory()
    project, config, notices = load_project(options.project, cwd)
    work = create_session(project, config, options, cwd)
    return replace(work, notices=(*notices, *work.notices))


def load_project(options: ProjectOptions, cwd: Path) -> tuple[Project, Settings, tuple[str, ...]]:
    """Return the project, its configuration, and notices about it."""
    if options.root is None and options.stdin:
        from techstock.commands.stdin import find_starting_point

        root = find_root([find_starting_point(options.stdin, cwd)], cwd)
    else:
        root = locate_root(options.root, options.paths, cwd)
    typed = (ConfigSource(f"--{key}", {key: value}) for key, value in options.settings.items())
    config, notices = load_settings(root, cwd, given=options.config, isolated=options.isolated, typed=typed)
    return Project(root), config, notices


def locate_root(typed: str | None, paths: Sequence[str], cwd: Path) -> Path:
    """Return the root that is `typed`, or else found from the paths upward. Raise `UsageError`."""
    if typed is None:
        return find_root([Path(path) for path in paths], cwd)
    if not (cwd / typed).is_dir():
        raise UsageError(f"--root: there is no folder `{typed}`")
    return Path(os.path.realpath(cwd / typed))


def create_session(project: Project, config: Settings, options: SessionOptions, cwd: Path) -> Session:
    """Return the session with the notes to read and to report on.

    Raise `UsageError` if there is nothing to check, unless only files were named and all of them are left out.
    """
    chosen, stdin = options.project, ""
    scope: frozenset[str] | None
    said: tuple[str, ...]
    if not config.include and _names_no_note(chosen, cwd):
        named = resolve_scope(project, [Path(path) for path in chosen.paths], Discovery(()), cwd)
        return Session(project, config, cwd, options.loading, options.quiet, (), frozenset(), "", named.notices, {})
    discovery = discover_notes(project, config.include, config.exclude, chosen.tracked)
    if chosen.stdin:
        from techstock.commands.stdin import resolve_stdin_note

        stdin, why = resolve_stdin_note(project, discovery, config, chosen.stdin, cwd)
        scope = frozenset({stdin} - {""})
        paths, said = tuple(scope.union(discovery.paths)), (why,) if why else ()
    else:
        paths = discovery.paths
        scope, said = _resolve_paths(project, config, discovery, chosen, cwd)
    nested = find_nested_configurations(project.root, paths if scope is None else scope)
    shown = (make_shown_path(path, project.root.as_posix(), cwd.as_posix()) for path in nested)
    notices = (*discovery.notices, *said, *(f"`{path}` is not read: it is below the root" for path in shown))
    return Session(
        project, config, cwd, options.loading, options.quiet, paths, scope, stdin, notices, discovery.statuses
    )


def _names_no_note(chosen: ProjectOptions, cwd: Path) -> bool:
    """Return whether all paths are files that are no notes: then nothing else needs to be read, or looked for."""
    return (
        bool(chosen.paths)
        and not chosen.stdin
        and all(not has_note_suffix(path) and (cwd / path).is_file() for path in chosen.paths)
    )


def _resolve_paths(
    project: Project, config: Settings, discovery: Discovery, options: ProjectOptions, cwd: Path
) -> tuple[frozenset[str] | None, tuple[str, ...]]:
    """Return the notes to report on (None: all), and notices. Raise `UsageError` if there are none."""
    named = resolve_scope(project, [Path(path) for path in options.paths], discovery, cwd)
    checked = discovery.paths if named.paths is None else named.paths
    # A hook names files and must not fail for those left out; a folder or a project without notes is a mistake.
    if not checked and not (options.paths and all((cwd / path).is_file() for path in options.paths)):
        if count := len(discovery.paths):
            raise UsageError(f"no notes to check: none of the {count} notes of the project is in the paths given")
        raise UsageError(explain_no_notes(project, config, tracked=options.tracked))
    return named.paths, named.notices


def open_cache(work: Session, *, fresh: bool = False) -> NoteStore[NoteSummary]:
    """Open the cache of the project; one that is off or cannot be trusted keeps nothing.

    With `fresh`, what it holds is damaged: nothing is taken from it, and it is replaced.
    """
    if not work.loading.cache:
        return NoteStore(NoteSummary, trouble="off")
    folder = locate_cache(work.loading.cache_dir, work.project.root, work.cwd)
    trouble = _explain_untrusted_cache(work.project, folder)
    if trouble:
        return NoteStore(NoteSummary, trouble=trouble)
    config = work.config
    root = config.link_root or config.image_root
    paths = f"{work.project.base!r} {root!r}"  # on which the other half of a suppressed pair depends
    settings = f"section-level {config.section_level} {config.limits.parsing} {paths}"
    return NoteStore(NoteSummary, folder, compute_code_key(settings), fresh=fresh)


def locate_cache(cache_dir: str | None, root: Path, cwd: Path) -> CacheDirectory:
    """Return the cache directory of a project, which need not exist."""
    return CacheDirectory(str(cwd / cache_dir) if cache_dir is not None else str(root / DIRECTORY_NAME))


def _explain_untrusted_cache(project: Project, folder: CacheDirectory) -> str:
    """Return why the cache may come from somebody else; empty if nothing says so or it is outside the repository.

    A repository could contain a cache with made-up results and matching digests, or a link to one.
    """
    from techstock.storage.protected_files import is_in_git_folder, passes_symlink  # late: not without a cache

    top = project.git.top if project.git else str(project.root)
    if passes_symlink(Path(folder.path), top):
        return "not used: a symbolic link"
    if is_in_git_folder(Path(folder.path, "file"), Path(top)):
        return "not used: it lies in the folder of git"
    if folder.is_foreign:
        return "not used: another user owns it"
    return _explain_tracked_cache(project.git, folder) if project.git else ""


def _explain_tracked_cache(git: Git, folder: CacheDirectory) -> str:
    """Return whether the repository may have brought the cache along, as a reason not to use it."""
    inside = not os.path.relpath(os.path.realpath(folder.path), git.root).startswith(os.pardir)
    asked = git if inside else Git(git.top, git.top)
    name = os.fsencode(os.path.relpath(os.path.realpath(folder.path), asked.root).replace(os.sep, "/"))
    if name.startswith(b"../"):
        return ""
    try:
        tracked = asked.listing.tracked
    except GitError:
        return "not used: git cannot tell whether the repository brought it along"
    if name == b"." and tracked:  # among its files, some may be called as ours
        return "not used: git tracks it"
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
_EXPECTED_ERRORS = (UsageError, ConfigError, ProjectError, NoteChangedError, CorpusTimeoutError, WorkerError, OSError)


def load_until_unchanged(
    work: Session, plans: Sequence[RuleRun] = (), *, bounded: bool = True
) -> Iterator[AbstractContextManager[LoadedCorpus]]:
    """Load the corpus, and again if a note changes while it is used; `plans` are the rules whose results are cached.

        for attempt in load_until_unchanged(session):
            with attempt as loaded:
                ...  # all that reads notes, and nothing that writes but `loaded.save()`

    Raise `NoteChangedError` if notes keep changing, and `CorpusTimeoutError` if an attempt is `bounded` and takes too
    long; pass `bounded=False` if its body limits its own time.
    """
    texts, statuses = _read_stdin_texts(work), dict(work.statuses)
    left, fresh = _MAX_ATTEMPTS, False
    while True:
        loaded = _load_once(work, plans, texts, statuses, fresh=fresh)
        limit = limit_corpus_time(loaded.corpus, work.config.limits.seconds) if bounded else nullcontext()
        failed: list[Exception] = []
        yield _watch_attempt(loaded, limit, failed, last=left == 1)
        if not failed:
            return
        if isinstance(failed[0], NoteChangedError):
            statuses.pop(failed[0].path, None)  # its stamp is worth nothing now
            left -= 1
        else:
            fresh = True


@contextmanager
def _watch_attempt(
    loaded: LoadedCorpus, limit: AbstractContextManager[None], failed: list[Exception], *, last: bool
) -> Iterator[LoadedCorpus]:
    """Add the error to `failed` that ends the body if another attempt may help, and raise any other.

    A note that has changed helps itself, except the `last` time. Whatever else goes wrong with cached facts may be
    their fault, though their checksums fit: with none of them, an error that remains is one of techstock's.
    """
    try:
        with limit:
            yield loaded
    except NoteChangedError as error:
        if last:
            raise
        failed.append(error)
    except _EXPECTED_ERRORS:
        raise
    except Exception as error:  # it is raised again by an attempt without a cache
        if not len(loaded.store):
            raise
        failed.append(error)


def _load_once(
    work: Session,
    plans: Sequence[RuleRun],
    texts: Mapping[str, str | ReadFailure],
    statuses: Mapping[str, os.stat_result],
    *,
    fresh: bool,
) -> LoadedCorpus:
    """Load the corpus from the files as they are now, and from the cache, unless all is to be read `fresh`."""
    config, store = work.config, open_cache(work, fresh=fresh)
    wish = LoadOptions(
        os.fsencode(work.project.root),
        config.limits.file_size,
        config.section_level,
        config.duplicate_scope,
        texts,
        work.loading.jobs or _count_processors(),
        statuses,
        DiskFiles(work.project, config.targets, store.folder),
        config.limits.parsing,
        config.limits.seconds,
    )
    with show_progress("reading notes", quiet=work.quiet) as progress:
        try:
            return load_corpus(work.paths, wish, store, plans, progress)
        except _EXPECTED_ERRORS:
            raise
        except Exception:
            if not len(store):
                raise
            return load_corpus(work.paths, wish, open_cache(work, fresh=True), plans, progress)


def require_valid_problems(corpus: Corpus, found: Iterable[Diagnostic]) -> None:
    """Raise `DamagedCacheError` for a problem that no rule yields: it was cached, and is outside of its note."""
    for problem in (part.problem for one in found for part in (one, *one.parts)):
        if not _is_plain(problem.data):
            raise DamagedCacheError("a problem holds data that are not plain")
        places = [problem.place, *(one.place for one in problem.related), *problem.differs, *problem.ignored]
        places += [edit.place for edit in problem.fix.edits] if problem.fix else []
        for place in places:
            note = corpus.by_path.get(place.path)
            if not 0 <= place.start <= place.end or (note and place.end > len(note.text)):
                raise DamagedCacheError(f"`{place.path}` does not hold {place.start}-{place.end}")


def require_own_failures(loaded: LoadedCorpus, errors: Iterable[Exception]) -> None:
    """Raise an error of a rule that failed if cached facts may have caused it: the attempt without them decides."""
    for error in errors:
        if len(loaded.store) and not isinstance(error, CorpusTimeoutError):
            raise error


def _is_plain(value: object) -> bool:
    """Return whether a value consists of what JSON knows."""
    if isinstance(value, dict):
        return all(isinstance(key, str) and _is_plain(inner) for key, inner in value.items())
    if isinstance(value, list | tuple):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, str | int) or (isinstance(value, float) and isfinite(value))


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
