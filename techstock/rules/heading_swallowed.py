"""Markdown reads every heading as one.

A heading needs a line of its own, at the left. Four things take it away, and its section with it, without a sign on
the screen: indentation below a list makes it a part of the last entry, indentation below a paragraph makes it text,
HTML runs on to the next blank line, and a heading right after an image is the rest of that line.

```markdown bad
# 復習

## 52.

- 待避: 新しい要求を受けない状態。

  ## 53.

- 復旧: 止まった仕事を再び始めること。
```

```markdown bad
<img width="400" alt="図" src="https://example.org/flow.png">
## 53.
```

```markdown bad
<img width="400" alt="図" src="https://example.org/flow.png"># 復習
```

```markdown good
# 復習

<img width="400" alt="図" src="https://example.org/flow.png">

## 53.

- 復旧: 止まった仕事を再び始めること。
```

Headings inside entries can be deliberate. One on the line of the list marker always is, and so is one in an entry that
begins with a heading, in a numbered list (steps) or in a quotation. Elsewhere an indented heading is reported where its
level is that of headings outside lists, or where it carries a section number.

```markdown good
## 手順

- #### 準備

  ##### 確認

1. 切り替える。

   ## 注意
```

A single `#` inside a paragraph can be a comment of a shell and is not reported.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator

from techstock.model import ERROR, Block, Edit, Fix, Heading, Note, Problem, RelatedSpan, Span
from techstock.text.html_entities import is_plain_html

LEVEL = ERROR

_OPENINGS = frozenset("<![")  # of what could stand before it
_LINE = r"[ \t>]*(#{1,6}[ \t]+[^\s#][^\r\n]*)"
_TEXT = r"#{2,6}[ \t]+[^\s#]"
_GLUED = r"#{1,6}[ \t]+[^\s#]|[ \t]+#{2,6}[ \t]+[^\s#]"


def check(note: Note) -> Iterator[Problem]:
    if "#" in note.text:
        yield from _find_in_entries(note)
        for block in note.blocks:
            if note.text.find("#", block.place.start, block.place.end) < 0:
                continue
            if block.kind == "html":
                yield from _find_in_html(note, block)
            elif block.kind == "paragraph" and block.texts:
                if len(block.texts) > 1:
                    yield from _find_in_paragraph(note, block)
                if note.text[block.texts[0].start] in _OPENINGS:
                    yield from _find_after_image(note, block)


def _find_in_entries(note: Note) -> Iterator[Problem]:
    outside = {heading.level for heading in note.headings if heading.entry < 0}
    for heading in note.headings:
        if heading.entry < 0 or note.blocks[heading.block].quotes:
            continue
        start = note.lines.find_start(heading.place.start)
        numbered = note.is_numbered and heading.numeral is not None and heading.level == note.section_level
        if note.entries[heading.entry].marker.start >= start or not (numbered or heading.level in outside):
            continue
        if _is_deliberate(note, heading, numbered):
            continue
        yield Problem(
            heading.place,
            "indented, this heading is part of the list entry above",
            label="swallowed by the list",
            related=(RelatedSpan(note.trim_to_first_line(note.entries[heading.entry].place), "this entry holds it"),),
            help="remove the space before it",
            fix=Fix("remove the space before it", (Edit(Span(start, heading.place.start), ""),), safe=False),
        )


def _is_deliberate(note: Note, heading: Heading, numbered: bool) -> bool:
    """Return whether an entry around the heading begins with a heading itself, or is a numbered step."""
    index = heading.entry
    while index >= 0:
        entry = note.entries[index]
        if entry.opens == "heading" or (entry.ordered and not numbered):
            return True
        index = entry.parent
    return False


def _find_in_html(note: Note, block: Block) -> Iterator[Problem]:
    if not is_plain_html(block.place.extract_from(note.text)):
        return
    first = note.lines.find_line(block.place.start) + 1
    for line in range(first, note.lines.find_line(block.place.end - 1) + 1):
        match = re.compile(_LINE).match(note.text, note.lines.starts[line], note.lines.ends[line])
        if match:
            start = Span(block.place.start, note.lines.ends[first - 1])
            yield Problem(
                Span(*match.span(1)),
                "this heading is text: only a blank line ends the HTML above",
                label="swallowed by HTML",
                related=(RelatedSpan(start, "the HTML begins here"),),
                help="put a blank line before it",
            )


def _find_in_paragraph(note: Note, block: Block) -> Iterator[Problem]:
    for text in block.texts[1:]:
        if re.compile(_TEXT).match(note.text, text.start, text.end):
            yield Problem(
                text,
                "indented too far, this heading is text of the paragraph above",
                label="swallowed by the paragraph",
                help="remove the space before it",
            )


def _find_after_image(note: Note, block: Block) -> Iterator[Problem]:
    start = at = block.texts[0].start
    for index in range(bisect_left(note.span_starts, at), len(note.spans)):
        span = note.spans[index]
        if span.place.start > at:
            break
        if span.place.start == at and span.kind in ("html", "image"):
            at = span.place.end
    match = re.compile(_GLUED).match(note.text, at, block.texts[0].end) if at > start else None
    if match:
        behind = Span(at, block.texts[0].end)
        alone = block.entry < 0 and not block.quotes
        fix = Fix("begin a new paragraph", (Edit(Span(at, at), "\n\n"),), safe=False)
        yield Problem(
            behind,
            "this heading is text: there is something before it",
            label="not at the start of a line",
            help="give it a line of its own, with a blank line before it",
            fix=fix if alone else None,
        )
