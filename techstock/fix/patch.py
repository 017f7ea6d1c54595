"""Unified diffs that `git apply` accepts."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_CONTEXT_LINES = 3  # lines around a change
_MAX_EQUAL_PAIRS = 2_000_000  # pairs of equal lines; comparing all of them takes a second
_C_ESCAPES = {7: "a", 8: "b", 9: "t", 10: "n", 11: "v", 12: "f", 13: "r", 34: '"', 92: "\\"}  # as in C


class _ChangedLines(NamedTuple):
    """A range of lines in the old text (from 0, half-open), and the range that replaces it in the new text."""

    first: int
    last: int
    new_first: int
    new_last: int


def format_patch(path: str, old: str, new: str) -> Iterator[str]:
    """Yield the lines of a unified diff of one file, with their line endings; none if the texts are equal.

    `path` is the path for `git apply`: relative to the top of the repository, with `/`.
    """
    before, after = _split_lines(old), _split_lines(new)
    hunks = _group_hunks(_find_changes(before, after))
    if hunks:
        yield f"diff --git {_quote_path('a/' + path)} {_quote_path('b/' + path)}\n"
        yield f"--- {_format_header_path('a/' + path)}\n"
        yield f"+++ {_format_header_path('b/' + path)}\n"
    for hunk in hunks:
        for row in _format_hunk(hunk, before, after):
            yield row if row.endswith("\n") else f"{row}\n\\ No newline at end of file\n"


def _find_changes(before: Sequence[str], after: Sequence[str]) -> list[_ChangedLines]:
    """Return the ranges of lines that differ."""
    if len(before) == len(after):  # most fixes neither add nor delete a line
        found: list[_ChangedLines] = []
        for index, (old, new) in enumerate(zip(before, after, strict=True)):
            if old == new:
                continue
            joins = found and found[-1].last == index
            first = found.pop().first if joins else index
            found.append(_ChangedLines(first, index + 1, first, index + 1))
        if sum(change.last - change.first for change in found) <= len(before) // 2:
            return found
    from difflib import SequenceMatcher  # late: few notes need it

    counts = Counter(after)
    hard = sum(counts[line] for line in before) > _MAX_EQUAL_PAIRS
    codes = SequenceMatcher(None, before, after, autojunk=hard).get_opcodes()
    return [_ChangedLines(*ends) for kind, *ends in codes if kind != "equal"]


def _group_hunks(changes: Sequence[_ChangedLines]) -> list[list[_ChangedLines]]:
    """Return the changes grouped in hunks; changes whose context overlaps or touches share a hunk."""
    hunks: list[list[_ChangedLines]] = []
    for change in changes:
        if hunks and change.first - hunks[-1][-1].last <= 2 * _CONTEXT_LINES:
            hunks[-1].append(change)
        else:
            hunks.append([change])
    return hunks


def _format_hunk(hunk: Sequence[_ChangedLines], before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    lead = min(hunk[0].first, _CONTEXT_LINES)
    first, new_first = hunk[0].first - lead, hunk[0].new_first - lead
    tail = min(len(before) - hunk[-1].last, _CONTEXT_LINES)
    last, new_last = hunk[-1].last + tail, hunk[-1].new_last + tail
    yield f"@@ -{_format_range(first, last)} +{_format_range(new_first, new_last)} @@\n"
    at = first
    for change in hunk:
        yield from (f" {line}" for line in before[at : change.first])
        yield from (f"-{line}" for line in before[change.first : change.last])
        yield from (f"+{line}" for line in after[change.new_first : change.new_last])
        at = change.last
    yield from (f" {line}" for line in before[at:last])


def _format_range(first: int, last: int) -> str:
    """Return a range of lines in hunk notation, from 1; an empty range is named by the line before it."""
    count = last - first
    if count == 1:
        return str(first + 1)
    return f"{first + 1 if count else first},{count}"


def _split_lines(text: str) -> list[str]:
    """Return the lines of a text as git counts them: only `\\n` ends a line."""
    lines = [f"{line}\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


def _format_header_path(path: str) -> str:
    """Return a path for a header line of a patch; a tab marks the end of a path with spaces."""
    return _quote_path(path) + ("\t" if " " in path else "")


def _quote_path(path: str) -> str:
    """Return the path as git writes it.

    It is quoted, with escapes for special bytes, if it contains anything but plain printable ASCII characters.
    """
    data = path.encode("utf-8", "surrogateescape")
    if all(0x20 <= byte < 0x7F and byte not in (0x22, 0x5C) for byte in data):
        return path
    return '"' + "".join(map(_escape_byte, data)) + '"'


def _escape_byte(byte: int) -> str:
    if byte in _C_ESCAPES:
        return f"\\{_C_ESCAPES[byte]}"
    return chr(byte) if 0x20 <= byte < 0x7F else f"\\{byte:03o}"
