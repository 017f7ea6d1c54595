"""Dates at which lines of a note were written, according to the last commit of the branch.

Git is asked only for stored objects and never reads the working tree: that would run the filters which a repository's
own configuration names. Lines are therefore matched by their text.
"""

import re
from collections.abc import Iterable

import msgspec

from techstock.project.git import Git, GitError

_BLAME = ("blame", "-w", "--no-textconv", "--line-porcelain", "HEAD", "--")
_TIME_ZONE = re.compile(r"([+-])(\d\d)(\d\d)")


class LineDates(msgspec.Struct, frozen=True):
    """Dates (`2024-01-31`, in the author's time zone) of the oldest and the newest of some lines; empty if unknown.

    `unsaved` is true if some of the lines are not committed yet, `earlier` if the available history does not reach back
    to the oldest one.
    """

    first: str = ""
    last: str = ""
    unsaved: bool = False
    earlier: bool = False


class NoteBlame:
    """The lines of one note as HEAD has them, read with one call of git. Raises `GitError` if git fails.

    A note that is not in HEAD has no lines. `shallow`: this clone lacks old commits.
    """

    def __init__(self, git: Git, path: str, *, shallow: bool) -> None:
        self._shallow = shallow
        self._lines: dict[str, list[tuple[int, str, bool]]] = {}
        try:
            output = git.run(*_BLAME, path)
        except GitError as error:
            if not any(sign in str(error) for sign in ("no such path", "bad revision 'HEAD'", "no such ref")):
                raise
            return
        for number, (text, day, boundary) in enumerate(_parse_blame(output)):
            self._lines.setdefault(text, []).append((number, day, boundary))

    def find_line_dates(self, lines: Iterable[tuple[int, str]]) -> LineDates:
        """Return the dates of these lines, each given by its index and its text. White space is ignored."""
        days: list[tuple[str, bool]] = []
        unsaved = False
        for number, text in lines:
            if not (bare := "".join(text.split())):
                continue
            same = self._lines.get(bare)
            if same:
                _, day, boundary = min(same, key=lambda line: abs(line[0] - number))
                days.append((day, boundary))
            else:
                unsaved = True
        first, last = min(days, default=("", False)), max(days, default=("", False))
        return LineDates(first[0], last[0], unsaved, self._shallow and first[1])


def is_shallow_clone(git: Git) -> bool:
    """Return whether this clone lacks old commits. Raises `GitError`."""
    return git.run("rev-parse", "--is-shallow-repository").strip() == b"true"


def _parse_blame(output: bytes) -> Iterable[tuple[str, str, bool]]:
    """Yield for each line its text without white space, its date, and whether history is cut off there."""
    seconds, zone, boundary = 0, "+0000", False
    for line in output.decode("utf-8", "surrogateescape").split("\n"):
        if line.startswith("\t"):
            yield "".join(line.split()), _format_day(seconds, zone), boundary
            boundary = False
        elif line.startswith("author-time "):
            seconds = int(line[12:])
        elif line.startswith("author-tz "):
            zone = line[10:]
        elif line == "boundary":
            boundary = True


def _format_day(seconds: int, zone: str) -> str:
    from datetime import datetime, timedelta, timezone

    match = _TIME_ZONE.fullmatch(zone.strip())
    minutes = (int(match[2]) * 60 + int(match[3])) * (-1 if match[1] == "-" else 1) if match else 0
    try:
        moment = datetime.fromtimestamp(seconds, timezone(timedelta(minutes=minutes)))
    except (ValueError, OverflowError, OSError):  # what a clock or a commit made by hand may hold
        return ""
    return moment.date().isoformat()
