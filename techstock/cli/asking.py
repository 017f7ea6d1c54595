"""Check remote images over the network. Imported only on request: httpx is slow to import."""

import os
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from techstock.cli.errors import UsageError
from techstock.cli.gathering import shown_progress
from techstock.cli.streams import tell
from techstock.cli.task import Task
from techstock.model import Corpus
from techstock.model.web import is_remote
from techstock.references.hosted import in_repository
from techstock.references.targets import WEB, target
from techstock.web import github
from techstock.web.clock import Clock
from techstock.web.fetch import Wish, fetched
from techstock.web.limits import Limits
from techstock.web.store import Store

_CACHE = Path(".techstock_cache", "web.jsonl")


def wished(options: Namespace) -> Wish:
    """Return the fetch options for the command-line options. Raise `UsageError`."""
    budget = _budget(options.budget)
    return Wish(
        token=_token(options),
        public=options.assume_public or github.is_public(os.environ),
        limits=Limits() if budget is None else Limits(budget=budget),
    )


def asking(options: Namespace) -> Callable[[Corpus, Task], tuple[Corpus, bool]]:
    """Return a function that checks the remote images in scope and returns the corpus with the answers.

    Its second result is true if the user interrupted the check. Raise `UsageError` for invalid options.
    """
    wish = wished(options)
    return lambda corpus, work: _asked(corpus, work, options, wish)


def _asked(corpus: Corpus, work: Task, options: Namespace, wish: Wish) -> tuple[Corpus, bool]:
    wish = replace(wish, exclude=work.config.web_exclude)
    store = Store(work.project.root / _CACHE, Clock().wall())
    if store.notice and not options.quiet:
        tell(store.notice)
    with shown_progress("asking for images", quiet=options.quiet) as progress:
        web = fetched(remote_targets(corpus, work), wish, store, progress)
    try:
        store.save()
    except OSError as error:
        if not options.quiet:
            tell(f"`{_CACHE.as_posix()}` is not written: {error.strerror}")
    return replace(corpus, web=tuple(web.answers.items())), web.interrupted


def remote_targets(corpus: Corpus, work: Task) -> list[str]:
    """Return the distinct remote URLs of the images in scope, without files of this repository itself."""
    notes = [note for note in corpus.notes if work.scope is None or note.path in work.scope]
    images = (image for note in notes for image in note.images if image.kind != "wiki")
    targets = dict.fromkeys(image.target for image in images if is_remote(image.target))
    home = corpus.files.home if corpus.files and any("github" in target for target in targets) else None
    return [url for url in targets if target(url).kind == WEB and not in_repository(url, home)]


def _budget(text: str | None) -> float | None:
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


def _token(options: Namespace) -> str:
    """Return the token to use, empty for none; print a notice if the named one is refused. Raise `UsageError`."""
    if options.github_token_env is None:
        return ""
    try:
        token, notice = github.token(options.github_token_env, os.environ)
    except ValueError as error:
        raise UsageError(f"--github-token-env: {error}") from None
    if notice and not options.quiet:
        tell(notice)
    return token
