"""What edits change, as a patch that `git apply` takes.

Made from the edits themselves, so that the time it takes grows with the note and not with its square.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import NamedTuple

from techstock.fix.edits import line_end, ordered, own
from techstock.model import Edit

_CONTEXT = 3  # lines around a change
_SPECIAL = {"\a": "\\a", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\v": "\\v", "\f": "\\f", "\r": "\\r"} | {
    '"': '\\"',
    "\\": "\\\\",
}


class _Change(NamedTuple):
    """Lines `first` to `end` (exclusive, from 0) become `after`."""

    first: int
    end: int
    after: list[str]


def patch(path: str, text: str, edits: Iterable[Edit]) -> Iterator[str]:
    """The lines of a patch, each with its end; none where the edits change nothing. Raises `OverlapError`.

    As for git, a line is what `\\n` ends, and `\\r` before it belongs to the line.
    """
    lines = _lines(text)
    changes = [change for change in _changes(text, lines, ordered(edits)) if change.first < change.end or change.after]
    if not changes:
        return
    yield f"diff --git {_quoted('a/' + path)} {_quoted('b/' + path)}\n"
    yield from (f"{mark} {_quoted(f'{side}/{path}')}{_tab(path)}\n" for mark, side in (("---", "a"), ("+++", "b")))
    moved = 0
    for hunk in _hunks(changes):
        yield from _written(lines, hunk, moved)
        moved += sum(len(change.after) - (change.end - change.first) for change in hunk)


def _lines(text: str) -> list[str]:
    lines = [f"{line}\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


def _changes(text: str, lines: list[str], edits: list[Edit]) -> Iterator[_Change]:
    """What becomes of whole lines; edits that share a line are one change."""
    starts = [0, *accumulate(len(line) for line in lines)]
    groups: list[list[Edit]] = []
    reach = -1
    for edit in edits:
        if _line(starts, edit.place.start) <= reach:
            groups[-1].append(edit)
        else:
            groups.append([edit])
        reach = _line(starts, edit.place.end)
    end = line_end(text)
    for group in groups:
        first, last = _line(starts, group[0].place.start), _line(starts, group[-1].place.end)
        pieces, at = [], starts[first]
        for edit in group:
            pieces += [text[at : edit.place.start], own(edit.text, end)]
            at = edit.place.end
        whole = "".join([*pieces, text[at : starts[min(last + 1, len(lines))]]])
        yield _trimmed(lines, first, min(last + 1, len(lines)), _lines(whole))


def _line(starts: list[int], offset: int) -> int:
    """The index of the line that an offset stands in."""
    return max(min(bisect_right(starts, offset) - 1, len(starts) - 2), 0)


def _trimmed(lines: list[str], first: int, end: int, after: list[str]) -> _Change:
    """The change without lines that stay, at either end."""
    head = 0
    while first < end and head < len(after) and lines[first] == after[head]:
        first, head = first + 1, head + 1
    tail = len(after)
    while end > first and tail > head and lines[end - 1] == after[tail - 1]:
        end, tail = end - 1, tail - 1
    return _Change(first, end, after[head:tail])


def _hunks(changes: list[_Change]) -> Iterator[list[_Change]]:
    """Changes whose context would touch belong together."""
    hunk = [changes[0]]
    for change in changes[1:]:
        if change.first - hunk[-1].end > 2 * _CONTEXT:
            yield hunk
            hunk = []
        hunk.append(change)
    yield hunk


def _written(lines: list[str], hunk: list[_Change], moved: int) -> Iterator[str]:
    """One hunk; `moved` is how many lines those before it added."""
    first, end = max(hunk[0].first - _CONTEXT, 0), min(hunk[-1].end + _CONTEXT, len(lines))
    after = end - first + sum(len(change.after) - (change.end - change.first) for change in hunk)
    yield f"@@ -{_range(first, end - first)} +{_range(first + moved, after)} @@\n"
    at = first
    for change in hunk:
        yield from _marked(" ", lines[at : change.first])
        yield from _marked("-", lines[change.first : change.end])
        yield from _marked("+", change.after)
        at = change.end
    yield from _marked(" ", lines[at:end])


def _marked(mark: str, lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield f"{mark}{line}" if line.endswith("\n") else f"{mark}{line}\n\\ No newline at end of file\n"


def _range(first: int, count: int) -> str:
    """Lines as a hunk's head counts them, from 1; an empty range names the line before it."""
    return f"{first + 1 if count else first},{count}"


def _quoted(path: str) -> str:
    """A path as git writes it; quoted where it would end too soon, or steer a terminal."""
    if path.isprintable() and not set(path) & {'"', "\\"}:
        return path
    return f'"{"".join(_spelled(character) for character in path)}"'


def _spelled(character: str) -> str:
    if character in _SPECIAL:
        return _SPECIAL[character]
    if character.isprintable():
        return character
    return "".join(f"\\{byte:03o}" for byte in character.encode("utf-8", "surrogateescape"))


def _tab(path: str) -> str:
    """Git ends a name that holds a space with a tab, or whoever reads the patch would look for a date behind it."""
    return "\t" if " " in path else ""
