"""Checks and downloads of image targets."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import httpcore
import httpx
import msgspec

from techstock.links.github_urls import find_url_expiry
from techstock.model.web import SKIPPED, UNKNOWN, WebStatus
from techstock.web.answer_cache import AnswerCache
from techstock.web.checker import UrlChecker, process_urls
from techstock.web.downloads import DownloadedImage, download_all
from techstock.web.public_addresses import explain_blocked_address
from techstock.web.public_network import HttpcoreTransport, PublicOnlyBackend, resolve_host
from techstock.web.rate_limits import WebLimits
from techstock.web.time_source import TimeSource
from techstock.web.urls import Url, is_excluded, parse_url

_Found = TypeVar("_Found")


class Network(msgspec.Struct, frozen=True):
    """The network, replaceable in tests: how connections are made, and names, addresses and certificates checked."""

    inner: Callable[[], httpcore.AsyncNetworkBackend] = httpcore.AnyIOBackend
    resolve: Callable[[str, int], Awaitable[list[str]]] = resolve_host
    refuse: Callable[[str], str] = explain_blocked_address
    trusted: Any = None  # an `ssl.SSLContext`; `None`: the usual certificate authorities

    def make_transport(self) -> HttpcoreTransport:
        """Return a transport that connects to public addresses only."""
        trusted = self.trusted or httpx.create_ssl_context()
        return HttpcoreTransport(PublicOnlyBackend(self.inner(), self.resolve, self.refuse), trusted)


class FetchOptions(msgspec.Struct, frozen=True):
    """Options of a run: globs of URLs to leave out, a GitHub token, whether the notes are public, and limits."""

    exclude: tuple[str, ...] = ()
    token: str = ""
    public: bool = False
    limits: WebLimits = WebLimits()


class WebCheckResult(msgspec.Struct, frozen=True):
    """The answers of a run, by target as the notes spell it; `interrupted` if the user stopped the run."""

    answers: dict[str, WebStatus]
    interrupted: bool = False


class DownloadResult(msgspec.Struct, frozen=True):
    """The downloads of a run, by target as the notes spell it; `interrupted` if the user stopped the run."""

    copies: dict[str, DownloadedImage]
    interrupted: bool = False


def split_targets(targets: Iterable[str], exclude: tuple[str, ...]) -> tuple[dict[str, WebStatus], dict[str, Url]]:
    """Return the answers for targets that need no network, and the URLs of the other targets."""
    answers: dict[str, WebStatus] = {}
    urls: dict[str, Url] = {}
    for target in targets:
        url = parse_url(target)
        if isinstance(url, WebStatus):
            answers[target] = url
        elif is_excluded(url, exclude):
            answers[target] = WebStatus(SKIPPED, "excluded", host=url.host)
        elif find_url_expiry(url.text):
            answers[target] = WebStatus(SKIPPED, "expiring", host=url.host)  # `image-expiring` says so
        else:
            urls[target] = url
    return answers, urls


def check_urls(
    targets: Iterable[str], wish: FetchOptions, store: AnswerCache, progress: Callable[[int, int], None] | None = None
) -> WebCheckResult:
    """Check each target: first those never checked, then those checked longest ago.

    Targets with an answer in `store` that is still valid are not requested; new results are recorded there, for the
    caller to save.
    """
    return asyncio.run(check_urls_async(targets, wish, store, Network(), TimeSource(), progress))


async def check_urls_async(
    targets: Iterable[str],
    wish: FetchOptions,
    store: AnswerCache,
    network: Network,
    clock: TimeSource,
    progress: Callable[[int, int], None] | None = None,
) -> WebCheckResult:
    """Check each target as `check_urls` does, with the given network and time source."""
    answers, urls = split_targets(targets, wish.exclude)
    unique = list(dict.fromkeys(urls.values()))
    found = {url: known for url in unique if (known := store.find_answer(url))}
    wanted = sorted((url for url in unique if url not in found), key=store.get_last_check)
    why = ""
    if wanted:
        counted = _make_collector(found, len(wanted), progress)
        why = await _check_over_network(wanted, wish, store, network.make_transport(), clock, counted)
        found |= {url: WebStatus(UNKNOWN, why, host=url.host) for url in wanted if url not in found}
    answers |= {target: found[url] for target, url in urls.items()}
    return WebCheckResult(answers, why == "interrupted")


def download_images(
    targets: Iterable[str], wish: FetchOptions, folder: Path, progress: Callable[[int, int], None] | None = None
) -> DownloadResult:
    """Download the image of each target into `folder`, which must exist. Raises `OSError` if that is not writable."""
    return asyncio.run(download_images_async(targets, wish, folder, Network(), TimeSource(), progress))


async def download_images_async(
    targets: Iterable[str],
    wish: FetchOptions,
    folder: Path,
    network: Network,
    clock: TimeSource,
    progress: Callable[[int, int], None] | None = None,
) -> DownloadResult:
    """Download images as `download_images` does, with the given network and time source."""
    answers, urls = split_targets(targets, wish.exclude)
    wanted = list(dict.fromkeys(urls.values()))
    found: dict[Url, DownloadedImage] = {}
    asker = UrlChecker(network.make_transport(), wish.limits, clock, token=wish.token)
    try:
        why = await download_all(asker, wanted, folder, wish.limits, _make_collector(found, len(wanted), progress))
    finally:
        await asker.close()
    copies = {target: DownloadedImage("", answer) for target, answer in answers.items()}
    copies |= {
        target: found.get(url, DownloadedImage("", WebStatus(UNKNOWN, why, host=url.host)))
        for target, url in urls.items()
    }
    return DownloadResult(copies, why == "interrupted")


def _make_collector(
    found: dict[Url, _Found], total: int, progress: Callable[[int, int], None] | None
) -> Callable[[Url, _Found], None]:
    """Return a callback that adds answers to `found` and reports how many of `total` are done."""
    before = len(found)

    def done(url: Url, answer: _Found) -> None:
        found[url] = answer
        if progress:
            progress(len(found) - before, total)

    return done


async def _check_over_network(
    wanted: Sequence[Url],
    wish: FetchOptions,
    store: AnswerCache,
    transport: HttpcoreTransport,
    clock: TimeSource,
    done: Callable[[Url, WebStatus], None],
) -> str:
    """Check all wanted URLs; return why some were not reached, empty if all were."""
    etags = {url.text: etag for url in wanted if (etag := store.find_etag(url))}
    asker = UrlChecker(transport, wish.limits, clock, token=wish.token, public=wish.public, etags=etags)
    for host, until in store.hosts.items():
        if until > clock.wall():
            asker.gates.get_limiter(host).shut = "rate-limited"
    try:
        return await process_urls(
            asker.check_url,
            wanted,
            wish.limits,
            lambda url, answer: done(url, store.record_answer(url, answer, asker.etags.get(url.text, ""))),
        )
    finally:
        await asker.close()
        store.hosts |= {name: gate.until for name, gate in asker.gates.by_name.items() if gate.until}
