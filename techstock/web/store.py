"""Cache of web answers between runs: when an image last loaded, and since when a host has failed.

Only a success is reused as an answer; a failure is a strike, which confirms another one an hour or more after it. URLs
are stored as digests: the file reveals nothing about the notes, and holds no signature or token. It may come from
somebody else (a cache of a build machine), so each row is validated, and an invalid one is ignored.
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from techstock.drafts import draft, sweep
from techstock.model.web import BROKEN, INSECURE, OK, UNTYPED, Answer
from techstock.text.digests import blake2b
from techstock.web.github import is_lasting
from techstock.web.urls import Url, parsed

_FORMAT = b'{"techstock":"web","version":1}'
_LARGEST = 32 * 1024 * 1024  # bytes
_DAY = 86_400.0
_LIFE, _LONG_LIFE = 7 * _DAY, 30 * _DAY
_KEPT = 90 * _DAY
_APART = 3_600.0  # seconds between two strikes that confirm each other
_STRIKES = frozenset({"dns", "refused"})
_SPREAD = 0.2


class Row(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, tag_field="is", tag="url"):
    """The cached answer of one URL.

    `ok` is when it last loaded (Unix time, 0: never), `failed` when it first failed since, for `reason`.
    """

    url: str
    ok: float = 0.0
    etag: str = ""
    moved: str = ""
    remarks: tuple[str, ...] = ()
    seen: float = 0.0
    failed: float = 0.0
    reason: str = ""


class Host(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="is", tag="host"):
    """A host that asks for no requests up to `until` (Unix time)."""

    host: str
    until: float


class Store:
    """The rows of a cache file, by digest.

    `now` is Unix time; `notice` says what was wrong with the file, if anything.
    """

    def __init__(self, file: Path, now: float) -> None:
        self._file = file
        self._now = now
        self.notice = ""
        self.rows: dict[str, Row] = {}
        self.hosts: dict[str, float] = {}
        self._load()

    def _load(self) -> None:
        bad = 0
        for line in self._lines():
            row = _row(line)
            if isinstance(row, Host) and row.until <= self._now + _DAY:
                self.hosts[row.host] = row.until
            elif isinstance(row, Row) and _is_sane(row, self._now):
                self.rows[row.url] = row
            else:
                bad += 1
        if bad:
            self.notice = f"`{self._file.name}`: {bad:,} rows of the cache cannot be read and count for nothing"

    def _lines(self) -> list[bytes]:
        try:
            if not self._file.is_file() or self._file.is_symlink():
                return []
            if self._file.stat().st_size > _LARGEST:
                raise ValueError
            head, *lines = self._file.read_bytes().split(b"\n")
        except (OSError, ValueError):
            self.notice = f"`{self._file.name}`: the cache cannot be read and counts for nothing"
            return []
        if head != _FORMAT:
            self.notice = f"`{self._file.name}`: the cache is of another version and counts for nothing"
            return []
        return [line for line in lines if line]

    def answer(self, url: Url) -> Answer | None:
        """Return the cached answer if it is still valid, None if the URL must be requested."""
        row = self.rows.get(digest(url))
        if row is None or not row.ok or self._now - row.ok > _life(url):
            return None
        return Answer(OK, moved=row.moved, remarks=row.remarks, host=url.host, cached=True)

    def etag(self, url: Url) -> str:
        """Return the entity tag to revalidate an earlier answer with; empty if there is none."""
        row = self.rows.get(digest(url))
        return row.etag if row else ""

    def age(self, url: Url) -> float:
        """Return when the URL was last checked, in Unix time; 0 if never."""
        row = self.rows.get(digest(url))
        return row.seen if row else 0.0

    def kept(self, url: Url, answer: Answer, etag: str) -> Answer:
        """Record an answer, and return it combined with what was cached before."""
        key = digest(url)
        before = self.rows.get(key, Row(key))
        if answer.state == OK:
            if answer.evidence == "304":  # nothing but that it is what it was
                answer = msgspec.structs.replace(answer, moved=before.moved, remarks=before.remarks)
            self.rows[key] = Row(key, self._now, etag, answer.moved, answer.remarks, self._now)
        elif answer.reason in _STRIKES:
            first = before.failed if before.reason == answer.reason and before.failed else self._now
            self.rows[key] = msgspec.structs.replace(before, seen=self._now, failed=first, reason=answer.reason)
            if self._now - first >= _APART:
                answer = msgspec.structs.replace(answer, state=BROKEN)
        else:
            self.rows[key] = msgspec.structs.replace(before, seen=self._now, failed=0.0, reason="")
        return answer

    def save(self) -> None:
        """Write the file atomically. Raises `OSError`."""
        folder = self._file.parent
        folder.mkdir(exist_ok=True)
        for name, text in (("CACHEDIR.TAG", _TAG), (".gitignore", "*\n")):
            if not (folder / name).exists():
                (folder / name).write_text(text, "utf-8", newline="\n")
        sweep(str(folder))
        with draft(str(folder)) as made:
            made.write(b"".join(self._written()))
            made.place(str(self._file))

    def _written(self) -> Iterator[bytes]:
        yield _FORMAT + b"\n"
        for host in sorted(self.hosts):
            if self.hosts[host] > self._now:
                yield msgspec.json.encode(Host(host, self.hosts[host])) + b"\n"
        size = 0
        for row in sorted(self.rows.values(), key=lambda row: (-row.seen, row.url)):
            line = msgspec.json.encode(row) + b"\n"
            size += len(line)
            if size > _LARGEST // 2 or self._now - row.seen > _KEPT:
                return
            yield line


_TAG = """Signature: 8a477f597d28d172789f06886806bc55
# This folder is a cache of techstock: it may be removed at any time.
"""


def _row(line: bytes) -> "Row | Host | None":
    try:
        return msgspec.json.decode(line, type=Row | Host)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def digest(url: Url) -> str:
    """Return the key of a URL in the cache."""
    return blake2b(url.text.encode(), digest_size=16).hexdigest()


def _life(url: Url) -> float:
    """Return how long an answer is valid, in seconds.

    It varies by up to a fifth from URL to URL, so that not all answers expire in one run.
    """
    share = int(digest(url)[:8], 16) / 0xFFFF_FFFF
    return (_LONG_LIFE if is_lasting(url) else _LIFE) * (1 + _SPREAD * (2 * share - 1))


def _is_sane(row: Row, now: float) -> bool:
    """Return whether techstock could have written this row: no time in the future, no URL that it would not propose."""
    if len(row.url) != 32 or not all(0 <= moment <= now for moment in (row.ok, row.seen, row.failed)):
        return False
    if not set(row.remarks) <= {UNTYPED, INSECURE} or len(row.etag) > 200 or not row.etag.isprintable():
        return False
    if not row.etag.isascii():
        return False
    moved = parsed(row.moved) if row.moved else None
    return moved is None or (isinstance(moved, Url) and moved.text == row.moved and not moved.is_secret)
