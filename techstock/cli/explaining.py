"""The run of `techstock explain`: from options to an entry, and what is printed of it."""

import re
from argparse import Namespace
from bisect import bisect_left

from techstock.cli.errors import UsageError
from techstock.cli.explanation import explanation
from techstock.cli.gathering import Gathering
from techstock.cli.streams import put, tell
from techstock.cli.task import configured, here, task
from techstock.config import Config
from techstock.model import Corpus, Note

_SPOT = r"(.+?):([0-9]{1,9})(?::[0-9]+)?"  # with a column, as `lint` prints it; the line is enough


def explain(options: Namespace) -> int:
    """The exit code of `techstock explain` with these options."""
    cwd = here()
    path, line = _spot(options.paths)
    options.paths = [path]
    project, config, notices = configured(options, cwd)
    work = task(project, config, options, cwd)
    if work.scope is None or len(work.scope) > 1:
        raise UsageError(f"`{path}` is a folder; name a note")
    if not work.scope:
        raise UsageError(work.notices[-1])
    if not options.quiet:
        for notice in (*notices, *work.notices):
            tell(notice)
    path = next(iter(work.scope))
    rows = Gathering(work, options, cwd).use(lambda got: _rows(got.corpus, config, path, line))
    put(f"{row}\n" for row in rows)
    return 0


def _rows(corpus: Corpus, config: Config, path: str, line: int) -> list[str]:
    note = corpus.by_path[path]
    return list(explanation(corpus, config, note, entry_on(note, line), line))


def _spot(spots: list[str]) -> tuple[str, int]:
    """The path and the line (from 1) that were typed."""
    if len(spots) != 1:
        raise UsageError("`techstock explain` takes one entry, as PATH:LINE")
    match = re.fullmatch(_SPOT, spots[0], re.DOTALL)
    if not match:
        raise UsageError(f"`{spots[0]}` names no line; write PATH:LINE, as in `notes/01-10.md:16`")
    return match[1], int(match[2])


def entry_on(note: Note, line: int) -> int:
    """The index of the innermost entry that covers a line (from 1). Raises `UsageError` where there is none."""
    starts = [note.lines.index(entry.place.start) + 1 for entry in note.entries]
    for index in range(len(starts) - 1, -1, -1):
        last = note.lines.index(max(note.entries[index].place.end - 1, 0)) + 1
        if starts[index] <= line <= last:
            return index
    raise UsageError(f"no entry stands on line {line} of `{note.path}`{_near(note, starts, line)}")


def _near(note: Note, starts: list[int], line: int) -> str:
    """Where entries do begin."""
    if not starts:
        return f", which is not checked: {note.faults[0].message}" if note.faults else ", nor on any other"
    at = bisect_left(starts, line)
    lines = [str(start) for start in (*starts[max(at - 1, 0) : at], *starts[at : at + 1])]
    return f"; the nearest {'begin on lines' if len(lines) > 1 else 'begins on line'} {' and '.join(lines)}"
