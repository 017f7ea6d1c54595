"""The text format of a baseline: one entry per line, sorted by path, so that a change of it can be reviewed."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from techstock.engine.baseline import BaselineEntry

VERSION = 1
HEADER_PREFIX = "# techstock baseline "
"""The beginning of the first line; the version follows."""

_HEADER_COMMENT = (
    "# Known findings: count, rule, what stands there as digests, path, excerpt. `techstock baseline` writes this."
)
_MEMBER_PATTERN = r"[0-9a-f]{12}(?:\*[1-9][0-9]{0,3})?"
_LINE_PATTERN = rf"([1-9][0-9]{{0,5}}) ([a-z0-9-]+) ({_MEMBER_PATTERN}(?:\+{_MEMBER_PATTERN})*) (.*?):(?: (.*))?"
_MAX_MEMBERS = 1_000_000  # members of all entries


class BaselineError(Exception):
    """The text is not a valid baseline; the message is a clause that follows the name of the file."""


def format_baseline(baseline: Iterable[BaselineEntry]) -> Iterator[str]:
    """Yield the lines of a baseline, each with its line end."""
    yield f"{HEADER_PREFIX}{VERSION}\n{_HEADER_COMMENT}\n"
    for entry in baseline:
        yield f"{_format_entry(entry)}\n"


def _format_entry(entry: BaselineEntry) -> str:
    times = Counter(entry.members)
    digests = "+".join(f"{member}*{count}" if count > 1 else member for member, count in sorted(times.items()))
    return f"{entry.count} {entry.rule} {digests} {entry.path}: {entry.excerpt}".rstrip()


def parse_baseline(text: str) -> list[BaselineEntry]:
    """Return the entries of a baseline in file order. Raises `BaselineError`."""
    lines = text.replace("\r\n", "\n").split("\n")
    _check_header(lines[0])
    found: list[BaselineEntry] = []
    room = _MAX_MEMBERS
    for number, line in enumerate(lines, 1):
        if line and not line.startswith("#"):
            entry = _parse_entry(line, room)
            if entry is None:
                raise BaselineError(f"is broken: line {number} is not a finding; rewrite it with `techstock baseline`")
            room -= len(entry.members)
            found.append(entry)
    return found


def _check_header(line: str) -> None:
    version = line.removeprefix(HEADER_PREFIX)
    if version == line or not re.fullmatch(r"[0-9]{1,6}", version):
        raise BaselineError(f"is not a baseline: its first line is not `{HEADER_PREFIX}{VERSION}`")
    if int(version) != VERSION:
        raise BaselineError(f"is of version {int(version)}, and this techstock reads version {VERSION} only")


def _parse_entry(line: str, room: int) -> BaselineEntry | None:
    """Parse a line as an entry. Return None if the line is malformed, or has more than `room` members."""
    match = re.fullmatch(_LINE_PATTERN, line)
    if match is None:
        return None
    times = [member.partition("*") for member in match[3].split("+")]
    if sum(int(count or 1) for _, _, count in times) > room:
        return None
    members = sorted(member for member, _, count in times for _ in range(int(count or 1)))
    return BaselineEntry(int(match[1]), match[2], tuple(members), match[4], match[5] or "")


def prune_baseline(baseline: Iterable[BaselineEntry], gone: dict[int, int]) -> list[BaselineEntry]:
    """Return the entries without those that are `gone` (counts by index). Nothing is added, and the order is kept."""
    left = ((entry, entry.count - gone.get(index, 0)) for index, entry in enumerate(baseline))
    return [replace(entry, count=count) for entry, count in left if count]
