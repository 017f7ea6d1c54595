"""The session of a command: its project, settings and notes."""

import os
from argparse import Namespace
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
from msgspec.structs import replace

from techstock.cli.errors import UsageError
from techstock.config import ConfigSource, Settings, load_settings
from techstock.project import Discovery, Project, discover_notes, find_nested_configurations, find_root, resolve_scope


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
        from techstock.cli.stdin import find_starting_point, require_stdin_filename

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
    from techstock.cli.stdin import resolve_stdin_note

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
    from techstock.cli.emptiness import explain_no_notes

    return explain_no_notes(project, config, tracked=options.tracked)
