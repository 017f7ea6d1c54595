"""Discovery of the notes of a project, by git or by walking folders."""

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from posixpath import basename, dirname, splitext
from stat import S_ISLNK, S_ISREG

import msgspec

from techstock.model.files import NOTE_SUFFIXES
from techstock.project.git import Git, GitError, GitListing
from techstock.project.paths import make_printable
from techstock.project.root import ProjectError


def list_files_below(root: bytes) -> tuple[list[bytes], list[bytes]]:
    """Return the names of all files below `root`, and of the folders that could not be read.

    Hidden folders, folders that are links, and folders that hold a `.git` of their own are left out.
    """
    files: list[bytes] = []
    unreadable: list[bytes] = []
    folders = [b""]
    while folders:
        prefix = folders.pop()
        try:
            with os.scandir(os.path.join(root, prefix)) as scan:
                entries = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in scan]
        except OSError:
            unreadable.append(prefix.rstrip(b"/") or b".")
            continue
        if prefix and any(name == b".git" for name, _ in entries):
            continue
        files += (prefix + name for name, is_folder in entries if not is_folder)
        folders += (prefix + name + b"/" for name, is_folder in entries if is_folder and not name.startswith(b"."))
    return files, unreadable


class Project(msgspec.Struct, frozen=True, dict=True):
    """A project: its root (absolute, without links) and the git repository around it, if any."""

    root: Path

    @cached_property
    def git(self) -> Git | None:
        return Git.find_repository(str(self.root))

    @cached_property
    def files_on_disk(self) -> tuple[list[bytes], list[bytes]]:
        """The files below the root and the folders that cannot be read, as `list_files_below` finds them."""
        return list_files_below(os.fsencode(self.root))

    @property
    def base(self) -> str:
        """Return the path of the root below the repository around it, with `/`.

        It is empty if the root is the repository itself, or without a repository.
        """
        if self.git is None or self.git.top == self.git.root:
            return ""
        return os.path.relpath(self.git.root, self.git.top).replace(os.sep, "/")


class Discovery(msgspec.Struct, frozen=True):
    """Paths of the notes, relative to the root and sorted by code point, and notices about files that were left out.

    `statuses` are the results of `os.lstat` for the notes where it succeeded.
    """

    paths: tuple[str, ...]
    notices: tuple[str, ...] = ()
    statuses: dict[str, os.stat_result] = {}


def discover_notes(
    project: Project, include: Sequence[str] = (), exclude: Sequence[str] = (), tracked_only: bool = False
) -> Discovery:
    """Return the notes of the project: files that git tracks or would track; without git, files outside hidden folders.

    `include` and `exclude` are globs. `tracked_only` restricts the notes to files in git's index. A symbolic link is
    never a note: its target is one under its own name. Raises `ProjectError` for an invalid glob, or for `tracked_only`
    without git.
    """
    names, notices = _list_candidates(project, tracked_only)
    wanted = _make_path_filter(include, exclude)
    suffixes = tuple(suffix.encode() for suffix in _list_suffixes(include))
    paths: list[str] = []
    foreign: list[bytes] = []
    for name in names:
        if name.lower().endswith(suffixes):
            try:
                path = name.decode()
            except UnicodeDecodeError:
                foreign.append(name)
            else:
                if wanted(path):
                    paths.append(path)
    statuses: dict[str, os.stat_result] = {}
    files, links = _split_files_and_links(os.path.join(os.fsencode(project.root), b""), sorted(paths), statuses)
    astray = sorted(set(links).difference(_find_links_to(project.root, links, set(files))))
    notices += _make_skip_notices(
        [name.decode("utf-8", "backslashreplace") for name in sorted(foreign)], "not named in UTF-8"
    )
    notices += _make_skip_notices(astray, "a symbolic link to something that is no note of this project")
    return Discovery(tuple(files), tuple(notices), statuses)


def _list_candidates(project: Project, tracked_only: bool) -> tuple[Iterable[bytes], list[str]]:
    """Return the candidates, in bytes because a name may not be UTF-8, and notices about files left out."""
    git = project.git
    notices: list[str] = []
    if git is None and tracked_only:
        raise ProjectError(f"`--tracked` needs git, and `{make_printable(str(project.root))}` is in no repository")
    if git is not None:
        try:
            listing = git.listing
        except GitError as error:
            if tracked_only:
                raise ProjectError(f"`--tracked` needs git, and {error}") from error
            notices.append(f"{error}; going on without git, so ignored files are checked too")
        else:
            if tracked_only:
                return listing.tracked, list(listing.notices)
            if not _is_root_ignored(git, listing):
                return listing.tracked | listing.untracked, list(listing.notices)
    files, unreadable = project.files_on_disk
    names = [name.decode("utf-8", "backslashreplace") for name in sorted(unreadable)]
    return files, notices + _make_skip_notices(names, "a folder that cannot be read")


def _is_root_ignored(git: Git, listing: GitListing) -> bool:
    """Return whether the root is in a folder ignored by the repository around it, such as a home directory kept in git.

    That repository knows nothing of the project: its empty listing must not empty the corpus.
    """
    return git.root != git.top and not listing.tracked and not listing.untracked


def _list_suffixes(include: Sequence[str]) -> tuple[str, ...]:
    """Return the suffixes a note may have: Markdown's, and those that `include` spells out (`*.mdx`).

    So `include = ["notes/"]` means the notes there and not the images.
    """
    named = (splitext(basename(glob))[1] for glob in include if not glob.startswith("!"))
    return (*NOTE_SUFFIXES, *(suffix.lower() for suffix in named if suffix[1:].isalnum()))


def _make_path_filter(include: Sequence[str], exclude: Sequence[str]) -> Callable[[str], bool]:
    if not include and not exclude:
        return bool  # no path is empty
    from techstock.project.globs import compile_globs  # late: most projects have no globs

    included = compile_globs(include, "include") if include else None
    excluded = compile_globs(exclude, "exclude") if exclude else None
    return lambda path: (not included or included(path)) and not (excluded and excluded(path))


def _split_files_and_links(
    root: bytes, paths: Iterable[str], statuses: dict[str, os.stat_result]
) -> tuple[list[str], list[str]]:
    """Return the paths that are files, and those that are links or are inside a linked folder; leave out all others.

    Git's index may be out of date: a file may since have been deleted or replaced. A path whose status cannot be read
    is kept, so that reading it reports the reason. The statuses of the files are added to `statuses`.
    """
    files: list[str] = []
    links: list[str] = []
    direct: dict[str, bool] = {"": True}
    for path in paths:
        try:
            status = os.lstat(root + path.encode())
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError:
            files.append(path)
            continue
        if S_ISLNK(status.st_mode) or not _is_free_of_links(root, path.rpartition("/")[0], direct):
            links.append(path)
        elif S_ISREG(status.st_mode):
            files.append(path)
            statuses[path] = status
    return files, links


def _is_free_of_links(root: bytes, folder: str, known: dict[str, bool]) -> bool:
    """Return whether no part of `folder` is a link; `known` caches the answers."""
    steps = []
    while folder not in known:
        steps.append(folder)
        folder = dirname(folder)
    answer = known[folder]
    for step in reversed(steps):
        answer = known[step] = answer and not os.path.islink(root + step.encode())
    return answer


def _find_links_to(root: Path, links: Iterable[str], files: Collection[str]) -> Iterator[str]:
    """Yield the links whose target is one of `files`."""
    for link in links:
        target = os.path.relpath(os.path.realpath(os.path.join(root, link)), root)
        if target.replace(os.sep, "/") in files:
            yield link


def _make_skip_notices(names: Sequence[str], what: str) -> list[str]:
    """Return one notice for all of these names, none without names."""
    if not names:
        return []
    more = f" (and {len(names) - 1} more)" if len(names) > 1 else ""
    return [f"`{names[0]}`{more} is not checked: {what}"]
