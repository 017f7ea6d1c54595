"""Check and download remote images. Imported only on request: httpx is slow to import."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from posixpath import dirname

from msgspec.structs import replace

from techstock.commands.console import print_message, print_messages, write_patch
from techstock.commands.corpus_loading import load_until_unchanged, show_progress
from techstock.commands.errors import UsageError
from techstock.commands.fix import to_repository_path
from techstock.commands.options import SessionOptions, WebOptions
from techstock.commands.session import Session, open_session
from techstock.fix.patch import format_patch
from techstock.fix.write import WriteError, remove_stale_files, write_changes
from techstock.links.file_index import get_file_index
from techstock.links.resolver import resolve_link
from techstock.links.targets import WEB, make_relative
from techstock.load.corpus_loader import LoadedCorpus
from techstock.model import Corpus, Edit, Note
from techstock.model.web import BLOCKED, OK, STATES, UNKNOWN, WebStatus, is_remote
from techstock.storage.cache_directory import ANSWERS_NAME, DIRECTORY_NAME
from techstock.storage.protected_files import create_folders_below, is_in_git_folder
from techstock.text.edits import apply_edits
from techstock.text.percent_encoding import percent_encode
from techstock.text.phrases import format_count
from techstock.text.terminal_width import pad_to_width, truncate_to_width
from techstock.web import github_uploads
from techstock.web.answer_cache import AnswerCache
from techstock.web.api import FetchOptions, WebCheckResult, check_urls, download_images
from techstock.web.downloads import DownloadedImage
from techstock.web.errors import SystemFailureError
from techstock.web.rate_limits import TimeSource, WebLimits


class DownloadOptions(SessionOptions, frozen=True):
    """Options of `techstock images --download`."""

    web: WebOptions
    download: str  # the folder for the copies, as typed
    apply: bool  # change the notes


def make_fetch_options(options: WebOptions, *, quiet: bool) -> FetchOptions:
    """Return the fetch options for the options and the environment. Raise `UsageError`."""
    return FetchOptions(
        token=_get_token(options.github_token_env, quiet=quiet),
        public=options.assume_public or github_uploads.is_public_repository(os.environ),
        limits=WebLimits() if options.budget is None else WebLimits(budget=options.budget),
    )


def check_remote_images(loaded: LoadedCorpus, work: Session, wish: FetchOptions) -> tuple[Corpus, WebCheckResult]:
    """Check the remote images in scope; return the corpus with the answers, and how the check went.

    Raise `UsageError` if this machine prevents it.
    """
    wish = replace(wish, exclude=work.config.web_exclude)
    corpus, folder = loaded.corpus, loaded.store.folder
    store = AnswerCache(folder, TimeSource().wall())
    if store.notice and not work.quiet:
        print_message(store.notice)
    with show_progress("asking for images", quiet=work.quiet) as progress, _report_system_failures():
        web = check_urls(collect_remote_image_urls(corpus, work), wish, store, progress)
    try:
        if not web.trouble:  # without a network, nothing has been learned about any host
            store.save()
    except OSError as error:
        if folder and not work.quiet:
            print_message(f"`{Path(folder.path).name}/{ANSWERS_NAME}` is not written: {error.strerror}")
    return replace(corpus, web=tuple(web.answers.items())), web


@contextmanager
def _report_system_failures() -> Iterator[None]:
    """Raise `UsageError` instead of `SystemFailureError`."""
    try:
        yield
    except SystemFailureError as error:
        raise UsageError(str(error)) from None


def collect_remote_image_urls(corpus: Corpus, work: Session) -> list[str]:
    """Return the distinct remote URLs of the images in scope, without files of this repository itself."""
    notes = [note for note in corpus.notes if work.scope is None or note.path in work.scope]
    images = ((note, image) for note in notes for image in note.images if is_remote(image.target))
    index = get_file_index(corpus)
    return list(dict.fromkeys(image.target for note, image in images if resolve_link(index, note, image).kind == WEB))


def _get_token(variable: str | None, *, quiet: bool) -> str:
    """Return the token to use, empty for none; print a notice if the named one is refused. Raise `UsageError`."""
    if variable is None:
        return ""
    try:
        token, notice = github_uploads.read_token(variable, os.environ)
    except ValueError as error:
        raise UsageError(f"--github-token-env: {error}") from None
    if notice and not quiet:
        print_message(notice)
    return token


_ATTEMPT_SECONDS = 120.0  # seconds for a whole image


def run_download(options: DownloadOptions) -> int:
    """Run `techstock images --download` and return its exit code.

    0: every remote image has a copy; 1: some have none, or a note could not be written; 130: interrupted by the user.
    """
    wish = make_fetch_options(options.web, quiet=options.quiet)
    work = open_session(options)
    project = work.project
    print_messages(work.notices, quiet=options.quiet)
    folder = _prepare_folder(project.root, work.cwd, options.download)
    for attempt in load_until_unchanged(work, bounded=False):
        with attempt as got:
            corpus = got.corpus
            _read_notes_with_remote_images(corpus, work)
    targets = collect_remote_image_urls(corpus, work)
    wish = replace(wish, exclude=work.config.web_exclude, limits=replace(wish.limits, attempt=_ATTEMPT_SECONDS))
    with show_progress("fetching images", quiet=options.quiet) as progress, _report_system_failures():
        found = download_images(targets, wish, folder, progress)
    changes = list(_replace_image_links(corpus, work, found.copies, folder.relative_to(project.root).as_posix()))
    write_patch(
        line for note, text in changes for line in format_patch(to_repository_path(project, note.path), note.text, text)
    )
    if options.apply:
        remove_stale_files(project.root, work.paths)
    written = _write_notes(changes, project.root) if options.apply else None
    print_messages(_format_download_summary(found.copies, len(changes), written, options.download), quiet=options.quiet)
    if found.interrupted:
        return 130
    if found.trouble:
        print_message(f"error: {found.trouble}")
        return 2
    missing = any(not copy.name for copy in found.copies.values())
    return 1 if missing or (written is not None and written < len(changes)) else 0


def _read_notes_with_remote_images(corpus: Corpus, work: Session) -> None:
    """Read the notes that may change before the requests start, so that a later change on disk is noticed."""
    for note in corpus.select_notes(work.scope):
        if any(is_remote(image.target) for image in note.images):
            note.load_text()


def _prepare_folder(root: Path, cwd: Path, typed: str) -> Path:
    """Return the folder for the copies, created if missing. Raise `UsageError` if it cannot be used."""
    folder = Path(os.path.realpath(cwd / typed))
    if not typed or (folder != root and root not in folder.parents):
        raise UsageError(f"--download: `{typed}` is not inside the root, `{root}`")
    inner = folder.relative_to(root).as_posix()
    if is_in_git_folder(folder / "image", root) or DIRECTORY_NAME in inner.casefold().split("/"):
        raise UsageError(f"--download: `{typed}` is not a place for images")
    try:
        create_folders_below(root, "" if inner == "." else inner)
    except OSError as error:
        raise UsageError(f"--download: `{typed}` cannot be made: {error.strerror}") from None
    return folder


def _replace_image_links(
    corpus: Corpus, work: Session, copies: Mapping[str, DownloadedImage], folder: str
) -> Iterator[tuple[Note, str]]:
    """Yield the notes in scope that change, with their new text; `folder` holds the copies, relative to the root."""
    inside = "" if folder == "." else f"{folder}/"
    for note in corpus.select_notes(work.scope):
        edits = [
            Edit(image.at, percent_encode(make_relative(f"{inside}{copy.name}", dirname(note.path))))
            for image in note.images
            if image.kind != "wiki" and (copy := copies.get(image.target)) and copy.name
        ]
        if not edits:
            continue
        text = apply_edits(note.text, edits)
        if _is_harmless(corpus, note, text, edits):
            yield note, text
        else:
            print_message(f"`{work.to_shown_path(note.path)}` is not changed: more than its images would be")


def _is_harmless(corpus: Corpus, note: Note, text: str, edits: Sequence[Edit]) -> bool:
    """Return whether new targets of images change nothing else: what there is, and where links lead."""
    from techstock.links.inbound_links import find_lost_targets
    from techstock.parse import reparse

    after, moved = reparse(note, text), {edit.place for edit in edits}
    kept = [[image.target for image in note.images if image.at not in moved], len(note.images), len(note.links)]
    new = {edit.text for edit in edits}
    still = [[image.target for image in after.images if image.target not in new], len(after.images), len(after.links)]
    return kept == still and next(find_lost_targets(corpus, {note.path: after}), None) is None


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
        yield "there are no remote images"
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


_HOST_WIDTH = 32  # columns


def format_web_summary(web: Mapping[str, WebStatus], *, table: bool, listed: bool) -> Iterator[str]:
    """Yield a sentence about all answers; with `table`, first a row for each host, with its reasons.

    `listed` tells whether the images that could not be verified have been printed one by one.
    """
    if not web:
        yield "there are no remote images"
        return
    if table:
        yield from _format_host_table(web)
    yield _format_totals(web.values(), listed=listed)


def _format_totals(answers: Iterable[WebStatus], *, listed: bool) -> str:
    answers = list(answers)
    counts = Counter(answer.state for answer in answers)
    cached = sum(answer.cached for answer in answers)
    fresh = f" ({cached:,} asked in earlier runs)" if cached else ""
    parts = [f"{counts[OK]:,} of {len(answers):,} remote images ok{fresh}"]
    parts += [f"{counts[state]:,} {state} ({_format_reasons(answers, state)})" for state in STATES[1:] if counts[state]]
    missing = counts[UNKNOWN] + counts[BLOCKED]
    hint = "" if listed else " (`--all` lists them)"
    return "; ".join(parts) + (f"; {missing:,} not verified{hint}" if missing else "")


def _format_reasons(answers: Iterable[WebStatus], *states: str) -> str:
    counts = Counter(answer.reason for answer in answers if answer.state in states)
    return ", ".join(
        f"{count:,} {reason}" for reason, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair))
    )


def _format_host_table(web: Mapping[str, WebStatus]) -> Iterator[str]:
    by_host: dict[str, list[WebStatus]] = {}
    for answer in web.values():
        by_host.setdefault(answer.host or "(no host)", []).append(answer)
    yield _format_host_row("host", STATES)
    for host, answers in sorted(by_host.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        counts = Counter(answer.state for answer in answers)
        yield _format_host_row(host, [f"{counts[state]:,}" if counts[state] else "-" for state in STATES])
        if reasons := _format_reasons(answers, *STATES[1:]):
            yield f"  {reasons}"


def _format_host_row(host: str, cells: Iterable[str]) -> str:
    return pad_to_width(truncate_to_width(host, _HOST_WIDTH), _HOST_WIDTH) + "".join(f"{cell:>9}" for cell in cells)
