"""Check remote images over the network. Imported only on request: httpx is slow to import."""

import os
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from techstock.cli.errors import UsageError
from techstock.cli.gathering import show_progress
from techstock.cli.streams import print_message
from techstock.cli.task import Session
from techstock.model import Corpus
from techstock.model.web import is_remote
from techstock.references.hosted import parse_repository_url
from techstock.references.targets import WEB, parse_target
from techstock.web import github
from techstock.web.clock import TimeSource
from techstock.web.fetch import FetchOptions, check_urls
from techstock.web.limits import WebLimits
from techstock.web.store import AnswerCache

_ANSWER_CACHE_FILE = Path(".techstock_cache", "web.jsonl")


def make_fetch_options(options: Namespace) -> FetchOptions:
    """Return the fetch options for the command-line options. Raise `UsageError`."""
    budget = _parse_budget(options.budget)
    return FetchOptions(
        token=_get_token(options),
        public=options.assume_public or github.is_public_repository(os.environ),
        limits=WebLimits() if budget is None else WebLimits(budget=budget),
    )


def make_web_check(options: Namespace) -> Callable[[Corpus, Session], tuple[Corpus, bool]]:
    """Return a function that checks the remote images in scope and returns the corpus with the answers.

    Its second result is true if the user interrupted the check. Raise `UsageError` for invalid options.
    """
    wish = make_fetch_options(options)
    return lambda corpus, work: _check_remote_images(corpus, work, options, wish)


def _check_remote_images(corpus: Corpus, work: Session, options: Namespace, wish: FetchOptions) -> tuple[Corpus, bool]:
    wish = replace(wish, exclude=work.config.web_exclude)
    store = AnswerCache(work.project.root / _ANSWER_CACHE_FILE, TimeSource().wall())
    if store.notice and not options.quiet:
        print_message(store.notice)
    with show_progress("asking for images", quiet=options.quiet) as progress:
        web = check_urls(collect_remote_image_urls(corpus, work), wish, store, progress)
    try:
        store.save()
    except OSError as error:
        if not options.quiet:
            print_message(f"`{_ANSWER_CACHE_FILE.as_posix()}` is not written: {error.strerror}")
    return replace(corpus, web=tuple(web.answers.items())), web.interrupted


def collect_remote_image_urls(corpus: Corpus, work: Session) -> list[str]:
    """Return the distinct remote URLs of the images in scope, without files of this repository itself."""
    notes = [note for note in corpus.notes if work.scope is None or note.path in work.scope]
    images = (image for note in notes for image in note.images if image.kind != "wiki")
    targets = dict.fromkeys(image.target for image in images if is_remote(image.target))
    home = corpus.files.home if corpus.files and any("github" in target for target in targets) else None
    return [url for url in targets if parse_target(url).kind == WEB and not parse_repository_url(url, home)]


def _parse_budget(text: str | None) -> float | None:
    """Parse a number of seconds, 0 to 1,000,000; return `None` if none is given. Raise `UsageError`."""
    if text is None:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1
    if not 0 <= seconds <= 1_000_000:  # "nan" is not
        raise UsageError(f"--budget: `{text}` is no number of seconds")
    return seconds


def _get_token(options: Namespace) -> str:
    """Return the token to use, empty for none; print a notice if the named one is refused. Raise `UsageError`."""
    if options.github_token_env is None:
        return ""
    try:
        token, notice = github.read_token(options.github_token_env, os.environ)
    except ValueError as error:
        raise UsageError(f"--github-token-env: {error}") from None
    if notice and not options.quiet:
        print_message(notice)
    return token
