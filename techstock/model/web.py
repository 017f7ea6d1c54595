"""Answers of the web about images: facts, like those of a note. Empty unless the web was asked."""

from typing import Final

import msgspec

OK: Final = "ok"  # an image came
BROKEN: Final = "broken"  # a reader sees nothing, and it was found so twice
UNKNOWN: Final = "unknown"  # nothing can be said; another run may tell
BLOCKED: Final = "blocked"  # we refuse to ask, or the server refuses to answer
SKIPPED: Final = "skipped"  # not asked, on purpose
STATES: Final = (OK, BROKEN, UNKNOWN, BLOCKED, SKIPPED)

NO_IMAGE: Final = frozenset({"not-image", "empty", "lfs-pointer"})
"""Reasons to be broken for which the server did send something, or nothing, with success."""

BROKEN_REASONS: Final = NO_IMAGE | {
    *("gone", "deleted-or-private", "private", "dns", "refused", "tls", "redirect-loop", "bad-redirect", "bad-url")
}
"""All reasons to be broken."""

UNTYPED: Final = "untyped"
INSECURE: Final = "insecure"


class WebStatus(msgspec.Struct, frozen=True):
    """The result of checking one URL.

    `state` is one of `STATES`, `reason` says why it is not `ok` (one word, from the table in docs/images.md). `moved`
    is the URL of a permanent redirect, empty where there is none. `evidence` describes the server's response in a few
    words; it comes from servers and so is hostile until escaped. `remarks` are `UNTYPED` (the server does not say that
    it is an image) and `INSECURE` (it redirects from https to http). `host` is that of the URL; `cached` is true for an
    answer of an earlier run.
    """

    state: str
    reason: str = ""
    moved: str = ""
    evidence: str = ""
    remarks: tuple[str, ...] = ()
    host: str = ""
    cached: bool = False

    @property
    def data(self) -> dict[str, str]:
        """Return what problems hold for machines."""
        return {"reason": self.reason, "host": self.host, "evidence": self.evidence}


def is_remote(target: str) -> bool:
    """Return whether an image's target leads to the web: `http:`, `https:`, or `//host` as on a page."""
    return target[:2] == "//" or target[:6].lower().startswith(("http:", "https:"))
