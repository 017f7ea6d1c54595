"""The location of an entry on the command line: its note and one of its lines."""

from bisect import bisect_left

from techstock.commands.errors import UsageError
from techstock.commands.session import Session
from techstock.duplicates.prose import list_compared_entries
from techstock.model import Note


def require_single_note(work: Session, path: str) -> str:
    """Return the path below the root of the only note in scope. Raise `UsageError` if there is not exactly one."""
    if work.scope is None or len(work.scope) > 1:
        raise UsageError(f"`{path}` is a folder; name a note")
    if not work.scope:
        raise UsageError(work.notices[-1])
    return next(iter(work.scope))


def find_entry_at_line(note: Note, line: int, shown: str = "") -> int:
    """Return the index of the innermost entry that covers a line (from 1). Raise `UsageError` if there is none.

    Entries in prose are behind those of lists (see `duplicates.prose`); none is around another. `shown` is the
    path of the note in the message.
    """
    entries = list_compared_entries(note)
    starts = [note.lines.find_line(entry.place.start) + 1 for entry in entries]
    for index in range(len(starts) - 1, -1, -1):
        last = note.lines.find_line(max(entries[index].place.end - 1, 0)) + 1
        if starts[index] <= line <= last:
            return index
    starts.sort()
    raise UsageError(
        f"there is no entry on line {line} of `{shown or note.path}`{_describe_nearest_lines(note, starts, line)}"
    )


def _describe_nearest_lines(note: Note, starts: list[int], line: int) -> str:
    """Return the end of the error message: the lines on which the nearest entries begin."""
    if not starts:
        return f", which is not checked: {note.faults[0].message}" if note.faults else ", nor on any other"
    at = bisect_left(starts, line)
    lines = [str(start) for start in (*starts[max(at - 1, 0) : at], *starts[at : at + 1])]
    return f"; the nearest {'begin on lines' if len(lines) > 1 else 'begins on line'} {' and '.join(lines)}"
