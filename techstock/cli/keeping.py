"""The cache of a run: where it is, and whether it can be trusted."""

import os
from argparse import Namespace
from pathlib import Path

from techstock.cache import CacheDirectory, NoteStore, compute_code_key
from techstock.cache.folder import DIRECTORY_NAME
from techstock.config import Settings
from techstock.engine.gather import LoadedCorpus
from techstock.engine.record import NoteSummary
from techstock.project import GitError, Project
from techstock.project.astray import passes_symlink


def open_cache(options: Namespace, project: Project, config: Settings, cwd: Path) -> NoteStore[NoteSummary]:
    """Open the cache of the project; one that is off or cannot be trusted keeps nothing."""
    if options.no_cache:
        return NoteStore(NoteSummary, trouble="off")
    folder = locate_cache(options.cache_dir, project, cwd)
    trouble = _explain_untrusted_cache(project, folder)
    if trouble:
        return NoteStore(NoteSummary, trouble=trouble)
    return NoteStore(NoteSummary, folder, compute_code_key(f"section-level {config.section_level} {config.limits}"))


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
