"""Checks and downloads of image targets."""

import asyncio
import os
import ssl
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import httpcore
import httpx
import msgspec

from techstock.links.github_urls import find_url_expiry
from techstock.model.web import SKIPPED, UNKNOWN, WebStatus
from techstock.web.answer_cache import AnswerCache
from techstock.web.checker import UrlChecker, process_urls
from techstock.web.downloads import MAX_DOWNLOAD_SIZE, DownloadedImage, download_all
from techstock.web.errors import SystemFailureError
from techstock.web.public_addresses import explain_blocked_address
from techstock.web.public_network import (
    MAX_ANSWER_SIZE,
    HttpcoreTransport,
    NoSuchHostError,
    PublicOnlyBackend,
    UnresolvedHostError,
    resolve_host,
)
from techstock.web.rate_limits import TimeSource, WebLimits
from techstock.web.urls import Url, is_excluded, parse_url

_TLS_VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE")
_WELL_KNOWN_HOST = "github.com"  # looked up if no other name is found
_UNRESOLVED_REASONS = frozenset({"resolver", "timeout", "dns"})
_Found = TypeVar("_Found")


class Network(msgspec.Struct, frozen=True):
    """The network, replaceable in tests: how connections are made, and names, addresses and certificates checked."""

    inner: Callable[[], httpcore.AsyncNetworkBackend] = httpcore.AnyIOBackend
    resolve: Callable[[str, int], Awaitable[list[str]]] = resolve_host
    refuse: Callable[[str], str] = explain_blocked_address
    trusted: Any = None  # an `ssl.SSLContext`; `None`: the usual certificate authorities

    def make_transport(self, most: int = MAX_ANSWER_SIZE) -> HttpcoreTransport:
        """Return a transport that connects to public addresses only, and reads `most` bytes of an answer.

        Raises `SystemFailureError` if the certificate authorities cannot be loaded.
        """
        trusted = self.trusted or _load_authorities()
        return HttpcoreTransport(PublicOnlyBackend(self.inner(), self.resolve, self.refuse, most), trusted)


def _load_authorities() -> ssl.SSLContext:
    """Return the usual certificate authorities, or those that the environment names. Raises `SystemFailureError`."""
    named = [f"`{name}`" for name in _TLS_VARIABLES if os.environ.get(name)]
    whose = f", as {' and '.join(named)} in the environment would have it" if named else ""
    folder = os.environ.get("SSL_CERT_DIR")
    try:
        if folder and not os.environ.get("SSL_CERT_FILE"):
            list(Path(folder).iterdir())  # OpenSSL takes a folder that is not there for one without authorities
        return httpx.create_ssl_context()
    except OSError as error:
        raise SystemFailureError(f"certificates cannot be loaded{whose}: {error.strerror or error}") from error


class FetchOptions(msgspec.Struct, frozen=True):
    """Options of a run: globs of URLs to leave out, a GitHub token, whether the notes are public, and limits."""

    exclude: tuple[str, ...] = ()
    token: str = ""
    public: bool = False
    limits: WebLimits = WebLimits()


class WebCheckResult(msgspec.Struct, frozen=True):
    """The answers of a run, by target as the notes spell it; `interrupted` if the user stopped the run.

    `trouble` is one sentence if this machine is to blame for all that is missing; empty if not.
    """

    answers: dict[str, WebStatus]
    interrupted: bool = False
    trouble: str = ""


class DownloadResult(msgspec.Struct, frozen=True):
    """The downloads of a run, by target as the notes spell it; `interrupted` and `trouble` as in `WebCheckResult`."""

    copies: dict[str, DownloadedImage]
    interrupted: bool = False
    trouble: str = ""


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
    why = trouble = ""
    if wanted:
        counted = _make_collector(found, len(wanted), progress)
        transport = network.make_transport(wish.limits.body)
        why, dead = await _check_over_network(wanted, wish, store, transport, clock, counted)
        if not why:
            trouble = dead or await _explain_no_names([found[url] for url in wanted], wish.limits, network)
        found |= {url: WebStatus(UNKNOWN, why, host=url.host) for url in wanted if url not in found}
    answers |= {target: found[url] for target, url in urls.items()}
    return WebCheckResult(answers, why == "interrupted", trouble)


def download_images(
    targets: Iterable[str], wish: FetchOptions, folder: Path, progress: Callable[[int, int], None] | None = None
) -> DownloadResult:
    """Download the image of each target into `folder`, which must exist.

    Raises `SystemFailureError` if that is not writable.
    """
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
    asker = UrlChecker(network.make_transport(MAX_DOWNLOAD_SIZE), wish.limits, clock, token=wish.token)
    try:
        why = await download_all(asker, wanted, folder, wish.limits, _make_collector(found, len(wanted), progress))
    finally:
        await asker.close()
    copies = {target: DownloadedImage("", answer) for target, answer in answers.items()}
    copies |= {
        target: found.get(url, DownloadedImage("", WebStatus(UNKNOWN, why, host=url.host)))
        for target, url in urls.items()
    }
    trouble = "" if why else _explain_dead_network(asker)
    if not why and not trouble:
        trouble = await _explain_no_names([copy.answer for copy in found.values()], wish.limits, network)
    return DownloadResult(copies, why == "interrupted", trouble)


async def _explain_no_names(answers: Collection[WebStatus], limits: WebLimits, network: Network) -> str:
    """Return one sentence if no name can be looked up here, whatever its host; empty if the hosts are to blame."""
    if not answers or not all(answer.reason in _UNRESOLVED_REASONS for answer in answers):
        return ""
    try:
        async with asyncio.timeout(limits.connect):
            await network.resolve(_WELL_KNOWN_HOST, 443)
    except (UnresolvedHostError, NoSuchHostError, TimeoutError):
        return f"no network: no name server answers, not even for `{_WELL_KNOWN_HOST}`; no remote image was checked"
    return ""


def _explain_dead_network(asker: UrlChecker) -> str:
    """Return one sentence if the questions ended because nobody answers; empty if not."""
    if not asker.gates.shut:
        return ""
    who = "name server" if asker.gates.shut == "resolver" else "server"
    return f"no network: no {who} answers; no remote image was checked"


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
) -> tuple[str, str]:
    """Check all wanted URLs; return why some were not reached and why nobody could be, empty if all were."""
    etags = {url.text: etag for url in wanted if (etag := store.find_etag(url))}
    asker = UrlChecker(transport, wish.limits, clock, token=wish.token, public=wish.public, etags=etags)
    for host, until in store.hosts.items():
        if until > clock.wall():
            asker.gates.get_limiter(host).shut = "rate-limited"
    try:
        why = await process_urls(
            asker.check_url,
            wanted,
            wish.limits,
            lambda url, answer: done(url, store.record_answer(url, answer, asker.etags.get(url.text, ""))),
            lambda answer: answer,
        )
        return why, _explain_dead_network(asker)
    finally:
        await asker.close()
        store.hosts |= {name: gate.until for name, gate in asker.gates.by_name.items() if gate.until}
