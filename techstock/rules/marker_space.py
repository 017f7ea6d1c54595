"""A list marker or `##` is followed by an ordinary space.

Markdown knows one space. After `-` or `##`, an ideographic space (U+3000), a no-break space or nothing at all leaves
plain text: the entry joins the paragraph above it, the heading is no heading, and nothing on the screen says why.
Japanese input methods write U+3000 whenever kana is being typed.

```markdown bad
- 待避: 新しい要求を受けない状態。

-\u3000復旧: 止まった仕事を再び始めること。
```

```markdown bad
##\u00a076.

本文。
```

```markdown good
- 待避: 新しい要求を受けない状態。
- 復旧: 止まった仕事を再び始めること。

## 76.
```

A marker without any space is reported only where it cannot be meant: `##` directly before a letter or a digit, and a
line at the indent of the entry above and of the entry that follows; before Japanese, at that of either.

```markdown bad
- 待避
-復旧
- 切り替え
```

It would be wrong to report `#tag`, `#1`, `-flag`, `--option`, `*emphasis*` and the like, so a single `#` without a
space is never reported. Japanese writers set off chapter numbers with U+3000 (`1.\u3000はじめに`): such a line is
reported only among other entries or next to another such line. Code, tables and HTML are not looked at.

```markdown good
#aws #s3 を使う。
-flag は --option と同じ。

1.\u3000はじめに
```

The fix is unsafe where it makes a heading: a link to another heading of the same text may then lead to this one. It is
also unsafe where what follows the marker would be read as an HTML tag or a link definition.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator

from techstock.analysis.entries import compute_column, compute_content_column
from techstock.model import ERROR, Block, Edit, Fix, Note, Problem, RelatedSpan, Span
from techstock.text.unicode_names import describe_character

LEVEL = ERROR

_MARKS = frozenset("-*+#0123456789")
_ODD = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_SPACED = rf"([-*+]|[0-9]{{1,9}}[.)]|#{{1,6}})([{_ODD}][ \t{_ODD}]*)(?=[^\s{_ODD}])"
_GLUED = (
    r"(?m)#{2,6}(?=[^\W_]|[「『（【［])|#{2,6}(?=[.．、][ \t\u3000]*[^\W_])|[-+](?=[^\W\d_]|[「『（【［\[`<!*])"
    r"|\*(?=[^\W\d_][^*\n]*$)|[0-9]{1,9}[.)](?=[^\W\d_])"
)
_HIDING = r"<|\[[^\]\r\n]+\]:"  # HTML, and what a link points to: in an entry they could take text out of sight
_RULE = r"[-*_+\s]+"  # with ordinary spaces it would be a line across the page


def check(note: Note) -> Iterator[Problem]:
    for block in note.blocks:
        if block.kind == "paragraph" and not _MARKS.isdisjoint([note.text[text.start] for text in block.texts]):
            yield from _find_odd_spaces(note, block)
            yield from _find_missing_spaces(note, block)


def _find_odd_spaces(note: Note, block: Block) -> Iterator[Problem]:
    """Yield problems for markers before white space that Markdown does not recognize."""
    matches = [re.compile(_SPACED).match(note.text, text.start, text.end) for text in block.texts]
    numbers = [match is not None and match[0][0].isdigit() for match in matches]
    for index, match in enumerate(matches):
        if not match or not _can_begin_block(note, block, index):
            continue
        if re.compile(_RULE).fullmatch(note.text, match.end(), block.texts[index].end):
            continue
        if numbers[index]:
            beside = numbers[index - 1] if index else numbers[1:2] == [True]
            if not beside and _find_entry_above(note, block, *match.span(1)) < 0:
                continue
        yield _make_problem(note, match[1], Span(*match.span()), Span(*match.span(2)), describe_character(match[2][0]))


def _find_missing_spaces(note: Note, block: Block) -> Iterator[Problem]:
    """Yield problems for markers without any white space after them."""
    found = []
    follows = -1  # the list that goes on in the next line with such a marker
    for index in range(len(block.texts) - 1, -1, -1):
        text = block.texts[index]
        match = re.compile(_GLUED).match(note.text, text.start, text.end)
        above = _find_entry_above(note, block, *match.span()) if match and index else -1
        if match and match[0][0] == "#" and _can_begin_block(note, block, index):
            found.append(_make_problem(note, match[0], Span(*match.span()), Span(match.end(), match.end()), ""))
        if not match or above < 0:
            follows = -1
            if match and index == 0 and _is_japanese(note, match) and _is_between_entries(note, block, match):
                found.append(_make_problem(note, match[0], Span(*match.span()), Span(match.end(), match.end()), ""))
            continue
        below = follows if follows >= 0 else _find_list_below(note, text.start)
        follows = below if below == note.entries[above].list else -1
        if follows >= 0 or _is_japanese(note, match):
            entry = RelatedSpan(note.entries[above].marker, "it is read as text of this entry")
            found.append(_make_problem(note, match[0], Span(*match.span()), Span(match.end(), match.end()), "", entry))
    yield from reversed(found)


def _is_japanese(note: Note, match: re.Match[str]) -> bool:
    """Return whether a character that is not ASCII is behind a list marker: no option begins with one.

    `2.については` goes on with a particle, and is a sentence.
    """
    behind = note.text[match.end()]
    is_sentence = match[0][0].isdigit() and "\u3041" <= behind <= "\u309f"
    return match[0][0] != "#" and not behind.isascii() and not is_sentence


def _is_between_entries(note: Note, block: Block, match: re.Match[str]) -> bool:
    """Return whether a paragraph stands beside an entry with the same marker in the same column."""
    number = bisect_left(note.entries, match.start(), key=lambda entry: entry.marker.start)
    at, mark = compute_column(note, match.start()), match[0][-1]
    for entry in (*note.entries[max(number - 1, 0) : number], *note.entries[number : number + 1]):
        same = note.text[entry.marker.end - 1] == mark and compute_column(note, entry.marker.start) == at
        first, last = sorted((Span(entry.place.start, entry.place.end), Span(block.place.start, block.place.end)))
        if same and not note.text[first.end : last.start].strip():
            return True
    return False


def _make_problem(note: Note, marker: str, place: Span, space: Span, found: str, *related: RelatedSpan) -> Problem:
    what = "a heading" if marker[0] == "#" else "a list marker"
    how = f"followed by {found}" if found else "without a space"
    safe = marker[0] == "#" or not re.compile(_HIDING).match(note.text, space.end)
    return Problem(
        place,
        f"`{marker}` {how} is not {what}",
        label="not an ordinary space" if found else "no space",
        related=related,
        help="put one ordinary space after it",
        fix=Fix("put one ordinary space after it", (Edit(space, " "),), safe),
    )


def _can_begin_block(note: Note, block: Block, index: int) -> bool:
    """Return whether line `index` of a paragraph would begin an entry or a heading if its marker were right.

    The first line does; another does unless it is indented by four columns more than its container.
    """
    if index == 0:
        return True
    start = block.texts[index].start
    at = compute_column(note, start)
    marks = note.text[note.lines.find_start(start) : start].count(">")
    if block.quotes and marks:
        return marks == block.quotes and at <= compute_column(note, note.text.rindex(">", 0, start) + 1) + 4
    if block.quotes:
        return at < 4
    outer = block.entry
    while outer >= 0 and at < compute_content_column(note, outer):  # the line would leave this entry
        outer = note.entries[outer].parent
    return at < compute_content_column(note, outer) + 4


def _find_entry_above(note: Note, block: Block, start: int, end: int) -> int:
    """Return the entry around the marker at `start` whose own marker has the same kind and column; -1 without one."""
    index, at = block.entry, compute_column(note, start)
    while index >= 0:
        entry = note.entries[index]
        if note.text[entry.marker.end - 1] == note.text[end - 1] and compute_column(note, entry.marker.start) == at:
            return index
        index = entry.parent
    return -1


def _find_list_below(note: Note, offset: int) -> int:
    """Return the list whose entry begins in the line below `offset`; -1 without one."""
    line = note.lines.find_line(offset) + 1
    if line >= len(note.lines):
        return -1
    index = bisect_left(note.entries, note.lines.starts[line], key=lambda entry: entry.marker.start)
    below = note.entries[index : index + 1]
    return below[0].list if below and below[0].marker.start < note.lines.ends[line] else -1
