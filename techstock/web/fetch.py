"""Checks and downloads of image targets."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import httpcore
import httpx
import msgspec

from techstock.model.web import SKIPPED, UNKNOWN, Answer
from techstock.references.hosted import expiring
from techstock.web.address import refusal
from techstock.web.backend import Guarded, resolved
from techstock.web.clock import Clock
from techstock.web.download import Copy, fetch_copies
from techstock.web.limits import Limits
from techstock.web.schedule import Asker, ask_all
from techstock.web.store import Store
from techstock.web.transport import Transport
from techstock.web.urls import Url, is_excluded, parsed

_Found = TypeVar("_Found")


class Network(msgspec.Struct, frozen=True):
    """The network, replaceable in tests: how connections are made, and names, addresses and certificates checked."""

    inner: Callable[[], httpcore.AsyncNetworkBackend] = httpcore.AnyIOBackend
    resolve: Callable[[str, int], Awaitable[list[str]]] = resolved
    refuse: Callable[[str], str] = refusal
    trusted: Any = None  # an `ssl.SSLContext`; `None`: the usual certificate authorities

    def transport(self) -> Transport:
        """Return a transport that connects to public addresses only."""
        trusted = self.trusted or httpx.create_ssl_context()
        return Transport(Guarded(self.inner(), self.resolve, self.refuse), trusted)


class Wish(msgspec.Struct, frozen=True):
    """Options of a run: globs of URLs to leave out, a GitHub token, whether the notes are public, and limits."""

    exclude: tuple[str, ...] = ()
    token: str = ""
    public: bool = False
    limits: Limits = Limits()


class Web(msgspec.Struct, frozen=True):
    """The answers of a run, by target as the notes spell it; `interrupted` if the user stopped the run."""

    answers: dict[str, Answer]
    interrupted: bool = False


class Copies(msgspec.Struct, frozen=True):
    """The downloads of a run, by target as the notes spell it; `interrupted` if the user stopped the run."""

    copies: dict[str, Copy]
    interrupted: bool = False


def sorted_out(targets: Iterable[str], exclude: tuple[str, ...]) -> tuple[dict[str, Answer], dict[str, Url]]:
    """Return the answers for targets that need no network, and the URLs of the other targets."""
    answers: dict[str, Answer] = {}
    urls: dict[str, Url] = {}
    for target in targets:
        url = parsed(target)
        if isinstance(url, Answer):
            answers[target] = url
        elif is_excluded(url, exclude):
            answers[target] = Answer(SKIPPED, "excluded", host=url.host)
        elif expiring(url.text):
            answers[target] = Answer(SKIPPED, "expiring", host=url.host)  # `image-expiring` says so
        else:
            urls[target] = url
    return answers, urls


def fetched(
    targets: Iterable[str], wish: Wish, store: Store, progress: Callable[[int, int], None] | None = None
) -> Web:
    """Check each target: first those never checked, then those checked longest ago.

    Targets with an answer in `store` that is still valid are not requested; new results are recorded there, for the
    caller to save.
    """
    return asyncio.run(ask(targets, wish, store, Network(), Clock(), progress))


async def ask(
    targets: Iterable[str],
    wish: Wish,
    store: Store,
    network: Network,
    clock: Clock,
    progress: Callable[[int, int], None] | None = None,
) -> Web:
    """Check each target as `check_urls` does, with the given network and time source."""
    answers, urls = sorted_out(targets, wish.exclude)
    unique = list(dict.fromkeys(urls.values()))
    found = {url: known for url in unique if (known := store.answer(url))}
    wanted = sorted((url for url in unique if url not in found), key=store.age)
    why = ""
    if wanted:
        counted = _counted(found, len(wanted), progress)
        why = await _run(wanted, wish, store, network.transport(), clock, counted)
        found |= {url: Answer(UNKNOWN, why, host=url.host) for url in wanted if url not in found}
    answers |= {target: found[url] for target, url in urls.items()}
    return Web(answers, why == "interrupted")


def downloaded(
    targets: Iterable[str], wish: Wish, folder: Path, progress: Callable[[int, int], None] | None = None
) -> Copies:
    """Download the image of each target into `folder`, which must exist. Raises `OSError` if that is not writable."""
    return asyncio.run(download(targets, wish, folder, Network(), Clock(), progress))


async def download(
    targets: Iterable[str],
    wish: Wish,
    folder: Path,
    network: Network,
    clock: Clock,
    progress: Callable[[int, int], None] | None = None,
) -> Copies:
    """Download images as `download_images` does, with the given network and time source."""
    answers, urls = sorted_out(targets, wish.exclude)
    wanted = list(dict.fromkeys(urls.values()))
    found: dict[Url, Copy] = {}
    asker = Asker(network.transport(), wish.limits, clock, token=wish.token)
    try:
        why = await fetch_copies(asker, wanted, folder, wish.limits, _counted(found, len(wanted), progress))
    finally:
        await asker.close()
    copies = {target: Copy("", answer) for target, answer in answers.items()}
    copies |= {target: found.get(url, Copy("", Answer(UNKNOWN, why, host=url.host))) for target, url in urls.items()}
    return Copies(copies, why == "interrupted")


def _counted(
    found: dict[Url, _Found], total: int, progress: Callable[[int, int], None] | None
) -> Callable[[Url, _Found], None]:
    """Return a callback that adds answers to `found` and reports how many of `total` are done."""
    before = len(found)

    def done(url: Url, answer: _Found) -> None:
        found[url] = answer
        if progress:
            progress(len(found) - before, total)

    return done


async def _run(
    wanted: Sequence[Url],
    wish: Wish,
    store: Store,
    transport: Transport,
    clock: Clock,
    done: Callable[[Url, Answer], None],
) -> str:
    """Check all wanted URLs; return why some were not reached, empty if all were."""
    etags = {url.text: etag for url in wanted if (etag := store.etag(url))}
    asker = Asker(transport, wish.limits, clock, token=wish.token, public=wish.public, etags=etags)
    for host, until in store.hosts.items():
        if until > clock.wall():
            asker.gates.of(host).shut = "rate-limited"
    try:
        return await ask_all(
            asker.answer,
            wanted,
            wish.limits,
            lambda url, answer: done(url, store.kept(url, answer, asker.etags.get(url.text, ""))),
        )
    finally:
        await asker.close()
        store.hosts |= {name: gate.until for name, gate in asker.gates.by_name.items() if gate.until}
