"""Removal of a comment from a note without any other change to the rendered page."""

from bisect import bisect_left, bisect_right

from techstock.model.facts import Block
from techstock.model.ignores import is_comment
from techstock.model.note import Note
from techstock.model.place import Place
from techstock.model.problem import Edit

_EMPTY = "<!-- -->"
_ENDED = frozenset({"heading", "fence", "rule", "front-matter"})  # what follows never becomes a part of these
_MARKS = " \t>"
_FAR = 1000  # blocks or lines


def removal(note: Note, comment: Place, block: int) -> Edit:
    """Return the edit that removes a comment in the block with index `block`.

    Where its line must stay, because the blocks around it would join or the comment is all that an entry holds, it
    becomes an empty comment.
    """
    own = note.blocks[block]
    if is_comment(note, own):
        if _is_alone(note, comment, own) and not _joins(note, block, comment):
            return Edit(_lines(note, comment), "")
    elif own.kind != "html":
        line = note.text[_lines(note, comment).start : comment.start]
        start = comment.start - len(line) + len(line.rstrip(" \t"))
        follows = note.text[comment.end : comment.end + 1]
        if start < comment.start and line.strip(_MARKS) and follows in ("", " ", "\t", "\r", "\n"):
            return Edit(Place(start, comment.end), "")
    return Edit(comment, _EMPTY)


def _is_alone(note: Note, comment: Place, own: Block) -> bool:
    """Return whether nothing else is on the comment's lines, and no quote or entry is empty without it."""
    line = _lines(note, comment)
    around = note.text[line.start : comment.start] + note.text[comment.end : line.end]
    if around.strip() or own.quotes:
        return False
    return own.entry < 0 or note.entries[own.entry].opens != "html"


def _lines(note: Note, place: Place) -> Place:
    """Return the span extended to whole lines, their ends included."""
    first, last = note.lines.index(place.start), note.lines.index(place.end)
    end = note.lines.starts[last + 1] if last + 1 < len(note.lines) else len(note.text)
    return Place(note.lines.starts[first], end)


def _joins(note: Note, block: int, comment: Place) -> bool:
    """Return whether the content before and after a comment on lines of its own could become one thing without it."""
    own = note.blocks[block]
    before, after = _beside(note, block, -1), _beside(note, block, 1)
    if (before == "list" and after and (own.entry >= 0 or _is_indented(note, block))) or before == after == "code":
        return True
    if before == after == "list":
        return True
    above = _line(note, comment.start, -1)
    below = _line(note, comment.end, 1)
    if above < 0 and _shown(note, below).startswith("---"):  # it would open front matter
        return True
    inside = [line for line in (above, below) if 0 <= line < len(note.lines)]
    blank = [line for line in inside if not _shown(note, line).strip(_MARKS)]
    if own.entry >= 0 and blank:  # the blank line may be what makes the list a loose one
        return True
    if blank or len(inside) < 2:
        return False
    return not _is_next_entry(note, block, below) and not _has_ended(note, above)


def _beside(note: Note, block: int, step: int) -> str:
    """Return the kind of the block before (-1) or after (1) one in the same entry and quotes, comments not counted.

    Empty where there is none; `list`, the cautious answer, where it is far away.
    """
    own = note.blocks[block]
    for at in range(block + step, block + step * _FAR, step):
        if not 0 <= at < len(note.blocks):
            return ""
        other = note.blocks[at]
        if (other.entry, other.quotes) == (own.entry, own.quotes) and not is_comment(note, other):
            return other.kind
    return "list"


def _is_indented(note: Note, block: int) -> bool:
    """Return whether the next block could be taken for a part of the entry above."""
    following = note.blocks[block + 1 : block + 2]
    lines = [note.lines.index(other.place.start) for other in following]
    return any(_shown(note, line).startswith((" ", "\t")) for line in lines)


def _line(note: Note, offset: int, step: int) -> int:
    """Return the index of the nearest line above (-1) or below (1) that is no comment; out of range if none is."""
    first = line = note.lines.index(offset) + step
    while _is_comment_line(note, line) and abs(line - first) < _FAR:
        line += step
    return line


def _is_comment_line(note: Note, line: int) -> bool:
    block = _block(note, line)
    if block is None or block.quotes or block.place.end < note.lines.ends[line]:
        return False
    return is_comment(note, block)


def _block(note: Note, line: int) -> Block | None:
    """Return the last block that begins on a line or above; None where there is no line of this index."""
    if not 0 <= line < len(note.lines):
        return None
    at = bisect_right(note.blocks, note.lines.ends[line], key=lambda block: block.place.start) - 1
    return note.blocks[at] if at >= 0 else None


def _shown(note: Note, line: int) -> str:
    """Return the text of a line; empty for an index out of range."""
    return note.text[note.lines.starts[line] : note.lines.ends[line]] if 0 <= line < len(note.lines) else ""


def _is_next_entry(note: Note, block: int, line: int) -> bool:
    """Return whether a line begins an entry of a list that is open already."""
    start = note.lines.starts[line]
    at = bisect_left(note.entries, start, key=lambda entry: entry.place.start)
    if at == len(note.entries):
        return False
    entry = note.entries[at]
    return entry.list < block and not note.text[start : entry.place.start].strip(_MARKS)


def _has_ended(note: Note, line: int) -> bool:
    """Return whether a line is the last one of a block that following lines cannot continue."""
    block = _block(note, line)
    if block is None or block.quotes:
        return False
    return block.kind in _ENDED and block.closed and note.lines.index(block.place.end) == line
