"""Problems with one cause, which people read as one: how many they are, where, and what to do about all of them."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from posixpath import commonprefix

import msgspec

from techstock.formats._report import Report
from techstock.model import Diagnostic, SharedCause
from techstock.text.escape import escape
from techstock.text.phrases import format_count

_MANY = 20  # problems of one cause that are printed as one
_NAMED = 5  # notes that are named, those with the most problems

CauseKey = tuple[str, str, str]
"""Rule, severity, and the key of the cause."""


class CauseSummary(msgspec.Struct, frozen=True):
    """A message and a help for all problems of one cause."""

    message: str
    help: str


def choose_causes(diagnostics: Iterable[Diagnostic]) -> list[CauseKey | None]:
    """Return the cause with which each problem is printed: that of the most problems, if there are enough of them."""
    keys = [
        [(one.rule, one.severity, cause.key) for cause in one.problem.causes] if one.problem.causes else ()
        for one in diagnostics
    ]
    counts = Counter(key for some in keys for key in some)
    return [max((key for key in some if counts[key] >= _MANY), key=counts.__getitem__, default=None) for some in keys]


def summarize_cause(diagnostics: Sequence[Diagnostic], key: CauseKey) -> CauseSummary:
    """Return what to say of problems that have one cause."""
    causes = [cause for one in diagnostics for cause in one.problem.causes if cause.key == key[2]]
    prefix, glob = _find_prefix(causes)
    message = causes[0].message.replace("{count}", f"{len(causes):,}").replace("{prefix}", prefix)
    return CauseSummary(message, causes[0].help.replace("{glob}", glob))


def _find_prefix(causes: Sequence[SharedCause]) -> tuple[str, str]:
    """Return the prefix that all paths have in common, and a glob that matches them."""
    prefixes = {cause.prefix for cause in causes}
    common = commonprefix([*prefixes])
    common = common[: common.rfind("/") + 1]
    key = causes[0].key
    if common.strip("./") or common == key or len(prefixes) == 1:
        return common, f"{_escape_glob(common)}*"
    return key, f"*{_escape_glob(key)}*"


def _escape_glob(text: str) -> str:
    return re.sub(r"([*?\[])", r"[\1]", text)


def format_notes_of_cause(diagnostics: Sequence[Diagnostic], report: Report) -> str:
    """Return in which notes the problems of one cause are, those with the most first."""
    counts = Counter(one.problem.place.path for one in diagnostics)
    named = [f"{escape(report.to_shown_path(path))} ({count:,})" for path, count in counts.most_common(_NAMED)]
    more = len(counts) - len(named)
    rest = [format_count(more, "more note")] if more else []
    return ", ".join([*named, *rest])
