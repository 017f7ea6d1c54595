"""What the web answered about an image: a fact, like what stands in a note. Empty unless somebody asked."""

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

UNTYPED: Final = "untyped"
INSECURE: Final = "insecure"


class Answer(msgspec.Struct, frozen=True):
    """What is known of one URL.

    `state` is one of `STATES`, `reason` says why it is not `ok` (one word, of the table in docs/images.md). `moved` is
    the URL that it redirects to for good, empty where it does not. `evidence` is what was seen, in a few words, from
    servers and so hostile until escaped. `remarks` are `UNTYPED` (the server does not say that it is an image) and
    `INSECURE` (it redirects from https to http). `host` is that of the URL, `cached` an answer of an earlier run.
    """

    state: str
    reason: str = ""
    moved: str = ""
    evidence: str = ""
    remarks: tuple[str, ...] = ()
    host: str = ""
    cached: bool = False


def is_remote(target: str) -> bool:
    """Whether an image's target leads to the web: `http:`, `https:`, or `//host` as on a page."""
    return target[:2] == "//" or target[:6].lower().startswith(("http:", "https:"))
