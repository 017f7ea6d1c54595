"""The implementation of `techstock images --download`: save remote images as files beside the notes."""

import os
from argparse import Namespace
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from posixpath import dirname

from msgspec.structs import replace

from techstock.cli.asking import collect_remote_image_urls, make_fetch_options
from techstock.cli.errors import UsageError
from techstock.cli.fixing import to_repository_path
from techstock.cli.gathering import CorpusReader, show_progress
from techstock.cli.streams import print_message, print_messages, write_stdout
from techstock.cli.task import Session, create_session, get_working_directory, load_project
from techstock.fix.diff import format_patch
from techstock.fix.edits import apply_edits
from techstock.fix.writing import WriteError, remove_stale_files, write_changes
from techstock.model import Corpus, Edit, Note
from techstock.model.web import is_remote
from techstock.references.targets import make_relative
from techstock.text.counts import format_count
from techstock.text.percent import percent_encode
from techstock.web.download import DownloadedImage
from techstock.web.fetch import download_images

_ATTEMPT_SECONDS = 120.0  # seconds for a whole image


def run_download(options: Namespace) -> int:
    """Run `techstock images --download` and return its exit code.

    0: every remote image has a copy; 1: some have none, or a note could not be written; 130: interrupted by the user.
    """
    cwd = get_working_directory()
    if options.offline:
        raise UsageError("--download asks the web, and --offline forbids it")
    wish = make_fetch_options(options)
    project, config, notices = load_project(options, cwd)
    work = create_session(project, config, options, cwd)
    print_messages((*notices, *work.notices), quiet=options.quiet)
    folder = _prepare_folder(project.root, cwd, options.download)
    corpus = CorpusReader(work, options, cwd).call_with_corpus(
        lambda got: _read_notes_with_remote_images(got.corpus, work), bounded=False
    )
    targets = collect_remote_image_urls(corpus, work)
    wish = replace(wish, exclude=config.web_exclude, limits=replace(wish.limits, attempt=_ATTEMPT_SECONDS))
    with show_progress("fetching images", quiet=options.quiet) as progress:
        found = download_images(targets, wish, folder, progress)
    changes = list(_replace_image_links(corpus, work, found.copies, folder.relative_to(project.root).as_posix()))
    write_stdout(
        line for note, text in changes for line in format_patch(to_repository_path(project, note.path), note.text, text)
    )
    if options.apply:
        remove_stale_files(project.root, work.paths)
    written = _write_notes(changes, project.root) if options.apply else None
    print_messages(_format_download_summary(found.copies, len(changes), written, options.download), quiet=options.quiet)
    if found.interrupted:
        return 130
    missing = any(not copy.name for copy in found.copies.values())
    return 1 if missing or (written is not None and written < len(changes)) else 0


def _read_notes_with_remote_images(corpus: Corpus, work: Session) -> Corpus:
    """Read the notes that may change before the requests start, so that a later change on disk is noticed."""
    for note in corpus.notes:
        if (work.scope is None or note.path in work.scope) and any(is_remote(image.target) for image in note.images):
            _ = note.text
    return corpus


def _prepare_folder(root: Path, cwd: Path, typed: str) -> Path:
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


def _replace_image_links(
    corpus: Corpus, work: Session, copies: Mapping[str, DownloadedImage], folder: str
) -> Iterator[tuple[Note, str]]:
    """Yield the notes in scope that change, with their new text; `folder` holds the copies, relative to the root."""
    inside = "" if folder == "." else f"{folder}/"
    for note in corpus.notes:
        if work.scope is not None and note.path not in work.scope:
            continue
        edits = [
            Edit(image.at, percent_encode(make_relative(f"{inside}{copy.name}", dirname(note.path))))
            for image in note.images
            if image.kind != "wiki" and (copy := copies.get(image.target)) and copy.name
        ]
        if edits:
            yield note, apply_edits(note.text, edits)


def _write_notes(changes: Iterable[tuple[Note, str]], root: Path) -> int:
    """Write the notes and return how many were written; print an error for each that cannot be."""
    count = 0
    for note, text in changes:
        try:
            write_changes(root, {note.path: (note.text, text)})
            count += 1
        except WriteError as error:
            print_message(str(error))
    return count


def _format_download_summary(
    copies: Mapping[str, DownloadedImage], notes: int, written: int | None, folder: str
) -> Iterator[str]:
    if not copies:
        yield "no image leads to the web"
        return
    reasons = Counter(copy.answer.reason for copy in copies.values() if not copy.name)
    fetched, saved = len(copies) - sum(reasons.values()), len({copy.name for copy in copies.values()} - {""})
    yield f"{fetched:,} of {len(copies):,} remote images fetched, {format_count(saved, 'file')} in `{folder}`"
    if reasons:
        told = ", ".join(f"{count:,} {reason}" for reason, count in reasons.most_common())
        yield f"{sum(reasons.values()):,} not fetched ({told})"
    if written is not None:
        yield f"{written:,} of {format_count(notes, 'note')} changed"
    elif notes:
        yield f"{format_count(notes, 'note')} would change; `--apply` changes them, or give the patch to `git apply`"
