"""The session of a command: project, settings, and the notes to read and to report on."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
from msgspec.structs import replace

from techstock.cache.key import compute_code_key
from techstock.commands.errors import UsageError
from techstock.commands.options import LoadingOptions, ProjectOptions, SessionOptions
from techstock.config import ConfigSource, Settings, load_settings
from techstock.model.files import has_note_suffix
from techstock.project import (
    Discovery,
    Git,
    GitError,
    Project,
    discover_notes,
    find_nested_configurations,
    find_root,
    resolve_scope,
)
from techstock.storage.cache_directory import DIRECTORY_NAME, CacheDirectory
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


def find_starting_point(file: str, cwd: Path) -> Path:
    """Return the nearest existing path from which to search for the root; `file` need not exist yet."""
    path = cwd / file
    while not path.exists():
        path = path.parent
    return path


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


def resolve_stdin_note(
    project: Project, discovery: Discovery, config: Settings, file: str, cwd: Path
) -> tuple[str, str]:
    """Return the path of the note below the root, or why it is not checked; the other one is empty."""
    typed = cwd / file
    if typed.is_dir():
        raise UsageError(f"--stdin-filename: `{file}` is a folder")
    if typed.exists():
        found = resolve_scope(project, [Path(file)], discovery, cwd)
        return ("", found.notices[0]) if not found.paths else (next(iter(found.paths)), "")
    path = os.path.relpath(typed.parent.resolve() / typed.name, project.root).replace(os.sep, "/")
    if path.startswith("../"):
        return "", f"`{file}` is not checked: it is outside the root"
    from techstock.project.globs import compile_globs

    if not has_note_suffix(path) and not config.include:
        return "", f"`{file}` is not checked: it is not a Markdown file"
    included = not config.include or compile_globs(config.include, "include")(path)
    if not included or (config.exclude and compile_globs(config.exclude, "exclude")(path)):
        return "", f"`{file}` is not checked: it is excluded"
    return path, ""


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


def compute_cache_key(config: Settings, base: str) -> bytes:
    """Return the key of what is cached with these settings, for a project at this path below its repository."""
    root = config.link_root or config.image_root
    paths = f"{base!r} {root!r}"  # on which the other half of a suppressed pair depends
    return compute_code_key(f"section-level {config.section_level} {config.limits.parsing} {paths}")


def locate_cache(cache_dir: str | None, root: Path, cwd: Path) -> CacheDirectory:
    """Return the cache directory of a project, which need not exist."""
    return CacheDirectory(str(cwd / cache_dir) if cache_dir is not None else str(root / DIRECTORY_NAME))


def explain_untrusted_cache(project: Project, folder: CacheDirectory) -> str:
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
