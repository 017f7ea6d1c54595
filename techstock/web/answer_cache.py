"""Cache of web answers between runs: when an image last loaded, and since when a host has failed.

Only a success is reused as an answer; a failure is a strike, which confirms another one an hour or more after it. URLs
are stored as digests: the file reveals nothing about the notes, and holds no signature or token. It may come from
somebody else (a cache of a build machine), so each row is validated, and an invalid one is ignored.
"""

import re
from collections.abc import Iterable, Iterator

import msgspec

from techstock.model.web import BROKEN, INSECURE, OK, STATES, UNTYPED, WebStatus
from techstock.storage.cache_directory import ANSWERS_NAME, CacheDirectory, blake2b
from techstock.web.github_uploads import is_immutable_url
from techstock.web.urls import Url, parse_url

_HEADER_LINE = b'{"techstock":"web","version":1}'
_MAX_FILE_SIZE = 32 * 1024 * 1024  # bytes
_DAY_SECONDS = 86_400.0
_LIFETIME, _LONG_LIFETIME = 7 * _DAY_SECONDS, 30 * _DAY_SECONDS
_MAX_AGE = 90 * _DAY_SECONDS
_STRIKE_INTERVAL = 3_600.0  # seconds between two strikes that confirm each other
_STRIKE_REASONS = frozenset({"dns", "refused"})
_LIFETIME_SPREAD = 0.2
_REASON = re.compile(r"[a-z0-9-]{0,40}")


class CachedAnswer(
    msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, tag_field="is", tag="url"
):
    """The cached answer of one URL.

    `ok` is when it last loaded (Unix time, 0: never), `failed` when it first failed since, for `reason`. `state` and
    `why` are the last answer, for people to look at; they are no answer to another run.
    """

    url: str
    ok: float = 0.0
    etag: str = ""
    moved: str = ""
    remarks: tuple[str, ...] = ()
    seen: float = 0.0
    failed: float = 0.0
    reason: str = ""
    state: str = ""
    why: str = ""


class PausedHost(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="is", tag="host"):
    """A host that asks for no requests up to `until` (Unix time)."""

    host: str
    until: float


class AnswerCache:
    """The rows of a cache file, by digest. Without a folder nothing is kept.

    `now` is Unix time; `notice` says what was wrong with the file, if anything.
    """

    def __init__(self, folder: CacheDirectory | None, now: float) -> None:
        self._folder = folder
        self._now = now
        self.notice = ""
        self.rows: dict[str, CachedAnswer] = {}
        self.hosts: dict[str, float] = {}
        self._load()

    def _load(self) -> None:
        bad = 0
        for line in self._read_lines():
            row = _decode_row(line)
            if isinstance(row, PausedHost) and row.until <= self._now + _DAY_SECONDS:
                self.hosts[row.host] = row.until
            elif isinstance(row, CachedAnswer) and _is_valid_row(row, self._now):
                self.rows[row.url] = row
            else:
                bad += 1
        if bad:
            self.notice = f"`{ANSWERS_NAME}`: {bad:,} rows of the cache cannot be read and count for nothing"

    def _read_lines(self) -> list[bytes]:
        try:
            data = self._folder.read(ANSWERS_NAME, _MAX_FILE_SIZE) if self._folder else _HEADER_LINE
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError:
            self.notice = f"`{ANSWERS_NAME}`: the cache cannot be read and counts for nothing"
            return []
        head, *lines = data.split(b"\n")
        if head != _HEADER_LINE:
            self.notice = f"`{ANSWERS_NAME}`: the cache is of another version and counts for nothing"
            return []
        return [line for line in lines if line]

    def find_answer(self, url: Url) -> WebStatus | None:
        """Return the cached answer if it is still valid, None if the URL must be requested."""
        row = self.rows.get(hash_url(url))
        if row is None or not row.ok or self._now - row.ok > _compute_lifetime(url):
            return None
        return WebStatus(OK, moved=row.moved, remarks=row.remarks, host=url.host, cached=True)

    def find_etag(self, url: Url) -> str:
        """Return the entity tag to revalidate an earlier answer with; empty if there is none."""
        row = self.rows.get(hash_url(url))
        return row.etag if row else ""

    def get_last_check(self, url: Url) -> float:
        """Return when the URL was last checked, in Unix time; 0 if never."""
        row = self.rows.get(hash_url(url))
        return row.seen if row else 0.0

    def find_last_answer(self, url: Url) -> WebStatus | None:
        """Return what the last check found, however long ago; None if there was none."""
        row = self.rows.get(hash_url(url))
        if row is None or not (row.state or row.ok):
            return None
        return WebStatus(row.state or OK, row.why, host=url.host, cached=True)

    def find_last_answers(self, targets: Iterable[str]) -> dict[str, WebStatus]:
        """Return the last answers for the images with these targets, as far as there are any, by target."""
        urls = ((target, parse_url(target)) for target in targets)
        found = ((target, self.find_last_answer(url)) for target, url in urls if isinstance(url, Url))
        return {target: answer for target, answer in found if answer}

    def record_answer(self, url: Url, answer: WebStatus, etag: str) -> WebStatus:
        """Record an answer, and return it combined with what was cached before."""
        key = hash_url(url)
        before = self.rows.get(key, CachedAnswer(key))
        if answer.state == OK:
            if answer.evidence == "304":  # nothing but that it is what it was
                answer = msgspec.structs.replace(answer, moved=before.moved, remarks=before.remarks)
            self.rows[key] = CachedAnswer(key, self._now, etag, answer.moved, answer.remarks, self._now)
        elif answer.reason in _STRIKE_REASONS:
            first = before.failed if before.reason == answer.reason and before.failed else self._now
            self.rows[key] = msgspec.structs.replace(before, seen=self._now, failed=first, reason=answer.reason)
            if self._now - first >= _STRIKE_INTERVAL:
                answer = msgspec.structs.replace(answer, state=BROKEN)
        else:
            self.rows[key] = msgspec.structs.replace(before, seen=self._now, failed=0.0, reason="")
        self.rows[key] = msgspec.structs.replace(self.rows[key], state=answer.state, why=answer.reason)
        return answer

    def save(self) -> None:
        """Write the file atomically. Raises `OSError`."""
        if self._folder:
            self._folder.write(ANSWERS_NAME, self._encode_rows())

    def _encode_rows(self) -> Iterator[bytes]:
        yield _HEADER_LINE + b"\n"
        for host in sorted(self.hosts):
            if self.hosts[host] > self._now:
                yield msgspec.json.encode(PausedHost(host, self.hosts[host])) + b"\n"
        size = 0
        for row in sorted(self.rows.values(), key=lambda row: (-row.seen, row.url)):
            line = msgspec.json.encode(row) + b"\n"
            size += len(line)
            if size > _MAX_FILE_SIZE // 2 or self._now - row.seen > _MAX_AGE:
                return
            yield line


def _decode_row(line: bytes) -> "CachedAnswer | PausedHost | None":
    try:
        return msgspec.json.decode(line, type=CachedAnswer | PausedHost)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def hash_url(url: Url) -> str:
    """Return the key of a URL in the cache."""
    return blake2b(url.text.encode(), digest_size=16).hexdigest()


def _compute_lifetime(url: Url) -> float:
    """Return how long an answer is valid, in seconds.

    It varies by up to a fifth from URL to URL, so that not all answers expire in one run.
    """
    share = int(hash_url(url)[:8], 16) / 0xFFFF_FFFF
    return (_LONG_LIFETIME if is_immutable_url(url) else _LIFETIME) * (1 + _LIFETIME_SPREAD * (2 * share - 1))


def _is_valid_row(row: CachedAnswer, now: float) -> bool:
    """Return whether techstock could have written this row: no time in the future, no URL that it would not propose."""
    if len(row.url) != 32 or not all(0 <= moment <= now for moment in (row.ok, row.seen, row.failed)):
        return False
    if not set(row.remarks) <= {UNTYPED, INSECURE} or len(row.etag) > 200 or not row.etag.isprintable():
        return False
    if not row.etag.isascii():
        return False
    if row.state not in ("", *STATES) or not _REASON.fullmatch(row.why):
        return False
    moved = parse_url(row.moved) if row.moved else None
    return moved is None or (isinstance(moved, Url) and moved.text == row.moved and not moved.is_secret)
