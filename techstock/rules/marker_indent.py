"""Ordinary spaces indent a marker.

Markdown knows no other indentation than spaces and tabs. Behind an ideographic space (U+3000), a no-break space or one
of the typographic spaces a marker is text: the entry joins the paragraph above it, the heading is no heading.

```markdown bad
- 待避: 新しい要求を受けない状態。
\u3000- 復旧: 止まった仕事を再び始めること。
```

```markdown bad
\u00a0\u00a0## 復旧
```

```markdown good
- 待避: 新しい要求を受けない状態。
  - 復旧: 止まった仕事を再び始めること。

## 復旧
```

Paragraphs whose first line is indented by U+3000, as Japanese books do, and `・` are text and meant to be.

```markdown good
\u3000新しい要求を受けない状態を待避という。
\u3000・待避
\u3000・復旧
```

The fix is safe where the marker begins a list at the left margin.
"""

import re
from collections.abc import Iterator

from techstock.analysis.entries import compute_column
from techstock.model import Block, Edit, Fix, Note, Problem, Span
from techstock.text.unicode_names import describe_character

_ODD = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_INDENTED = rf"[ \t>]*([ \t]*[{_ODD}][ \t{_ODD}]*)([-*+]|[0-9]{{1,9}}[.)]|#{{1,6}})[ \t{_ODD}]+(?=[^\s{_ODD}])"
_ANY = rf"(?m)^[ \t>]*[{_ODD}][ \t{_ODD}]*[-*+#0-9]"
_RULE = r"[-*_+\s]+"


def check(note: Note) -> Iterator[Problem]:
    # One class is searched faster than a pattern that begins at every line, and most notes have no such character.
    if note.text.isascii() or not re.search(f"[{_ODD}]", note.text) or not re.search(_ANY, note.text):
        return
    for block in note.blocks:
        if block.kind == "paragraph":
            matches = [match for text in block.texts if (match := _match_line(note, text))]
            widths = [_measure(match[1]) for match in matches]
            for match, width in zip(matches, widths, strict=True):
                yield _make_problem(note, block, match, width - min(widths), len(set(widths)) == 1)


def _match_line(note: Note, text: Span) -> re.Match[str] | None:
    match = re.compile(_INDENTED).match(note.text, note.lines.find_start(text.start), text.end)
    return match if match and not re.fullmatch(_RULE, note.text[match.start(2) : text.end]) else None


def _measure(blanks: str) -> int:
    """Return the width of blanks in columns."""
    return sum(2 if character == "\u3000" else 1 for character in blanks.expandtabs(4))


def _make_problem(note: Note, block: Block, match: re.Match[str], deeper: int, flat: bool) -> Problem:
    marker, blanks = match[2], Span(*match.span(1))
    odd = next(character for character in match[1] if character not in " \t")
    what = "a heading" if marker[0] == "#" else "a list marker"
    return Problem(
        Span(blanks.start, match.end(2)),
        f"`{marker}` behind {describe_character(odd)} is not {what}",
        label="not indented by ordinary spaces",
        help="indent it with ordinary spaces, or not at all",
        fix=_make_fix(note, block, blanks, deeper, safe=flat and marker[0] != "#"),
    )


def _make_fix(note: Note, block: Block, blanks: Span, deeper: int, *, safe: bool) -> Fix:
    """Return a fix that writes ordinary spaces: as many as the marker is indented deeper than the others beside it."""
    width = deeper
    if block.entry >= 0:
        content = compute_column(note, note.entries[block.entry].head.start)
        width = min(_measure(blanks.extract_from(note.text)), content + 2)
    return Fix("write ordinary spaces", (Edit(blanks, " " * width),), safe and block.entry < 0 and not block.quotes)
