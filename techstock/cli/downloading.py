"""The implementation of `techstock images --download`: save remote images as files beside the notes."""

import os
from argparse import Namespace
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from posixpath import dirname

from msgspec.structs import replace

from techstock.cli.asking import remote_targets, wished
from techstock.cli.errors import UsageError
from techstock.cli.fixing import below
from techstock.cli.gathering import Gathering, shown_progress
from techstock.cli.streams import put, tell, tell_all
from techstock.cli.task import Task, configured, here, task
from techstock.fix.diff import patch
from techstock.fix.edits import edited
from techstock.fix.writing import WriteError, sweep, write
from techstock.model import Corpus, Edit, Note
from techstock.model.web import is_remote
from techstock.references.targets import relative
from techstock.text.counts import counted
from techstock.text.percent import encoded
from techstock.web.download import Copy
from techstock.web.fetch import downloaded

_ATTEMPT = 120.0  # seconds for a whole image


def download(options: Namespace) -> int:
    """Run `techstock images --download` and return its exit code.

    0: every remote image has a copy; 1: some have none, or a note could not be written; 130: interrupted by the user.
    """
    cwd = here()
    if options.offline:
        raise UsageError("--download asks the web, and --offline forbids it")
    wish = wished(options)
    project, config, notices = configured(options, cwd)
    work = task(project, config, options, cwd)
    tell_all((*notices, *work.notices), quiet=options.quiet)
    folder = _folder(project.root, cwd, options.download)
    corpus = Gathering(work, options, cwd).use(lambda got: _read_ahead(got.corpus, work), bounded=False)
    targets = remote_targets(corpus, work)
    wish = replace(wish, exclude=config.web_exclude, limits=replace(wish.limits, attempt=_ATTEMPT))
    with shown_progress("fetching images", quiet=options.quiet) as progress:
        found = downloaded(targets, wish, folder, progress)
    changes = list(_changes(corpus, work, found.copies, folder.relative_to(project.root).as_posix()))
    put(line for note, text in changes for line in patch(below(project, note.path), note.text, text))
    if options.apply:
        sweep(project.root, work.paths)
    written = _write(changes, project.root) if options.apply else None
    tell_all(_told(found.copies, len(changes), written, options.download), quiet=options.quiet)
    if found.interrupted:
        return 130
    missing = any(not copy.name for copy in found.copies.values())
    return 1 if missing or (written is not None and written < len(changes)) else 0


def _read_ahead(corpus: Corpus, work: Task) -> Corpus:
    """Read the notes that may change before the requests start, so that a later change on disk is noticed."""
    for note in corpus.notes:
        if (work.scope is None or note.path in work.scope) and any(is_remote(image.target) for image in note.images):
            _ = note.text
    return corpus


def _folder(root: Path, cwd: Path, typed: str) -> Path:
    """Return the folder for the copies, created if missing. Raise `UsageError` if it cannot be used."""
    folder = Path(os.path.realpath(cwd / typed))
    if not typed or (folder != root and root not in folder.parents):
        raise UsageError(f"--download: `{typed}` is not inside the root, `{root}`")
    if {".git", ".techstock_cache"} & set(folder.relative_to(root).parts):
        raise UsageError(f"--download: `{typed}` is no place for images")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"--download: `{typed}` cannot be made: {error.strerror}") from None
    return folder


def _changes(corpus: Corpus, work: Task, copies: Mapping[str, Copy], folder: str) -> Iterator[tuple[Note, str]]:
    """Yield the notes in scope that change, with their new text; `folder` holds the copies, relative to the root."""
    inside = "" if folder == "." else f"{folder}/"
    for note in corpus.notes:
        if work.scope is not None and note.path not in work.scope:
            continue
        edits = [
            Edit(image.at, encoded(relative(f"{inside}{copy.name}", dirname(note.path))))
            for image in note.images
            if image.kind != "wiki" and (copy := copies.get(image.target)) and copy.name
        ]
        if edits:
            yield note, edited(note.text, edits)


def _write(changes: Iterable[tuple[Note, str]], root: Path) -> int:
    """Write the notes and return how many were written; print an error for each that cannot be."""
    count = 0
    for note, text in changes:
        try:
            write(root, {note.path: (note.text, text)})
            count += 1
        except WriteError as error:
            tell(str(error))
    return count


def _told(copies: Mapping[str, Copy], notes: int, written: int | None, folder: str) -> Iterator[str]:
    if not copies:
        yield "no image leads to the web"
        return
    reasons = Counter(copy.answer.reason for copy in copies.values() if not copy.name)
    fetched, saved = len(copies) - sum(reasons.values()), len({copy.name for copy in copies.values()} - {""})
    yield f"{fetched:,} of {len(copies):,} remote images fetched, {counted(saved, 'file')} in `{folder}`"
    if reasons:
        told = ", ".join(f"{count:,} {reason}" for reason, count in reasons.most_common())
        yield f"{sum(reasons.values()):,} not fetched ({told})"
    if written is not None:
        yield f"{written:,} of {counted(notes, 'note')} changed"
    elif notes:
        yield f"{counted(notes, 'note')} would change; `--apply` changes them, or give the patch to `git apply`"
