"""Removal of a comment from a note without any other change to the rendered page."""

from bisect import bisect_left, bisect_right

from techstock.analysis.suppressions import is_comment_only
from techstock.model.facts import Block
from techstock.model.note import Note
from techstock.model.problem import Edit
from techstock.model.span import Span

_EMPTY_COMMENT = "<!-- -->"
_CLOSED_KINDS = frozenset({"heading", "fence", "rule", "front-matter"})  # what follows never becomes a part of these
_MARKS = " \t>"
_MAX_STEPS = 40  # blocks or lines


def make_removal_edit(note: Note, comment: Span, block: int) -> Edit:
    """Return the edit that removes a comment in the block with index `block`.

    Where its line must stay, because the blocks around it would join or the comment is all that an entry holds, it
    becomes an empty comment.
    """
    own = note.blocks[block]
    if is_comment_only(note, own):
        if _is_alone(note, comment, own) and not _is_separator(note, block, comment):
            return Edit(_extend_to_lines(note, comment), "")
    elif own.kind != "html":
        line = note.text[_extend_to_lines(note, comment).start : comment.start]
        start = comment.start - len(line) + len(line.rstrip(" \t"))
        follows = note.text[comment.end : comment.end + 1]
        if start < comment.start and line.strip(_MARKS) and follows in ("", " ", "\t", "\r", "\n"):
            return Edit(Span(start, comment.end), "")
    return Edit(comment, _EMPTY_COMMENT)


def _is_alone(note: Note, comment: Span, own: Block) -> bool:
    """Return whether nothing else is on the comment's lines, and no quote or entry is empty without it."""
    line = _extend_to_lines(note, comment)
    around = note.text[line.start : comment.start] + note.text[comment.end : line.end]
    if around.strip() or own.quotes:
        return False
    return own.entry < 0 or note.entries[own.entry].opens != "html"


def _extend_to_lines(note: Note, place: Span) -> Span:
    """Return the span extended to whole lines, their ends included."""
    first, last = note.lines.find_line(place.start), note.lines.find_line(place.end)
    end = note.lines.starts[last + 1] if last + 1 < len(note.lines) else len(note.text)
    return Span(note.lines.starts[first], end)


def _is_separator(note: Note, block: int, comment: Span) -> bool:
    """Return whether the content before and after a comment on lines of its own could become one thing without it."""
    own = note.blocks[block]
    before, after = _find_neighbor_kind(note, block, -1), _find_neighbor_kind(note, block, 1)
    if before == after and before in ("code", "list"):
        return True
    if before == "list" and after and (own.entry >= 0 or _is_next_block_indented(note, block)):
        return True
    above = _find_line_outside_comments(note, comment.start, -1)
    below = _find_line_outside_comments(note, comment.end, 1)
    if above < 0 and _get_line_text(note, below).startswith("---"):  # it would open front matter
        return True
    inside = [line for line in (above, below) if 0 <= line < len(note.lines)]
    blank = [line for line in inside if not _get_line_text(note, line).strip(_MARKS)]
    if own.entry >= 0 and blank:  # the blank line may be what makes the list a loose one
        return True
    if blank or len(inside) < 2:
        return False
    return not _is_next_entry(note, block, below) and not _is_block_end(note, above)


def _find_neighbor_kind(note: Note, block: int, step: int) -> str:
    """Return the kind of the block before (-1) or after (1) one in the same entry and quotes, comments not counted.

    Empty where there is none; `list`, the cautious answer, where it is far away.
    """
    own = note.blocks[block]
    for at in range(block + step, block + step * _MAX_STEPS, step):
        if not 0 <= at < len(note.blocks):
            return ""
        other = note.blocks[at]
        if (other.entry, other.quotes) == (own.entry, own.quotes) and not is_comment_only(note, other):
            return other.kind
    return "list"


def _is_next_block_indented(note: Note, block: int) -> bool:
    """Return whether the next block could be taken for a part of the entry above."""
    following = note.blocks[block + 1 : block + 2]
    lines = [note.lines.find_line(other.place.start) for other in following]
    return any(_get_line_text(note, line).startswith((" ", "\t")) for line in lines)


def _find_line_outside_comments(note: Note, offset: int, step: int) -> int:
    """Return the index of the nearest line above (-1) or below (1) that is no comment; out of range if none is."""
    first = line = note.lines.find_line(offset) + step
    while _is_comment_line(note, line) and abs(line - first) < _MAX_STEPS:
        line += step
    return line


def _is_comment_line(note: Note, line: int) -> bool:
    block = _find_block_at_line(note, line)
    if block is None or block.quotes or block.place.end < note.lines.ends[line]:
        return False
    return is_comment_only(note, block)


def _find_block_at_line(note: Note, line: int) -> Block | None:
    """Return the last block that begins on a line or above; None where there is no line of this index."""
    if not 0 <= line < len(note.lines):
        return None
    at = bisect_right(note.blocks, note.lines.ends[line], key=lambda block: block.place.start) - 1
    return note.blocks[at] if at >= 0 else None


def _get_line_text(note: Note, line: int) -> str:
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


def _is_block_end(note: Note, line: int) -> bool:
    """Return whether a line is the last one of a block that following lines cannot continue."""
    block = _find_block_at_line(note, line)
    if block is None or block.quotes:
        return False
    return block.kind in _CLOSED_KINDS and block.closed and note.lines.find_line(block.place.end) == line
